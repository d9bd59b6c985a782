import { Button, Group, Stack, Text } from '@mantine/core';
import { IconKey, IconRadar2 } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useParams } from 'react-router';
import { inventory } from '../api/client';
import { useMay } from '../api/session';
import type { Host } from '../api/types';
import { Page, Section } from '../components/page';
import { Of, ProblemAlert } from '../components/states';
import { Time } from '../components/time';
import { AcceptKey } from '../estate/accept-key';
import { HostDialog } from '../estate/host-dialog';
import { HostState } from '../estate/host-state';
import { useHost } from '../estate/queries';
import { Retire } from '../estate/retire';
import { HostAlerts } from './host/alerts';
import { History } from './host/history';
import { Access, Machine } from './host/machine';
import { Many } from './host/many';
import { Products } from './host/products';

/** One host: what people say of it, what was found on it and when, and what it needs. */
export function HostPage() {
  const { id = '' } = useParams();
  const client = useQueryClient();
  const operator = useMay('operator');
  const [open, setOpen] = useState<'key' | 'change' | 'retire' | null>(null);
  // the end of the last probe when another was asked for: once that changes, the answer is there
  const [asked, setAsked] = useState<{ before: string | null } | null>(null);
  const query = useHost(id, asked !== null);
  const host = query.data?.value;

  useEffect(() => {
    if (!asked || !host || (host.probedAt ?? null) === asked.before) return;
    setAsked(null);
    void client.invalidateQueries({ queryKey: ['inventory', 'facts', id] });
  }, [asked, host, client, id]);

  const probed = () => setAsked({ before: host?.probedAt ?? null });
  const probe = useMutation({
    mutationFn: (updates: boolean) => inventory.POST('/api/v1/hosts/{id}/probes', { params: { path: { id }, query: { updates } } }),
    onSuccess: probed,
  });
  const close = () => setOpen(null);
  const live = host !== undefined && host.status !== 'retired';

  return (
    <Page
      title={host?.name ?? 'Host'}
      intro={
        host && (
          <Group gap="sm">
            <HostState host={host} soft />
            <span>
              {host.address}:{host.port}
            </span>
            <span>{host.seenAt ? <>seen <Time at={host.seenAt} as="ago" /></> : 'never seen'}</span>
          </Group>
        )
      }
      actions={
        operator &&
        live && (
          <>
            {host.presentedHostKey && (
              <Button color={host.hostKey ? 'red.9' : undefined} leftSection={<IconKey size={16} aria-hidden />} onClick={() => setOpen('key')}>
                Accept key
              </Button>
            )}
            <Button
              variant="default"
              leftSection={<IconRadar2 size={16} aria-hidden />}
              loading={probe.isPending || asked !== null}
              onClick={() => probe.mutate(true)}
            >
              Probe now
            </Button>
            <Button variant="default" onClick={() => setOpen('change')}>
              Change
            </Button>
            <Button variant="default" onClick={() => setOpen('retire')}>
              Retire
            </Button>
          </>
        )
      }
    >
      <Text size="sm" role="status" className={asked ? 'status' : 'visually-hidden'} data-tone="run" data-soft={asked ? true : undefined}>
        {asked ? 'The probe is asked for. What it finds appears here by itself.' : ''}
      </Text>
      {probe.isError && <ProblemAlert error={probe.error} />}
      <Of query={query} what="facts of the host" rows={12}>
        {({ value }) => (
          <Stack gap="md">
            <HostAlerts host={value} operator={operator} acceptKey={() => setOpen('key')} />
            <div className="columns">
              <Machine host={value} />
              <Stack gap="md">
                <Access host={value} />
                <Products host={value} />
              </Stack>
            </div>
            {value.facts && <Facts facts={value.facts} />}
          </Stack>
        )}
      </Of>
      {host && <History id={id} />}
      {host && query.data && (
        <>
          <AcceptKey host={host} opened={open === 'key'} onClose={close} onAccepted={probed} />
          <HostDialog opened={open === 'change'} onClose={close} of={query.data} onDone={probed} />
          <Retire
            what="host"
            name={host.name}
            opened={open === 'retire'}
            onClose={close}
            retire={(body) => inventory.POST('/api/v1/hosts/{id}/retirement', { params: { path: { id } }, body })}
          >
            It is taken out of the inventory and probed no more; what was found on it stays readable. Its name and address are free for another
            host. This is refused while it is a member of a deployment.
          </Retire>
        </>
      )}
    </Page>
  );
}

function Facts({ facts }: { facts: NonNullable<Host['facts']> }) {
  return (
    <Section title="Facts">
      <Stack gap="xs">
        <Many title={`Packages (${Object.keys(facts.packages).length})`} pairs={facts.packages} />
        <Many title={`Units (${Object.keys(facts.units).length})`} pairs={facts.units} />
        <Text size="sm">
          <b>Open ports:</b> {facts.ports.length > 0 ? facts.ports.join(', ') : 'none'}
        </Text>
      </Stack>
    </Section>
  );
}
