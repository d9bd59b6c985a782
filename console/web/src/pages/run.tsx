import { Group, Stack, Text } from '@mantine/core';
import { useCallback, useMemo, useRef } from 'react';
import { useParams } from 'react-router';
import type { StreamedEvent, Wire } from '../api/events';
import type { Run } from '../api/types';
import { useFilters } from '../components/filters';
import { Page, Section } from '../components/page';
import { Of } from '../components/states';
import { Status } from '../components/status';
import { TextLink } from '../components/text-link';
import { contentOf, type PlanContent } from '../upgrade/content';
import { GateCard, Steering } from '../upgrade/commands';
import { OVER } from '../upgrade/live';
import { noWayBack } from '../upgrade/meaning';
import { usePlanText, useProductTitle } from '../upgrade/queries';
import { NoWayBack } from '../upgrade/stages';
import { StepPanel } from '../upgrade/step-panel';
import { useRun } from '../upgrade/use-run';
import { runStatus } from '../upgrade/words';
import { FailedSteps, needsAPerson } from './run/attention';
import { Head } from './run/head';
import { Swimlanes } from './run/swimlanes';
import { Timeline } from './run/timeline';
import { Trace } from './run/trace';

/** A run as it happens, and as it happened. */
export function RunPage() {
  const { id = '' } = useParams();
  const { query, events, wire } = useRun(id);
  const run = query.data;
  const plan = usePlanText(run?.planId);
  const content = plan.data && contentOf(plan.data);
  const product = useProductTitle();
  return (
    <Page
      title={run ? `${run.deployment}: ${run.fromVersion} → ${run.toVersion}` : 'Run'}
      intro={
        run && (
          <Group gap="sm">
            <Status word={run.status} label={runStatus[run.status] ?? run.status} soft />
            <span>
              Run of an upgrade of {product(run.product)}, started by {run.startedBy}.{' '}
              <TextLink to={`/plans/${run.planId}`}>Its plan</TextLink>
            </span>
            <WireView wire={wire} over={['completed', 'aborted'].includes(run.status)} />
          </Group>
        )
      }
      actions={run && content && (OVER.includes(run.status) ? <Trace run={run} /> : <Steering run={run} plan={content} />)}
    >
      <Of query={query} what="run" rows={12}>
        {(now) => <Whole run={now} plan={content} expected={plan.data?.expectedSeconds} maximum={plan.data?.maximumSeconds} events={events} />}
      </Of>
    </Page>
  );
}

/** Takes the same room whatever it says, so that nothing jumps when the connection is lost. */
function WireView({ wire, over }: { wire: Wire; over: boolean }) {
  const [label, tone] = over
    ? (['As it ended', 'off'] as const)
    : wire === 'lost'
      ? (['Connection lost, asking again', 'wait'] as const)
      : wire === 'connecting'
        ? (['Connecting', 'off'] as const)
        : wire === 'live'
          ? (['Live', 'ok'] as const)
          : (['At rest', 'off'] as const);
  return (
    <span role="status" className={over ? undefined : 'wire'}>
      <Status word={wire} label={label} tone={tone} />
    </span>
  );
}

interface WholeProps {
  run: Run;
  plan: PlanContent | undefined;
  expected: number | undefined;
  maximum: number | undefined;
  events: readonly StreamedEvent[];
}

function Whole({ run, plan, expected, maximum, events }: WholeProps) {
  const [filters, setFilter] = useFilters(['step', 'view', 'show']);
  const openStep = useRef(setFilter);
  openStep.current = setFilter;
  const open = useCallback((stepId: string) => openStep.current('step', stepId), []);
  const attention = useMemo(() => needsAPerson(run), [run]);
  const way = plan && !OVER.includes(run.status) ? noWayBack(run, plan) : null;
  return (
    <Stack gap="lg">
      <Head run={run} expected={expected} maximum={maximum} />
      {way && <NoWayBack why={`${way} It cannot be aborted now.`} />}
      {run.reason && ['pausing', 'paused', 'aborting', 'aborted', 'failed'].includes(run.status) && (
        <Section title={`Why it ${run.status === 'failed' ? 'failed' : run.status === 'paused' || run.status === 'pausing' ? 'is paused' : 'was aborted'}`}>
          <Text size="sm">
            {run.askedBy === 'interlock' ? '' : `${run.askedBy}: `}
            {run.reason}
          </Text>
        </Section>
      )}
      {attention.gates.length > 0 && (
        <Section title="Waits for a person">
          {attention.gates.map(({ step, host }) => (
            <GateCard key={step.stepId} run={run} step={step} host={host} />
          ))}
        </Section>
      )}
      {attention.failed.length > 0 && <FailedSteps run={run} plan={plan} failed={attention.failed} onOpen={open} />}
      <Swimlanes run={run} view={filters.view} show={filters.show} onView={(v) => setFilter('view', v)} onShow={(s) => setFilter('show', s)} onOpen={open} />
      <Timeline run={run} events={events} />
      <StepPanel run={run} plan={plan} stepId={filters.step} onClose={() => setFilter('step', '')} />
    </Stack>
  );
}
