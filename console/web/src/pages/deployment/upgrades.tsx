import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { upgrades } from '../../api/client';
import { CALM } from '../../api/queries';
import type { PlanSummary, RunSummary } from '../../api/types';
import { Section } from '../../components/page';
import { Of } from '../../components/states';
import { Status } from '../../components/status';
import { DataTable, type Column } from '../../components/table';
import { Time } from '../../components/time';
import { planStatus, runStatus } from '../../upgrade/words';

/** The newest plans for a deployment. */
export function Plans({ id }: { id: string }) {
  return (
    <Newest<PlanSummary>
      what="plans"
      id={id}
      fetch={async (query, signal) => (await upgrades.GET('/api/v1/plans', { params: { query }, signal })).data?.items ?? []}
      caption="The newest plans of this deployment"
      none="No upgrade was planned for it yet."
      columns={[
        {
          header: 'Plan',
          cell: (plan) => (
            <Anchor component={Link} to={`/plans/${plan.id}`}>
              {plan.fromVersion} → {plan.targetVersion}
            </Anchor>
          ),
        },
        { header: 'Status', cell: (plan) => <Status word={plan.status} label={planStatus[plan.status] ?? plan.status} /> },
        { header: 'Planned by', cell: (plan) => plan.plannedBy },
        { header: 'Decided by', cell: (plan) => plan.decidedBy ?? '–' },
        { header: 'Planned', cell: (plan) => <Time at={plan.plannedAt} as="ago" /> },
      ]}
    />
  );
}

/** The newest runs on a deployment. */
export function Runs({ id }: { id: string }) {
  return (
    <Newest<RunSummary>
      what="runs"
      id={id}
      fetch={async (query, signal) => (await upgrades.GET('/api/v1/runs', { params: { query }, signal })).data?.items ?? []}
      caption="The newest runs on this deployment"
      none="Nothing was run on it yet."
      columns={[
        {
          header: 'Run',
          cell: (run) => (
            <Anchor component={Link} to={`/runs/${run.id}`}>
              {run.fromVersion} → {run.toVersion}
            </Anchor>
          ),
        },
        { header: 'Status', cell: (run) => <Status word={run.status} label={runStatus[run.status] ?? run.status} /> },
        { header: 'Hosts updated', number: true, cell: (run) => `${run.updatedNodes} of ${run.nodes}` },
        { header: 'Started by', cell: (run) => run.startedBy },
        { header: 'Started', cell: (run) => <Time at={run.startedAt ?? run.queuedAt} as="ago" /> },
      ]}
    />
  );
}

interface NewestProps<Item> {
  what: 'plans' | 'runs';
  id: string;
  fetch: (query: { deploymentId: string; limit: number }, signal: AbortSignal) => Promise<Item[]>;
  caption: string;
  none: string;
  columns: Column<Item>[];
}

function Newest<Item extends { id: string }>({ what, id, fetch, caption, none, columns }: NewestProps<Item>) {
  const newest = useQuery({
    queryKey: ['upgrades', what, 'of', id],
    queryFn: ({ signal }) => fetch({ deploymentId: id, limit: 5 }, signal),
    refetchInterval: CALM,
  });
  return (
    <Section
      title={what === 'plans' ? 'Plans' : 'Runs'}
      aside={
        <Anchor component={Link} to={`/${what}?deployment=${id}`} size="sm">
          All its {what}
        </Anchor>
      }
    >
      <Of query={newest} what={what} rows={2}>
        {(items) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              {none}
            </Text>
          ) : (
            <DataTable caption={caption} rows={items} keyOf={(item) => item.id} columns={columns} />
          )
        }
      </Of>
    </Section>
  );
}
