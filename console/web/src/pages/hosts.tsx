import { Button, Group, Text } from '@mantine/core';
import { IconFileImport, IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { given, inventory } from '../api/client';
import { CALM, LIVE } from '../api/queries';
import { useMay } from '../api/session';
import type { Host } from '../api/types';
import { count } from '../components/count';
import { FilterBar, FilterSelect, FilterText } from '../components/filter-bar';
import { useFilters } from '../components/filters';
import { Page, Section } from '../components/page';
import { PagedList, usePaged } from '../components/paged';
import { Empty } from '../components/states';
import { DataTable } from '../components/table';
import { NameLink } from '../components/text-link';
import { Time } from '../components/time';
import { HostDialog } from '../estate/host-dialog';
import { HostState, Locked } from '../estate/host-state';
import { ImportDialog } from '../estate/import-dialog';
import { useLocked } from '../estate/queries';
import { hostStatuses, millis, products, productTitle } from '../estate/words';

/** All hosts, by name. */
export function Hosts() {
  const [filters, set] = useFilters(['q', 'status', 'product']);
  const [open, setOpen] = useState<'register' | 'import' | null>(null);
  const operator = useMay('operator');
  const navigate = useNavigate();
  const hosts = usePaged(
    ['inventory', 'hosts', filters],
    async (after, signal) => (await inventory.GET('/api/v1/hosts', { params: { query: given({ limit: 50, after, ...filters }) }, signal })).data!,
    // those that were just registered are looked at within seconds
    { every: (shown) => (shown.some((host) => host.status === 'new' && !host.trouble) ? LIVE : CALM) },
  );
  const filtered = filters.q !== '' || filters.status !== '' || filters.product !== '';
  const close = () => setOpen(null);

  return (
    <Page
      title="Hosts"
      intro="The machines of the estate: how they are reached, and what was found on them."
      actions={
        operator && (
          <>
            <Button variant="default" leftSection={<IconFileImport size={16} aria-hidden />} onClick={() => setOpen('import')}>
              Import
            </Button>
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen('register')}>
              Register a host
            </Button>
          </>
        )
      }
    >
      <FilterBar of="Hosts">
        <FilterText
          label="Search"
          placeholder="Part of a name or address"
          icon={<IconSearch size={16} aria-hidden />}
          value={filters.q}
          set={(q) => set('q', q)}
        />
        <FilterSelect
          label="Status"
          placeholder="All but retired"
          all="All statuses"
          data={hostStatuses.map(({ value, label }) => ({ value, label }))}
          value={filters.status}
          set={(status) => set('status', status)}
        />
        <FilterSelect label="Product" all="All products" data={products} value={filters.product} set={(product) => set('product', product)} />
      </FilterBar>
      <Section title={filtered ? 'Hosts found' : 'All hosts'}>
        <PagedList list={hosts} what="hosts" rows={10} shown={(n) => count(n, 'host')} empty={<NoHosts filtered={filtered} operator={operator} />}>
          {(items) => <HostTable hosts={items} />}
        </PagedList>
      </Section>
      <HostDialog opened={open === 'register'} onClose={close} onDone={(id) => void navigate(`/hosts/${id}`)} />
      <ImportDialog opened={open === 'import'} onClose={close} />
    </Page>
  );
}

function NoHosts({ filtered, operator }: { filtered: boolean; operator: boolean }) {
  if (filtered) return <Empty title="No host is like that">Take a filter away, or search for another part of the name.</Empty>;
  return (
    <Empty title="There are no hosts yet">
      {operator ? 'Register the first one, or import a CSV file or an Ansible inventory.' : 'Somebody with the role operator registers or imports them.'}
    </Empty>
  );
}

function HostTable({ hosts }: { hosts: Host[] }) {
  const locked = useLocked();
  return (
    <DataTable
      caption="Hosts by name"
      rows={hosts}
      keyOf={(host) => host.hostId}
      columns={[
        {
          header: 'Host',
          width: '14rem',
          cell: (host) => (
            <>
              <NameLink to={`/hosts/${host.hostId}`}>{host.name}</NameLink>
              <Text size="xs" c="dimmed">
                {host.address}:{host.port}
              </Text>
            </>
          ),
        },
        {
          header: 'Status',
          cell: (host) => (
            <Group gap="xs">
              <HostState host={host} />
              <Locked step={locked.get(host.hostId)} />
              {host.trouble && (
                <Text size="xs" c="dimmed" w="100%" maw="22rem" style={{ flex: 'none' }}>
                  {host.trouble.detail}
                </Text>
              )}
            </Group>
          ),
        },
        {
          header: 'Products',
          cell: (host) =>
            host.components.length === 0
              ? '–'
              : host.components.map((c) => (
                  <div key={c.product}>
                    {productTitle(c.product)} <b>{c.version}</b>
                  </div>
                )),
        },
        { header: 'System', cell: (host) => (host.osName ? `${host.osName} ${host.osVersion ?? ''}` : '–') },
        {
          header: 'Clock',
          number: true,
          cell: (host) =>
            host.clock ? (
              <span className={host.clock.skewed ? 'status' : 'whole'} data-tone={host.clock.skewed ? 'bad' : undefined}>
                {millis(host.clock.offsetMillis)}
              </span>
            ) : (
              '–'
            ),
        },
        { header: 'Last seen', cell: (host) => <span className="whole"><Time at={host.seenAt} as="ago" /></span> },
      ]}
    />
  );
}
