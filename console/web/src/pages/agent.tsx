import { Anchor, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { agents } from '../api/client';
import { CALM } from '../api/queries';
import { Clause } from '../components/clause';
import { Page, Section } from '../components/page';
import { Empty, Of } from '../components/states';
import { Status } from '../components/status';
import { DataTable } from '../components/table';
import { Left, Time } from '../components/time';

export function AgentPage() {
  const { id = '' } = useParams();
  const agent = useQuery({
    queryKey: ['agent', id],
    queryFn: async () => (await agents.GET('/api/v1/agents/{id}', { params: { path: { id } } })).data!,
    refetchInterval: CALM,
  });
  const periods = useQuery({
    queryKey: ['agent', id, 'grace-periods'],
    queryFn: async () => (await agents.GET('/api/v1/agents/{id}/grace-periods', { params: { path: { id } } })).data!,
    refetchInterval: CALM,
  });
  return (
    <Page title={agent.data?.name ?? 'Agent'} intro={<Anchor component={Link} to="/agents">All agents</Anchor>}>
      <Of query={agent} what="agent">
        {(it) => (
          <Section title="Where it stands" aside={<Status word={it.state} soft />}>
            <Stack gap="xs">
              {it.state === 'in-grace' && it.graceEndsAt && (
                <Text>
                  It works on for <Left until={it.graceEndsAt} />, until <Time at={it.graceEndsAt} />. <Clause id="L33" />
                </Text>
              )}
              {it.state === 'expired' && <Text>Its grace is over: its sessions are refused until it validates a licence again.</Text>}
              {it.state === 'never-licensed' && (
                <Text>
                  It never had a licensed session, so it has no grace. <Clause id="L38" />
                </Text>
              )}
              {it.failure && (
                <>
                  <Text size="sm">
                    It says: <span className="mono">{it.failure.reason}</span>. {it.failure.meaning} <Clause id={it.failure.clause} />
                  </Text>
                  <Text size="sm" fw={600}>
                    {it.failure.next}
                  </Text>
                </>
              )}
              {it.versionUnsupported && <Text size="sm">{it.versionUnsupported}</Text>}
              <Text size="sm" c="dimmed">
                Version {it.version ?? 'unknown'}; last licensed <Time at={it.lastLicensedAt} as="ago" />; registered{' '}
                <Time at={it.registeredAt} as="ago" />.{' '}
                <Anchor component={Link} to={`/licenses/servers/${it.licenseServerId}`}>
                  Its license server
                </Anchor>
              </Text>
            </Stack>
          </Section>
        )}
      </Of>
      <Section title="Its grace periods">
        <Of query={periods} what="grace periods">
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="None so far">A grace period begins with the first validation that fails after one that succeeded.</Empty>
            ) : (
              <DataTable
                caption="Grace periods, in order of time"
                rows={items}
                keyOf={(period) => period.startedAt}
                columns={[
                  { header: 'Began', cell: (period) => <Time at={period.startedAt} /> },
                  { header: 'State', cell: (period) => <Status word={period.state} /> },
                  { header: 'Ended', cell: (period) => <Time at={period.endedAt} /> },
                  { header: 'At the latest', cell: (period) => <Time at={period.endsAt} /> },
                  { header: 'Because', cell: (period) => period.firstFailure },
                ]}
              />
            )
          }
        </Of>
      </Section>
    </Page>
  );
}
