import { Group, Stack, Text } from '@mantine/core';
import { useParams } from 'react-router';
import type { Plan } from '../api/types';
import { Page, Section } from '../components/page';
import { Of } from '../components/states';
import { Status } from '../components/status';
import { Time } from '../components/time';
import { contentOf } from '../upgrade/content';
import { Interlocks } from '../upgrade/interlocks';
import { usePlan, useProductTitle } from '../upgrade/queries';
import { Stages } from '../upgrade/stages';
import { planStatus } from '../upgrade/words';
import { BlastRadius } from './plan/blast-radius';
import { Decide } from './plan/decide';
import { Differences } from './plan/differences';
import { History } from './plan/history';
import { InShort } from './plan/in-short';

/** A plan as the person reads it who has to answer for it. */
export function PlanPage() {
  const { id = '' } = useParams();
  const query = usePlan(id);
  const title = query.data ? `${query.data.deployment}: ${query.data.fromVersion} → ${query.data.targetVersion}` : 'Plan';
  const product = useProductTitle();
  return (
    <Page
      title={title}
      intro={
        query.data && (
          <Group gap="sm">
            <Status word={query.data.status} label={planStatus[query.data.status] ?? query.data.status} soft />
            <span>
              Plan of an upgrade of {product(query.data.product)}, made by {query.data.plannedBy} <Time at={query.data.plannedAt} as="ago" />
            </span>
          </Group>
        )
      }
      actions={query.data && <Decide plan={query.data} />}
    >
      <Of query={query} what="plan" rows={12}>
        {(plan) => <Whole plan={plan} />}
      </Of>
    </Page>
  );
}

function Whole({ plan }: { plan: Plan }) {
  const content = contentOf(plan);
  return (
    <Stack gap="lg">
      {plan.differences.length > 0 && (
        <Section title="Why it no longer fits">
          <ul>
            {plan.differences.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
          <Text size="sm" fw={600}>
            Make a new plan and have it approved.
          </Text>
        </Section>
      )}
      <InShort plan={plan} content={content} />
      {!plan.runId && (
        <Section title="Interlocks">
          {plan.interlocks.length === 0 ? (
            <Status word="ok" label="All interlocks hold: as things are now, nothing keeps it from starting." tone="ok" />
          ) : (
            <Interlocks findings={plan.interlocks} plan={plan} />
          )}
        </Section>
      )}
      <BlastRadius plan={plan} content={content} />
      <Section title="What will be done">
        {plan.notes.length > 0 && (
          <ul className="notes" aria-label="To be known before approving">
            {plan.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        )}
        <Stages content={content} forecasts={plan.stageForecasts} />
      </Section>
      <Differences plan={plan} content={content} />
      <History plan={plan} />
    </Stack>
  );
}
