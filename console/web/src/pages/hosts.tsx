import { Anchor, Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFileImport, IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { inventory } from '../api/client';
import { CALM } from '../api/queries';
import { useMay } from '../api/session';
import { useFilters } from '../components/filters';
import { More } from '../components/more';
import { Page, Section } from '../components/page';
import { usePaged } from '../components/paged';
import { Empty, Of } from '../components/states';
import { DataTable } from '../components/table';
import { Time } from '../components/time';
import '../estate/estate.css';
import { HostDialog } from '../estate/host-dialog';
import { HostState, Locked } from '../estate/host-state';
import { ImportDialog } from '../estate/import-dialog';
import { useLocks } from '../estate/queries';
import { count, hostStatuses, millis, products, productTitle } from '../estate/words';

/** All hosts, by name. */
export function Hosts() {
  const [filters, set] = useFilters(['q', 'status', 'product']);
  const [typed, setTyped] = useState(filters.q);
  const search = useDebouncedCallback((q: string) => set('q', q.trim()), 250);
  const [registering, setRegistering] = useState(false);
  const [importing, setImporting] = useState(false);
  const operator = useMay('operator');
  const navigate = useNavigate();
  const locks = useLocks();
  const hosts = usePaged(
    ['inventory', 'hosts', filters],
    async (after) =>
      (
        await inventory.GET('/api/v1/hosts', {
          params: {
            query: {
              limit: 50,
              ...(after ? { after } : {}),
              ...(filters.q ? { q: filters.q } : {}),
              ...(filters.status ? { status: filters.status } : {}),
              ...(filters.product ? { product: filters.product } : {}),
            },
          },
        })
      ).data!,
    CALM,
  );
  const filtered = filters.q !== '' || filters.status !== '' || filters.product !== '';
  const locked = new Map((locks.data ?? []).map((lock) => [lock.hostId, lock.step]));

  return (
    <Page
      title="Hosts"
      intro="The machines of the estate: how they are reached, and what was found on them."
      actions={
        operator && (
          <>
            <Button variant="default" leftSection={<IconFileImport size={16} aria-hidden />} onClick={() => setImporting(true)}>
              Import
            </Button>
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setRegistering(true)}>
              Register a host
            </Button>
          </>
        )
      }
    >
      <div className="filters" role="search" aria-label="Hosts">
        <TextInput
          label="Search"
          placeholder="Part of a name or address"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          onChange={(e) => {
            setTyped(e.currentTarget.value);
            search(e.currentTarget.value);
          }}
        />
        <Select
          label="Status"
          placeholder="All but retired"
          clearable
          clearButtonProps={{ 'aria-label': 'All statuses' }}
          data={hostStatuses.map(({ value, label }) => ({ value, label }))}
          value={filters.status || null}
          onChange={(value) => set('status', value ?? '')}
        />
        <Select
          label="Product"
          placeholder="All"
          clearable
          clearButtonProps={{ 'aria-label': 'All products' }}
          data={products}
          value={filters.product || null}
          onChange={(value) => set('product', value ?? '')}
        />
      </div>
      <Section title={filtered ? 'Hosts found' : 'All hosts'}>
        <Of query={{ ...hosts, data: hosts.items }} what="hosts" rows={10}>
          {(items) =>
            items.length === 0 ? (
              filtered ? (
                <Empty title="No host is like that">Take a filter away, or search for another part of the name.</Empty>
              ) : (
                <Empty title="There are no hosts yet">
                  {operator
                    ? 'Register the first one, or import a CSV file or an Ansible inventory.'
                    : 'Somebody with the role operator registers or imports them.'}
                </Empty>
              )
            ) : (
              <>
                <DataTable
                  caption="Hosts by name"
                  rows={items}
                  keyOf={(host) => host.hostId}
                  columns={[
                    {
                      header: 'Host',
                      width: '14rem',
                      cell: (host) => (
                        <>
                          <Anchor component={Link} to={`/hosts/${host.hostId}`} fw={600}>
                            {host.name}
                          </Anchor>
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
                          {locked.has(host.hostId) && <Locked step={locked.get(host.hostId)!} />}
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
                <More
                  shown={count(items.length, 'host')}
                  has={hosts.hasNextPage}
                  loading={hosts.isFetchingNextPage}
                  load={() => void hosts.fetchNextPage()}
                />
              </>
            )
          }
        </Of>
      </Section>
      <HostDialog opened={registering} onClose={() => setRegistering(false)} onDone={(id) => void navigate(`/hosts/${id}`)} />
      <ImportDialog opened={importing} onClose={() => setImporting(false)} />
    </Page>
  );
}
