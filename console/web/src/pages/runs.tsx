import { Anchor, Button, Group, Progress, Select } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { upgrades } from '../api/client';
import { CALM, LIVE } from '../api/queries';
import type { RunSummary } from '../api/types';
import { useFilters } from '../components/filters';
import { Page, Section } from '../components/page';
import { Empty, Of } from '../components/states';
import { Status } from '../components/status';
import { DataTable } from '../components/table';
import { Time } from '../components/time';
import { useDeployments, useProductTitle } from '../upgrade/queries';
import { runStatus } from '../upgrade/words';

const statuses = Object.entries(runStatus).map(([value, label]) => ({ value, label }));

/** What goes on now, then what has ended. */
export function Runs() {
  const [filters, setFilter, setFilters] = useFilters(['deployment', 'status']);
  const deployments = useDeployments();
  const filtered = filters.deployment !== '' || filters.status !== '';
  return (
    <Page title="Runs" intro="Plans being carried out, and those that were.">
      <Group gap="sm" align="flex-end">
        <Select
          label="Of deployment"
          placeholder="All"
          clearable
          searchable
          clearButtonProps={{ 'aria-label': 'All deployments' }}
          data={(deployments.data ?? []).map((d) => ({ value: d.deploymentId, label: d.name }))}
          value={filters.deployment || null}
          onChange={(value) => setFilter('deployment', value ?? '')}
        />
        <Select
          label="Status"
          placeholder="All"
          clearable
          clearButtonProps={{ 'aria-label': 'All statuses' }}
          data={statuses}
          value={filters.status || null}
          onChange={(value) => setFilter('status', value ?? '')}
        />
        {filtered && (
          <Button variant="subtle" onClick={() => setFilters({ deployment: '', status: '' })}>
            Show all runs
          </Button>
        )}
      </Group>
      <RunList title="Going on" active filters={filters} />
      <RunList title="Ended" active={false} filters={filters} />
    </Page>
  );
}

function RunList({ title, active, filters }: { title: string; active: boolean; filters: { deployment: string; status: string } }) {
  const product = useProductTitle();
  const runs = useInfiniteQuery({
    queryKey: ['upgrades', 'runs', active, filters.deployment, filters.status],
    queryFn: async ({ pageParam, signal }) =>
      (
        await upgrades.GET('/api/v1/runs', {
          params: {
            query: {
              limit: 50,
              active,
              ...(pageParam ? { after: pageParam } : {}),
              ...(filters.deployment ? { deploymentId: filters.deployment } : {}),
              ...(filters.status ? { status: filters.status } : {}),
            },
          },
          signal,
        })
      ).data!,
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: active ? LIVE : CALM,
  });
  return (
    <Section title={title}>
      <Of query={runs} what={active ? 'runs that are going on' : 'runs that have ended'} rows={active ? 2 : 6}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items ?? []);
          if (rows.length === 0) {
            const filtered = filters.deployment !== '' || filters.status !== '';
            return active ? (
              <Empty title={filtered ? 'No run like that is going on' : 'Nothing is being upgraded now'}>
                An approved plan is started from <Anchor component={Link} to="/plans?status=approved" underline="always">its page</Anchor>.
              </Empty>
            ) : (
              <Empty title={filtered ? 'No run like that has ended' : 'No run has ended yet'} />
            );
          }
          return (
            <>
              <DataTable caption={`Runs: ${title.toLowerCase()}`} columns={columns(product, active)} rows={rows} keyOf={(run) => run.id} />
              {runs.hasNextPage && (
                <Group justify="center" mt="sm">
                  <Button variant="default" loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
                    Show older runs
                  </Button>
                </Group>
              )}
            </>
          );
        }}
      </Of>
    </Section>
  );
}

const columns = (product: (id: string) => string, active: boolean) => [
  {
    header: 'Deployment',
    cell: (run: RunSummary) => (
      <Anchor component={Link} to={`/runs/${run.id}`} fw={600}>
        {run.deployment}
      </Anchor>
    ),
  },
  { header: 'Upgrade', cell: (run: RunSummary) => `${product(run.product)} ${run.fromVersion} → ${run.toVersion}` },
  { header: 'Status', cell: (run: RunSummary) => <Status word={run.status} label={runStatus[run.status] ?? run.status} /> },
  {
    header: 'Progress',
    cell: (run: RunSummary) => (
      <div style={{ minWidth: '8rem' }}>
        {run.updatedNodes} of {run.nodes} updated{run.failedNodes > 0 && `, ${run.failedNodes} failed`}
        <Progress.Root size="sm" mt={4}>
          <Progress.Section value={(100 * run.updatedNodes) / run.nodes} color="var(--tone-ok)" aria-label={`${run.deployment}: hosts updated`} />
          <Progress.Section value={(100 * run.failedNodes) / run.nodes} color="var(--tone-bad)" aria-label={`${run.deployment}: hosts failed`} />
        </Progress.Root>
      </div>
    ),
  },
  { header: 'Started', cell: (run: RunSummary) => (run.startedAt ? <Time at={run.startedAt} as="ago" /> : 'not yet') },
  ...(active ? [] : [{ header: 'Ended', cell: (run: RunSummary) => <Time at={run.endedAt} as="ago" /> }]),
  { header: 'Started by', cell: (run: RunSummary) => run.startedBy },
];
