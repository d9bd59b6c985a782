import { Progress } from '@mantine/core';
import { given, upgrades } from '../api/client';
import { CALM, LIVE } from '../api/queries';
import type { RunSummary } from '../api/types';
import { count } from '../components/count';
import { useFilters } from '../components/filters';
import { Page, Section } from '../components/page';
import { PagedList, usePaged } from '../components/paged';
import { Empty } from '../components/states';
import { Status } from '../components/status';
import { DataTable } from '../components/table';
import { NameLink, TextLink } from '../components/text-link';
import { Time } from '../components/time';
import { useProductTitle } from '../upgrade/queries';
import { isFiltered, UpgradeFilters } from '../upgrade/upgrade-filters';
import { runStatus } from '../upgrade/words';

const statuses = Object.entries(runStatus).map(([value, label]) => ({ value, label }));

interface Filters {
  deployment: string;
  status: string;
}

/** What goes on now, then what has ended. */
export function Runs() {
  const [filters, setFilter, setFilters] = useFilters(['deployment', 'status']);
  return (
    <Page title="Runs" intro="Plans being carried out, and those that were.">
      <UpgradeFilters of="runs" statuses={statuses} filters={filters} set={setFilter} showAll={() => setFilters({ deployment: '', status: '' })} />
      <RunList title="Going on" active filters={filters} />
      <RunList title="Ended" active={false} filters={filters} />
    </Page>
  );
}

function RunList({ title, active, filters }: { title: string; active: boolean; filters: Filters }) {
  const product = useProductTitle();
  const runs = usePaged(
    ['upgrades', 'runs', active, filters.deployment, filters.status],
    async (after, signal) =>
      (
        await upgrades.GET('/api/v1/runs', {
          params: { query: given({ limit: 50, active, after, deploymentId: filters.deployment, status: filters.status }) },
          signal,
        })
      ).data!,
    { every: active ? LIVE : CALM },
  );
  return (
    <Section title={title}>
      <PagedList
        list={runs}
        what={active ? 'runs that are going on' : 'runs that have ended'}
        rows={active ? 2 : 6}
        shown={(n) => count(n, 'run')}
        empty={<NoRuns active={active} filtered={isFiltered(filters)} />}
      >
        {(items) => <DataTable caption={`Runs: ${title.toLowerCase()}`} columns={columns(product, active)} rows={items} keyOf={(run) => run.id} />}
      </PagedList>
    </Section>
  );
}

function NoRuns({ active, filtered }: { active: boolean; filtered: boolean }) {
  if (!active) return <Empty title={filtered ? 'No run like that has ended' : 'No run has ended yet'} />;
  return (
    <Empty title={filtered ? 'No run like that is going on' : 'Nothing is being upgraded now'}>
      An approved plan is started from <TextLink to="/plans?status=approved">its page</TextLink>.
    </Empty>
  );
}

const columns = (product: (id: string) => string, active: boolean) => [
  { header: 'Deployment', cell: (run: RunSummary) => <NameLink to={`/runs/${run.id}`}>{run.deployment}</NameLink> },
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
