import { Anchor, Button, Group, Select } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { upgrades } from '../api/client';
import { CALM } from '../api/queries';
import { useMay } from '../api/session';
import type { PlanSummary } from '../api/types';
import { useFilters } from '../components/filters';
import { Page, Section } from '../components/page';
import { Empty, Of } from '../components/states';
import { Status } from '../components/status';
import { DataTable } from '../components/table';
import { Time } from '../components/time';
import { PlanDialog } from '../upgrade/plan-dialog';
import { useDeployments, useProductTitle } from '../upgrade/queries';
import { planStatus } from '../upgrade/words';

const statuses = ['planned', 'approved', 'rejected', 'drifted'].map((value) => ({ value, label: planStatus[value] ?? value }));

/** All plans, newest first; the place where one is made. */
export function Plans() {
  const [filters, setFilter, setFilters] = useFilters(['deployment', 'status', 'new']);
  const operator = useMay('operator');
  const deployments = useDeployments();
  const title = useProductTitle();
  const plans = useInfiniteQuery({
    queryKey: ['upgrades', 'plans', filters.deployment, filters.status],
    queryFn: async ({ pageParam, signal }) =>
      (
        await upgrades.GET('/api/v1/plans', {
          params: {
            query: {
              limit: 50,
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
    refetchInterval: CALM,
  });
  const filtered = filters.deployment !== '' || filters.status !== '';

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
      </Group>
      <Section title="Upgrade plans">
        <Of query={plans} what="plans">
          {({ pages }) => {
            const rows = pages.flatMap((page) => page.items ?? []);
            if (rows.length === 0) {
              return filtered ? (
                <Empty title="No plan is like that">
                  <Anchor component="button" type="button" onClick={() => setFilters({ deployment: '', status: '' })}>
                    Show all plans
                  </Anchor>
                </Empty>
              ) : (
                <Empty title="Nothing is planned yet">
                  {operator ? 'Plan an upgrade of a deployment: you see every step before anything is done.' : 'Somebody with the role operator plans upgrades.'}
                </Empty>
              );
            }
            return (
              <>
                <DataTable caption="Upgrade plans, newest first" columns={columns(title)} rows={rows} keyOf={(plan) => plan.id} />
                {plans.hasNextPage && (
                  <Group justify="center" mt="sm">
                    <Button variant="default" loading={plans.isFetchingNextPage} onClick={() => void plans.fetchNextPage()}>
                      Show older plans
                    </Button>
                  </Group>
                )}
              </>
            );
          }}
        </Of>
      </Section>
      <PlanDialog opened={filters.new === '1' && operator} deploymentId={filters.deployment} onClose={() => setFilter('new', '')} />
    </Page>
  );
}

const columns = (title: (product: string) => string) => [
  {
    header: 'Deployment',
    cell: (plan: PlanSummary) => (
      <Anchor component={Link} to={`/plans/${plan.id}`} fw={600}>
        {plan.deployment}
      </Anchor>
    ),
  },
  { header: 'Upgrade', cell: (plan: PlanSummary) => `${title(plan.product)} ${plan.fromVersion} → ${plan.targetVersion}` },
  { header: 'Hosts', number: true, cell: (plan: PlanSummary) => plan.nodes },
  { header: 'Status', cell: (plan: PlanSummary) => <Status word={plan.status} label={planStatus[plan.status] ?? plan.status} /> },
  {
    header: 'Run',
    cell: (plan: PlanSummary) =>
      plan.runId ? (
        <Anchor component={Link} to={`/runs/${plan.runId}`} aria-label={`Run of ${plan.deployment}`}>
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
