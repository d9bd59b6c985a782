import { Anchor, Button, Group, SegmentedControl, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy } from 'react';
import { Link } from 'react-router';
import { licenses } from '../api/client';
import { CALM } from '../api/queries';
import { useMay } from '../api/session';
import { useFilters } from '../components/filters';
import { Page, Section } from '../components/page';
import { usePaged } from '../components/paged';
import { PoolBar } from '../components/pool-bar';
import { Empty, Of } from '../components/states';
import { Status } from '../components/status';
import { DataTable } from '../components/table';
import { Time } from '../components/time';
import { AskForLicences } from './licenses/ask-for-licences';
import { RegisterPool } from './licenses/register-pool';
import { RegisterServer } from './licenses/register-server';
import { RequestState } from './licenses/request-state';

const Denials = lazy(async () => ({ default: (await import('./licenses/denials')).Denials }));

/** Purchases, license servers, and the files that are on their way between them. */
export function Licenses() {
  const operator = useMay('operator');
  const [asking, ask] = useDisclosure();
  const [registering, register] = useDisclosure();
  const [adding, add] = useDisclosure();
  const [filters, setFilter] = useFilters(['hours']);
  const hours = filters.hours === '168' ? 168 : 24;

  const pools = usePaged(
    ['pools'],
    async (after) => (await licenses.GET('/api/v1/pools', { params: { query: { limit: 100, ...(after ? { after } : {}) } } })).data!,
    CALM,
  );
  const servers = usePaged(
    ['license-servers'],
    async (after) => (await licenses.GET('/api/v1/license-servers', { params: { query: { limit: 100, ...(after ? { after } : {}) } } })).data!,
    CALM,
  );
  const requests = useQuery({
    queryKey: ['activation-requests'],
    queryFn: async () => (await licenses.GET('/api/v1/activation-requests', { params: { query: { limit: 50 } } })).data!,
    refetchInterval: CALM,
  });
  const nameOf = (id: string) => servers.items?.find((server) => server.licenseServerId === id)?.name ?? id;

  return (
    <Page
      title="Licences"
      intro="Every licence of a purchase is free, on one server, on its way, or lost: the counts always add up."
      actions={
        operator && (
          <>
            <Button onClick={ask.open}>Ask for licences</Button>
            <Button variant="default" onClick={register.open}>
              Register a purchase
            </Button>
            <Button variant="default" onClick={add.open}>
              Register a license server
            </Button>
          </>
        )
      }
    >
      <Section title="Purchases">
        <Of query={{ ...pools, data: pools.items }} what="purchases">
          {(rows) =>
            rows.length === 0 ? (
              <Empty title="No purchase is known">Register one with the activation code that the vendor sent, exactly as it was sent.</Empty>
            ) : (
              <DataTable
                caption="Purchases"
                rows={rows}
                keyOf={(pool) => pool.activationCode}
                columns={[
                  {
                    header: 'Activation code',
                    width: '20%',
                    cell: (pool) => (
                      <>
                        <span className="mono">{pool.activationCode}</span>
                        <Text size="xs" c="dimmed">
                          {pool.feature}
                          {pool.authority ? `, allotted by ${pool.authority}` : ''}
                        </Text>
                      </>
                    ),
                  },
                  { header: 'Licences', width: '5%', number: true, cell: (pool) => pool.seats },
                  { header: 'Where they are', cell: (pool) => <PoolBar pool={pool} /> },
                  {
                    header: 'Ends',
                    width: '15%',
                    cell: (pool) =>
                      pool.expired ? (
                        <Status word="expired" />
                      ) : (
                        <>
                          <Time at={pool.expiresAt} as="ago" />
                          {Date.parse(pool.expiresAt) - Date.now() < 30 * 86_400_000 && <Status word="expiring" tone="wait" label="soon" />}
                        </>
                      ),
                  },
                ]}
              />
            )
          }
        </Of>
        {pools.hasNextPage && (
          <Button variant="default" mt="sm" onClick={() => void pools.fetchNextPage()} loading={pools.isFetchingNextPage}>
            More purchases
          </Button>
        )}
      </Section>

      <Section title="License servers">
        <Of query={{ ...servers, data: servers.items }} what="license servers">
          {(rows) =>
            rows.length === 0 ? (
              <Empty title="No license server is known">Register one; agents are told to ask it for their licences.</Empty>
            ) : (
              <DataTable
                caption="License servers"
                rows={rows}
                keyOf={(server) => server.licenseServerId}
                columns={[
                  {
                    header: 'Name',
                    cell: (server) => (
                      <Anchor component={Link} to={`/licenses/servers/${server.licenseServerId}`}>
                        {server.name}
                      </Anchor>
                    ),
                  },
                  { header: 'Kind', cell: (server) => server.kind },
                  {
                    header: 'Health',
                    cell: (server) =>
                      server.retiredAt ? (
                        <Status word="retired" />
                      ) : server.health ? (
                        <Status word={server.health} tone={server.health === 'up' ? 'ok' : server.health === 'down' ? 'bad' : 'off'} />
                      ) : (
                        <Text size="sm" c="dimmed">
                          counted here
                        </Text>
                      ),
                  },
                  { header: 'Address', cell: (server) => server.address ?? '–' },
                  { header: 'Registered', cell: (server) => <Time at={server.registeredAt} as="ago" /> },
                ]}
              />
            )
          }
        </Of>
        {servers.hasNextPage && (
          <Button variant="default" mt="sm" onClick={() => void servers.fetchNextPage()} loading={servers.isFetchingNextPage}>
            More license servers
          </Button>
        )}
      </Section>

      <Section title="Requests and their answers">
        <Of query={requests} what="requests">
          {({ items = [] }) =>
            items.length === 0 ? (
              <Empty title="No file is on its way">Where a vendor’s portal or an authority allots the licences, ask for them here.</Empty>
            ) : (
              <DataTable
                caption="Requests for licences, newest first"
                rows={items}
                keyOf={(request) => request.requestId}
                columns={[
                  {
                    header: 'For',
                    cell: (request) => (
                      <Anchor component={Link} to={`/licenses/requests/${request.requestId}`}>
                        {request.total} of {request.activationCode} on {nameOf(request.licenseServerId)}
                      </Anchor>
                    ),
                  },
                  { header: 'State', cell: (request) => <RequestState state={request.state} /> },
                  { header: 'Made by', cell: (request) => request.madeBy },
                  { header: 'Made', cell: (request) => <Time at={request.madeAt} as="ago" /> },
                  { header: 'Answer good until', cell: (request) => <Time at={request.state === 'answered' ? request.responseExpiresAt : null} as="ago" /> },
                ]}
              />
            )
          }
        </Of>
      </Section>

      <Section
        title="Refused sessions"
        aside={
          <SegmentedControl
            size="xs"
            aria-label="Span of time"
            data={[
              { value: '24', label: '24 hours' },
              { value: '168', label: '7 days' },
            ]}
            value={String(hours)}
            onChange={(value) => setFilter('hours', value === '24' ? '' : value)}
          />
        }
      >
        <div style={{ minHeight: 260 }}>
          <Suspense fallback={null}>
            <Denials hours={hours} />
          </Suspense>
        </div>
      </Section>

      <Group>
        <AskForLicences opened={asking} onClose={ask.close} servers={servers.items ?? []} pools={pools.items ?? []} />
        <RegisterPool opened={registering} onClose={register.close} />
        <RegisterServer opened={adding} onClose={add.close} />
      </Group>
    </Page>
  );
}
