import { NativeSelect, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { agents, given, licenses } from '../api/client';
import { CALM } from '../api/queries';
import type { Agent } from '../api/types';
import { Clause } from '../components/clause';
import { count } from '../components/count';
import { useFilters } from '../components/filters';
import { Page, Section } from '../components/page';
import { PagedList, usePaged } from '../components/paged';
import { Empty, Loading, Of } from '../components/states';
import { Status } from '../components/status';
import { DataTable } from '../components/table';
import { NameLink } from '../components/text-link';
import { Left, Time } from '../components/time';
import { Coverage } from './agents/coverage';

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
      (await agents.GET('/api/v1/grace-summary', { params: { query: given({ licenseServerId: filters.server }) } })).data!,
    refetchInterval: CALM,
    placeholderData: (before) => before,
  });
  const alerts = useQuery({ queryKey: ['alerts'], queryFn: async () => (await agents.GET('/api/v1/alerts')).data!, refetchInterval: CALM });
  const list = usePaged(
    ['agents', filters.server],
    async (after, signal) =>
      (await agents.GET('/api/v1/agents', { params: { query: given({ limit: 100, after, licenseServerId: filters.server }) }, signal })).data!,
    { every: CALM },
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
                <Count label="Agents" value={counts.agents} total />
                <Count label="Licensed" value={counts.licensed} tone="ok" />
                <Count label="In grace" value={counts.inGrace} tone={counts.inGrace > 0 ? 'wait' : 'off'} />
                <Count label="Grace over: refused" value={counts.expired} tone={counts.expired > 0 ? 'bad' : 'off'} />
                <Count label="Never licensed: refused" value={counts.neverLicensed} tone={counts.neverLicensed > 0 ? 'bad' : 'off'} />
              </SimpleGrid>
              <div style={{ minHeight: 240, display: 'grid', alignItems: 'center' }}>
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
        <PagedList
          list={list}
          what="agents"
          shown={(n) => count(n, 'agent')}
          empty={<Empty title="No agent is known">Agents are registered by API, or by the first session that they ask for.</Empty>}
        >
          {(items) => <AgentTable agents={items} nameOf={nameOf} />}
        </PagedList>
      </Section>
    </Page>
  );
}

function AgentTable({ agents, nameOf }: { agents: Agent[]; nameOf: (server: string) => string }) {
  return (
    <DataTable
      caption="Agents by name"
      rows={agents}
      keyOf={(agent) => agent.agentId}
      columns={[
        {
          header: 'Name',
          cell: (agent) => <NameLink to={`/agents/${agent.agentId}`}>{agent.name}</NameLink>,
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
  );
}

function Count({ label, value, tone = 'off', total = false }: { label: string; value: number; tone?: 'ok' | 'wait' | 'bad' | 'off'; total?: boolean }) {
  return (
    <div>
      <Text size="xl" fw={700} style={{ fontVariantNumeric: 'tabular-nums' }}>
        {value.toLocaleString()}
      </Text>
      <span className="wrapping">{total ? <Text size="sm">{label}</Text> : <Status word={label} tone={tone} />}</span>
    </div>
  );
}
