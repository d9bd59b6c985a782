import { NativeSelect, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { upgrades } from '../../api/client';
import type { Plan } from '../../api/types';
import { count } from '../../components/count';
import { Section } from '../../components/page';
import { Loading, Of } from '../../components/states';
import { DataTable } from '../../components/table';
import { contentOf, type PlanContent } from '../../upgrade/content';
import { difference, type Difference } from '../../upgrade/difference';
import { usePlanText } from '../../upgrade/queries';

/** What is done otherwise than an earlier plan would have done it. */
export function Differences({ plan, content }: { plan: Plan; content: PlanContent }) {
  const [chosen, choose] = useState<string | null>(null);
  const earlier = useQuery({
    queryKey: ['upgrades', 'plans', 'before', plan.id],
    queryFn: async ({ signal }) =>
      ((await upgrades.GET('/api/v1/plans', { params: { query: { deploymentId: plan.deploymentId, limit: 100 } }, signal })).data?.items ?? []).filter(
        (other) => other.id !== plan.id && other.plannedAt < plan.plannedAt,
      ),
    staleTime: Infinity,
  });
  const other = usePlanText(chosen ?? earlier.data?.[0]?.id);
  return (
    <Section
      title="Difference to an earlier plan"
      aside={
        earlier.data &&
        earlier.data.length > 0 && (
          <NativeSelect
            size="xs"
            w={{ base: '100%', sm: '20rem' }}
            aria-label="Earlier plan to compare with"
            value={chosen ?? earlier.data[0]?.id ?? ''}
            onChange={(e) => choose(e.currentTarget.value)}
            data={earlier.data.map((p, i) => ({
              value: p.id,
              label: `${p.fromVersion} → ${p.targetVersion}, ${new Date(p.plannedAt).toLocaleString()}${i === 0 ? ' (the one before)' : ''}`,
            }))}
          />
        )
      }
    >
      <Of query={earlier} what="earlier plans" rows={2}>
        {(before) => {
          if (before.length === 0) return <Text size="sm">This is the first plan of {plan.deployment}: there is nothing to compare it with.</Text>;
          if (!other.data) return <Loading what="the earlier plan" rows={3} />;
          if (other.data.hash === plan.hash) return <Text size="sm">None: the two plans have the same hash, and would do just the same.</Text>;
          return <DifferenceTable found={difference(contentOf(other.data), content)} />;
        }}
      </Of>
    </Section>
  );
}

const changes: Record<Difference['change'], string> = { added: 'New', removed: 'Gone', changed: 'Changed', moved: 'Another order' };

function DifferenceTable({ found }: { found: Difference[] }) {
  if (found.length === 0) return <Text size="sm">Nothing that is done differs.</Text>;
  const rows = found.map((each, i) => ({ ...each, key: `${i}` }));
  return (
    <DataTable
      caption={count(found.length, 'difference')}
      showCaption
      rows={rows}
      keyOf={(row) => row.key}
      columns={[
        { header: 'What', cell: (row) => row.what },
        { header: 'Change', cell: (row) => changes[row.change] },
        { header: 'Then', cell: (row) => row.then ?? '–' },
        { header: 'Now', cell: (row) => row.now ?? '–' },
      ]}
    />
  );
}
