import { Anchor, Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from 'react-router';
import { given, upgrades } from '../api/client';
import { CALM } from '../api/queries';
import { useMay } from '../api/session';
import type { PlanSummary } from '../api/types';
import { count } from '../components/count';
import { useFilters } from '../components/filters';
import { Page, Section } from '../components/page';
import { PagedList, usePaged } from '../components/paged';
import { Empty } from '../components/states';
import { Status } from '../components/status';
import { DataTable } from '../components/table';
import { NameLink } from '../components/text-link';
import { Time } from '../components/time';
import { PlanDialog } from '../upgrade/plan-dialog';
import { useProductTitle } from '../upgrade/queries';
import { isFiltered, UpgradeFilters } from '../upgrade/upgrade-filters';
import { planStatus } from '../upgrade/words';

const statuses = Object.entries(planStatus).map(([value, label]) => ({ value, label }));

/** All plans, newest first; the place where one is made. */
export function Plans() {
  const [filters, setFilter, setFilters] = useFilters(['deployment', 'status', 'new']);
  const operator = useMay('operator');
  const title = useProductTitle();
  const plans = usePaged(
    ['upgrades', 'plans', filters.deployment, filters.status],
    async (after, signal) =>
      (
        await upgrades.GET('/api/v1/plans', {
          params: { query: given({ limit: 50, after, deploymentId: filters.deployment, status: filters.status }) },
          signal,
        })
      ).data!,
    { every: CALM },
  );

  return (
    <Page
      title="Plans"
      intro="What would be done, step by step. One person plans, another approves, and nothing is done before."
      actions={
        operator && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setFilter('new', '1')}>
            Plan an upgrade
          </Button>
        )
      }
    >
      <UpgradeFilters of="plans" statuses={statuses} filters={filters} set={setFilter} showAll={() => setFilters({ deployment: '', status: '' })} />
      <Section title="Upgrade plans">
        <PagedList list={plans} what="plans" shown={(n) => count(n, 'plan')} empty={<NoPlans filtered={isFiltered(filters)} operator={operator} />}>
          {(items) => <DataTable caption="Upgrade plans, newest first" columns={columns(title)} rows={items} keyOf={(plan) => plan.id} />}
        </PagedList>
      </Section>
      <PlanDialog opened={filters.new === '1' && operator} deploymentId={filters.deployment} onClose={() => setFilter('new', '')} />
    </Page>
  );
}

function NoPlans({ filtered, operator }: { filtered: boolean; operator: boolean }) {
  if (filtered) return <Empty title="No plan is like that">Take a filter away to see the others.</Empty>;
  return (
    <Empty title="Nothing is planned yet">
      {operator ? 'Plan an upgrade of a deployment: you see every step before anything is done.' : 'Somebody with the role operator plans upgrades.'}
    </Empty>
  );
}

const columns = (title: (product: string) => string) => [
  { header: 'Deployment', cell: (plan: PlanSummary) => <NameLink to={`/plans/${plan.id}`}>{plan.deployment}</NameLink> },
  { header: 'Upgrade', cell: (plan: PlanSummary) => `${title(plan.product)} ${plan.fromVersion} → ${plan.targetVersion}` },
  { header: 'Hosts', number: true, cell: (plan: PlanSummary) => plan.nodes },
  { header: 'Status', cell: (plan: PlanSummary) => <Status word={plan.status} label={planStatus[plan.status] ?? plan.status} /> },
  {
    header: 'Run',
    cell: (plan: PlanSummary) =>
      plan.runId ? (
        <Anchor component={Link} className="whole" to={`/runs/${plan.runId}`} aria-label={`Run of ${plan.deployment}`}>
          Its run
        </Anchor>
      ) : (
        '–'
      ),
  },
  {
    header: 'Planned',
    cell: (plan: PlanSummary) => (
      <>
        <Time at={plan.plannedAt} as="ago" /> by {plan.plannedBy}
      </>
    ),
  },
  { header: 'Decided by', cell: (plan: PlanSummary) => plan.decidedBy ?? '–' },
];
