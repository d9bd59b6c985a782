import { Anchor, Button, Group, NativeSelect, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { agents, licenses } from '../api/client';
import { CALM } from '../api/queries';
import { Clause } from '../components/clause';
import { useFilters } from '../components/filters';
import { Page, Section } from '../components/page';
import { usePaged } from '../components/paged';
import { Empty, Loading, Of } from '../components/states';
import { Status } from '../components/status';
import { DataTable } from '../components/table';
import { Left, Time } from '../components/time';

const GraceBars = lazy(async () => ({ default: (await import('./agents/grace-bars')).GraceBars }));

/** Who can work, who works on borrowed time, and who would be refused if a license server went away. */
export function Agents() {
  const [filters, setFilter] = useFilters(['server']);
  const servers = useQuery({
    queryKey: ['license-servers', 'all'],
    queryFn: async () => (await licenses.GET('/api/v1/license-servers', { params: { query: { limit: 200 } } })).data!,
    refetchInterval: CALM,
  });
  const summary = useQuery({
    queryKey: ['grace-summary', filters.server],
    queryFn: async () =>
      (await agents.GET('/api/v1/grace-summary', { params: { query: filters.server ? { licenseServerId: filters.server } : {} } })).data!,
    refetchInterval: CALM,
    placeholderData: (before) => before,
  });
  const alerts = useQuery({ queryKey: ['alerts'], queryFn: async () => (await agents.GET('/api/v1/alerts')).data!, refetchInterval: CALM });
  const list = usePaged(
    ['agents', filters.server],
    async (after) =>
      (
        await agents.GET('/api/v1/agents', {
          params: { query: { limit: 100, ...(filters.server ? { licenseServerId: filters.server } : {}), ...(after ? { after } : {}) } },
        })
      ).data!,
    CALM,
  );
  const chosen = servers.data?.items?.filter((server) => !server.retiredAt && (!filters.server || server.licenseServerId === filters.server)) ?? [];
  const nameOf = (id: string) => servers.data?.items?.find((server) => server.licenseServerId === id)?.name ?? id;

  return (
    <Page
      title="Agents"
      intro="An agent that cannot validate its licence works on for seven days; then its sessions are refused."
      actions={
        <NativeSelect
          aria-label="License server"
          value={filters.server}
          onChange={(e) => setFilter('server', e.currentTarget.value)}
          data={[
            { value: '', label: 'All license servers' },
            ...(servers.data?.items ?? []).map((server) => ({ value: server.licenseServerId, label: server.name })),
          ]}
        />
      }
    >
      {(alerts.data?.items ?? []).map((alert) => (
        <Section
          key={alert.alertId}
          title={`Incident: ${nameOf(alert.subjectId)}`}
          aside={<Status word={alert.severity} tone={alert.severity === 'critical' ? 'bad' : 'wait'} soft />}
        >
          <Stack gap={4}>
            <Text size="sm">{alert.summary}</Text>
            <Text size="sm" fw={600}>
              {alert.next}
            </Text>
            <Text size="xs" c="dimmed">
              Since <Time at={alert.raisedAt} as="ago" />; {alert.agentsInGrace} in grace, {alert.agentsRefused} refused. <Clause id={alert.clause} />
            </Text>
          </Stack>
        </Section>
      ))}

      <Section title="Where the agents stand">
        <Of query={summary} what="counts" rows={8}>
          {(counts) => (
            <Stack>
              <SimpleGrid cols={{ base: 2, sm: 5 }}>
                <Count label="Agents" value={counts.agents} />
                <Count label="Licensed" value={counts.licensed} tone="ok" />
                <Count label="In grace" value={counts.inGrace} tone={counts.inGrace > 0 ? 'wait' : 'off'} />
                <Count label="Grace over: refused" value={counts.expired} tone={counts.expired > 0 ? 'bad' : 'off'} />
                <Count label="Never licensed: refused" value={counts.neverLicensed} tone={counts.neverLicensed > 0 ? 'bad' : 'off'} />
              </SimpleGrid>
              <div style={{ minHeight: 240 }}>
                {counts.inGrace === 0 ? (
                  <Empty title="No agent is in grace">Every agent that ever had a licence could validate it the last time, or its grace is over.</Empty>
                ) : (
                  <Suspense fallback={<Loading what="chart" rows={5} />}>
                    <GraceBars remaining={counts.remaining} />
                  </Suspense>
                )}
              </div>
            </Stack>
          )}
        </Of>
      </Section>

      <Coverage servers={chosen} loaded={servers.data !== undefined} />

      <Section title="All agents">
        <Of query={{ ...list, data: list.items }} what="agents">
          {(rows) =>
            rows.length === 0 ? (
              <Empty title="No agent is known">Agents are registered by API, or by the first session that they ask for.</Empty>
            ) : (
              <DataTable
                caption="Agents by name"
                rows={rows}
                keyOf={(agent) => agent.agentId}
                columns={[
                  {
                    header: 'Name',
                    cell: (agent) => (
                      <Anchor component={Link} to={`/agents/${agent.agentId}`}>
                        {agent.name}
                      </Anchor>
                    ),
                  },
                  { header: 'State', cell: (agent) => <Status word={agent.state} /> },
                  { header: 'Grace left', cell: (agent) => (agent.state === 'in-grace' && agent.graceEndsAt ? <Left until={agent.graceEndsAt} /> : '–') },
                  { header: 'License server', cell: (agent) => nameOf(agent.licenseServerId) },
                  {
                    header: 'Version',
                    cell: (agent) =>
                      agent.versionUnsupported ? (
                        <span title={agent.versionUnsupported}>
                          <Status word="old" tone="wait" label={agent.version ?? 'old'} />
                        </span>
                      ) : (
                        (agent.version ?? '–')
                      ),
                  },
                  { header: 'Last licensed', cell: (agent) => <Time at={agent.lastLicensedAt} as="ago" /> },
                ]}
              />
            )
          }
        </Of>
        {list.hasNextPage && (
          <Button variant="default" mt="sm" onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
            More agents
          </Button>
        )}
      </Section>
    </Page>
  );
}

function Count({ label, value, tone = 'off' }: { label: string; value: number; tone?: 'ok' | 'wait' | 'bad' | 'off' }) {
  return (
    <div>
      <Text size="xl" fw={700} style={{ fontVariantNumeric: 'tabular-nums' }}>
        {value.toLocaleString()}
      </Text>
      <span className="wrapping">
        <Status word={label} tone={tone} />
      </span>
    </div>
  );
}

/** For each license server: who could not work to the end if it went away for so long from now. */
function Coverage({ servers, loaded }: { servers: { licenseServerId: string; name: string }[]; loaded: boolean }) {
  const [hours, setHours] = useState<number | string>(2);
  const [asked] = useDebouncedValue(hours, 300);
  return (
    <Section
      title="If a license server went away now"
      aside={
        <Group gap="xs">
          <Text size="sm" component="label" htmlFor="outage-hours">
            for hours:
          </Text>
          <NumberInput id="outage-hours" w={90} size="xs" min={0} max={8760} value={hours} onChange={setHours} />
        </Group>
      }
    >
      {!loaded ? (
        <Loading what="license servers" rows={3} />
      ) : servers.length === 0 ? (
        <Empty title="No license server is known">
          <Anchor component={Link} to="/licenses">
            Register one
          </Anchor>
          ; agents name theirs.
        </Empty>
      ) : (
        <Stack>
          {servers.map((server) => (
            <ServerCoverage key={server.licenseServerId} id={server.licenseServerId} name={server.name} hours={Number(asked) || 0} />
          ))}
        </Stack>
      )}
    </Section>
  );
}

const SHOWN = 20;

function ServerCoverage({ id, name, hours }: { id: string; name: string; hours: number }) {
  const [open, setOpen] = useState(false);
  const coverage = useQuery({
    queryKey: ['coverage', id, hours, open],
    queryFn: async () =>
      (
        await agents.GET('/api/v1/coverage', {
          params: {
            query: { licenseServerId: id, from: new Date().toISOString(), outageSeconds: Math.round(hours * 3600), refused: true, limit: open ? SHOWN : 1 },
          },
        })
      ).data!,
    refetchInterval: CALM,
    placeholderData: (before) => before,
  });
  return (
    <Of query={coverage} what={`coverage of ${name}`} rows={1}>
      {(found) => (
        <div>
          <Group justify="space-between">
            <div>
              <Text fw={600}>{name}</Text>
              <Text size="sm" c="dimmed">
                {found.agents === 0
                  ? 'No agent depends on it.'
                  : `${found.agents - found.runOut} of ${found.agents} agents work on to the end.`}{' '}
                {found.coveredUntil && (
                  <>
                    The first runs out of grace <Time at={found.coveredUntil} as="ago" />.
                  </>
                )}
              </Text>
            </div>
            {found.runOut > 0 ? (
              <Group gap="xs">
                <Status word="refused" tone="bad" label={`${found.runOut} would be refused`} soft />
                <Button size="xs" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
                  {open ? 'Hide them' : 'Who'}
                </Button>
              </Group>
            ) : (
              <Status word="covered" tone="ok" label="nobody would be refused" soft />
            )}
          </Group>
          {open && found.runOut > 0 && (
            <>
              <DataTable
                caption={`Agents of ${name} that would be refused`}
                rows={found.items}
                keyOf={(agent) => agent.agentId}
                columns={[
                  {
                    header: 'Agent',
                    cell: (agent) => (
                      <Anchor component={Link} to={`/agents/${agent.agentId}`}>
                        {agent.name}
                      </Anchor>
                    ),
                  },
                  { header: 'Because', cell: (agent) => agent.because ?? '–' },
                  { header: 'Works until', cell: (agent) => (agent.coveredUntil ? <Time at={agent.coveredUntil} /> : 'refused at once') },
                ]}
              />
              {found.runOut > found.items.length && (
                <Text size="sm" c="dimmed" mt="xs">
                  The first {found.items.length} of {found.runOut} are shown; <span className="mono">interlock agents coverage</span> lists all.
                </Text>
              )}
            </>
          )}
        </div>
      )}
    </Of>
  );
}
