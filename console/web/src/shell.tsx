import { ActionIcon, AppShell, Burger, Button, Group, Menu, NavLink, Text, useMantineColorScheme } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import {
  IconBook2, IconCertificate, IconChevronDown, IconClipboardList, IconDeviceDesktop, IconGauge, IconHistory, IconMailOff, IconMoon, IconPlayerPlay,
  IconServer2, IconSitemap, IconSun, IconSunMoon,
} from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { Link, Outlet, useLocation } from 'react-router';
import { useMay, useSession, useSignOut } from './api/session';
import { ProblemAlert } from './components/states';
import { viewersZone } from './components/time';
import { SignIn } from './pages/sign-in';

const places = [
  { to: '/', label: 'Overview', icon: IconGauge },
  { to: '/hosts', label: 'Hosts', icon: IconServer2 },
  { to: '/deployments', label: 'Deployments', icon: IconSitemap },
  { to: '/plans', label: 'Plans', icon: IconClipboardList },
  { to: '/runs', label: 'Runs', icon: IconPlayerPlay },
  { to: '/licenses', label: 'Licences', icon: IconCertificate },
  { to: '/agents', label: 'Agents', icon: IconDeviceDesktop },
];

/** What only an administrator may see. */
const placesOfAdmins = [
  { to: '/audit', label: 'Audit', icon: IconHistory },
  { to: '/dead-letters', label: 'Dead letters', icon: IconMailOff },
];

/** What is around every page: who is signed in, where one can go. */
export function Shell() {
  const session = useSession();
  const [opened, menu] = useDisclosure();
  const admin = useMay('admin');
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const narrow = useMediaQuery('(max-width: 48em)');

  // A new page is said to screen readers, as a browser would say a new document.
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    menu.close();
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname, menu]);

  if (session.data === undefined) {
    return session.isError ? (
      <main style={{ maxWidth: 640, margin: '15vh auto', padding: '1rem' }}>
        <ProblemAlert error={session.error} retry={() => void session.refetch()} />
      </main>
    ) : null;
  }
  if (!session.data.signedIn) return <SignIn session={session.data} />;

  const here = (to: string) => (to === '/' ? pathname === '/' : pathname === to || pathname.startsWith(`${to}/`));
  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !opened } }} padding={narrow ? 'sm' : 'lg'}>
      <a className="skip" href="#content">
        Skip to the page
      </a>
      <AppShell.Header style={{ background: 'var(--interlock-surface)' }}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={menu.toggle} hiddenFrom="sm" size="sm" aria-label={opened ? 'Close the menu' : 'Open the menu'} />
            <img src="/favicon.svg" alt="" width={28} height={28} />
            <Text fw={700} size="lg">
              Interlock
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Colours />
            <Person subject={session.data.subject ?? ''} roles={session.data.roles ?? []} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" style={{ background: 'var(--interlock-surface)' }}>
        <nav aria-label="Main">
          {[...places, ...(admin ? placesOfAdmins : [])].map(({ to, label, icon: Icon }) => (
            <NavLink
              key={to}
              component={Link}
              to={to}
              label={label}
              leftSection={<Icon size={18} aria-hidden />}
              active={here(to)}
              aria-current={here(to) ? 'page' : undefined}
              variant="filled"
            />
          ))}
          <NavLink component="a" href="/docs/" label="Documentation" leftSection={<IconBook2 size={18} aria-hidden />} mt="md" />
        </nav>
        <Text size="xs" c="dimmed" mt="auto" p="xs">
          Times are in your zone, {viewersZone().replaceAll('_', ' ')}.
        </Text>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} ref={main} style={{ outline: 'none' }}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

function Colours() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choices = [
    { value: 'light', label: 'Light', icon: IconSun },
    { value: 'dark', label: 'Dark', icon: IconMoon },
    { value: 'auto', label: 'As the system', icon: IconSunMoon },
  ] as const;
  const Now = choices.find((choice) => choice.value === colorScheme)?.icon ?? IconSunMoon;
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Colours">
          <Now size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map(({ value, label, icon: Icon }) => (
          <Menu.Item key={value} leftSection={<Icon size={16} aria-hidden />} onClick={() => setColorScheme(value)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Person({ subject, roles }: { subject: string; roles: readonly string[] }) {
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden />} aria-label={`Signed in as ${subject}`} maw={220}>
          {subject}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Roles: {roles.join(', ') || 'none'}</Menu.Label>
        <Menu.Item onClick={() => signOut.mutate()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
