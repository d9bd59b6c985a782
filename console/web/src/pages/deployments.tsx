import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { given, inventory } from '../api/client';
import { CALM } from '../api/queries';
import { useMay } from '../api/session';
import type { Deployment } from '../api/types';
import { count } from '../components/count';
import { FilterBar, FilterSelect } from '../components/filter-bar';
import { useFilters } from '../components/filters';
import { Page, Section } from '../components/page';
import { PagedList, usePaged } from '../components/paged';
import { Empty } from '../components/states';
import { inWords, Status } from '../components/status';
import { DataTable } from '../components/table';
import { NameLink } from '../components/text-link';
import { DeploymentDialog } from '../estate/deployment-dialog';
import { useActivity } from '../estate/queries';
import { millis, products, productTitle } from '../estate/words';

/** All deployments, by name. */
export function Deployments() {
  const [filters, set] = useFilters(['product']);
  const [registering, setRegistering] = useState(false);
  const operator = useMay('operator');
  const navigate = useNavigate();
  const deployments = usePaged(
    ['inventory', 'deployments', filters],
    async (after, signal) =>
      (await inventory.GET('/api/v1/deployments', { params: { query: given({ limit: 50, after, ...filters }) }, signal })).data!,
    { every: CALM },
  );

  return (
    <Page
      title="Deployments"
      intro="Hosts that together are one installation of a product. Upgrades are planned for deployments."
      actions={
        operator && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setRegistering(true)}>
            Register a deployment
          </Button>
        )
      }
    >
      <FilterBar of="Deployments">
        <FilterSelect label="Product" all="All products" data={products} value={filters.product} set={(product) => set('product', product)} />
      </FilterBar>
      <Section title={filters.product ? `Deployments of ${productTitle(filters.product)}` : 'All deployments'}>
        <PagedList
          list={deployments}
          what="deployments"
          rows={8}
          shown={(n) => count(n, 'deployment')}
          empty={<NoDeployments filtered={filters.product !== ''} operator={operator} />}
        >
          {(items) => <DeploymentTable deployments={items} />}
        </PagedList>
      </Section>
      <DeploymentDialog opened={registering} onClose={() => setRegistering(false)} onDone={(id) => void navigate(`/deployments/${id}`)} />
    </Page>
  );
}

function NoDeployments({ filtered, operator }: { filtered: boolean; operator: boolean }) {
  if (filtered) return <Empty title="There is no deployment of this product">Take the filter away to see the others.</Empty>;
  return (
    <Empty title="There are no deployments yet">
      {operator
        ? 'Register one from hosts that are there, or import a file that names deployments with its hosts.'
        : 'Somebody with the role operator registers or imports them.'}
    </Empty>
  );
}

function DeploymentTable({ deployments }: { deployments: Deployment[] }) {
  const activity = useActivity();
  const running = new Map((activity.data?.runs ?? []).map((run) => [run.deploymentId, run]));
  return (
    <DataTable
      caption="Deployments by name"
      rows={deployments}
      keyOf={(d) => d.deploymentId}
      columns={[
        { header: 'Deployment', cell: (d) => <NameLink to={`/deployments/${d.deploymentId}`}>{d.name}</NameLink> },
        { header: 'Product', cell: (d) => productTitle(d.product) },
        {
          header: 'Members',
          cell: (d) => (
            <>
              {count(d.members.length, 'host')}
              <Text size="xs" c="dimmed">
                {d.members
                  .slice(0, 3)
                  .map((m) => m.host)
                  .join(', ')}
                {d.members.length > 3 ? `, and ${d.members.length - 3} more` : ''}
              </Text>
            </>
          ),
        },
        { header: 'Findings', cell: (d) => <Findings of={d} /> },
        {
          header: 'Run',
          cell: (d) => {
            const run = running.get(d.deploymentId);
            return run ? (
              <Anchor component={Link} to={`/runs/${run.id}`}>
                <Status word={run.status} label={`${inWords(run.status)}, ${run.updatedNodes} of ${run.nodes}`} />
              </Anchor>
            ) : (
              '–'
            );
          },
        },
      ]}
    />
  );
}

function Findings({ of }: { of: Deployment }) {
  const orphans = of.orphans?.length ?? 0;
  if (orphans === 0 && !of.clockSkew && of.registrations?.state !== 'unreadable') return <>–</>;
  return (
    <Group gap={6}>
      {orphans > 0 && <Status word="orphans" tone="bad" soft label={count(orphans, 'orphan')} />}
      {of.clockSkew && <Status word="skew" tone="bad" soft label={`Clocks ${millis(of.clockSkew.apartMillis)} apart`} />}
      {of.registrations?.state === 'unreadable' && <Status word="unreadable" tone="wait" soft label="Registrations not readable" />}
    </Group>
  );
}
