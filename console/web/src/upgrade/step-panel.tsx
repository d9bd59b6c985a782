import { Anchor, Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { upgrades } from '../api/client';
import type { Run } from '../api/types';
import { Clause, Clauses, isClause } from '../components/clause';
import { ProblemAlert } from '../components/states';
import { inWords, Status } from '../components/status';
import { DataTable } from '../components/table';
import { duration, Left, Time, useNow } from '../components/time';
import { expectedOf, failureMeans, maximumOf, type PlanContent } from './content';
import { GateCard, Repair } from './commands';
import { toneOfState } from './lanes';
import type { RunStep } from './live';
import { stepState, traitWords } from './words';

interface StepPanelProps {
  run: Run;
  plan: PlanContent | undefined;
  stepId: string;
  onClose: () => void;
}

/** All that is known of one step of a run. */
export function StepPanel({ run, plan, stepId, onClose }: StepPanelProps) {
  const at = find(run, stepId);
  return (
    <Drawer
      opened={stepId !== ''}
      onClose={onClose}
      position="right"
      size="lg"
      title={<Text fw={650}>{at?.step.title ?? 'No such step'}</Text>}
      closeButtonProps={{ 'aria-label': 'Close the step' }}
    >
      {at ? <Details run={run} plan={plan} {...at} /> : stepId !== '' && <Text>The run has no step {stepId}. Close this, and choose one of its steps.</Text>}
    </Drawer>
  );
}

interface At {
  step: RunStep;
  stage: string;
  host: string;
  hostId: string;
}

function find(run: Run, stepId: string): At | null {
  for (const stage of run.stages) {
    for (const lane of stage.lanes) {
      const step = lane.steps.find((each) => each.stepId === stepId);
      if (step) return { step, stage: stage.name, host: lane.hostName, hostId: lane.hostId };
    }
  }
  return null;
}

function Details({ run, plan, step, stage, host, hostId }: At & { run: Run; plan: PlanContent | undefined }) {
  const plannedStage = plan?.stages.find((s) => s.lanes.some((lane) => lane.steps.some((each) => each.id === step.stepId)));
  const planned = plannedStage?.lanes.flatMap((lane) => lane.steps).find((each) => each.id === step.stepId);
  return (
    <Stack gap="md">
      <Group gap="sm">
        <Status word={step.state} label={stepState[step.state] ?? step.state} tone={toneOfState(step.state)} soft />
        <Clauses ids={step.clauses} />
        {planned?.traits.map((trait) => (
          <span key={trait} className="trait" data-tone={trait === 'DESTROYS' ? 'bad' : trait === 'OUTAGE' ? 'wait' : 'off'} title={traitWords[trait]?.means}>
            {traitWords[trait]?.label ?? trait}
          </span>
        ))}
      </Group>
      <dl className="inline-facts">
        <dt>Host</dt>
        <dd>
          <Anchor component={Link} to={`/hosts/${hostId}`} underline="always">
            {host}
          </Anchor>
          , stage ‘{stage}’
        </dd>
        {step.since && (
          <>
            <dt>Began</dt>
            <dd>
              <Time at={step.since} />
              {step.attempt > 1 && ` (attempt ${step.attempt})`}
            </dd>
          </>
        )}
        {step.since && step.state === 'running' && (
          <>
            <dt>For</dt>
            <dd>
              <Since at={step.since} />
              {planned && `, expected ${duration(expectedOf(planned))}`}
              {step.deadline && (
                <>
                  ; counts as failed in <Left until={step.deadline} />
                </>
              )}
            </dd>
          </>
        )}
        {step.endedAt && (
          <>
            <dt>Ended</dt>
            <dd>
              <Time at={step.endedAt} />
              {step.since && `, after ${took(step.since, step.endedAt)}`}
              {planned && ` (expected ${duration(expectedOf(planned))}, at most ${duration(maximumOf(planned))})`}
            </dd>
          </>
        )}
        {planned && step.gate == null && (
          <>
            <dt>Seen before</dt>
            <dd>{planned.before}</dd>
            <dt>Proven after</dt>
            <dd>{planned.after}</dd>
          </>
        )}
        {planned && plannedStage && (
          <>
            <dt>If it fails</dt>
            <dd>{failureMeans(planned, plannedStage)}</dd>
          </>
        )}
        {step.skippedBy && (
          <>
            <dt>Skipped by</dt>
            <dd>
              {step.skippedBy}: {step.skipReason}
            </dd>
          </>
        )}
      </dl>
      {step.gate && step.state === 'waiting' && <GateCard run={run} step={step} host={host} />}
      {step.gate && step.state !== 'waiting' && <Text size="sm">{step.gate.question}</Text>}
      {step.failure && <Failure failure={step.failure} />}
      {step.state === 'failed' && plan && <Repair run={run} step={step} plan={plan} />}
      {step.checks.length > 0 && (
        <section>
          <h3 className="panel-head">Checks</h3>
          <DataTable
            caption="What was checked"
            rows={step.checks.map((check, i) => ({ ...check, key: `${i}` }))}
            keyOf={(check) => check.key}
            columns={[
              {
                header: 'Check',
                width: '30%',
                cell: (check) => (
                  <>
                    {inWords(check.name)} {check.clause && isClause(check.clause) && <Clause id={check.clause} />}
                  </>
                ),
              },
              { header: 'Result', cell: (check) => <Status word={check.held ? 'ok' : 'bad'} label={check.held ? 'Held' : 'Did not hold'} tone={check.held ? 'ok' : 'bad'} /> },
              { header: 'Observed', cell: (check) => check.observed },
            ]}
          />
        </section>
      )}
      {Object.keys(step.findings).length > 0 && (
        <section>
          <h3 className="panel-head">Found out</h3>
          <dl className="inline-facts">
            {Object.entries(step.findings).map(([name, value]) => (
              <div key={name} style={{ display: 'contents' }}>
                <dt>{words(name)}</dt>
                <dd className="mono">{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {step.attempts.length > 0 && (
        <section>
          <h3 className="panel-head">Attempts</h3>
          <ol className="plain">
            {[...step.attempts].reverse().map((attempt) => (
              <AttemptView key={attempt.attempt} runId={run.id} stepId={step.stepId} attempt={attempt} />
            ))}
          </ol>
        </section>
      )}
      {step.state === 'pending' && step.attempts.length === 0 && (
        <Text size="sm" c="dimmed">
          It has not begun. It does when the steps before it are done and there is room.
        </Text>
      )}
    </Stack>
  );
}

/** What went wrong and what a person should do. */
export function Failure({ failure }: { failure: NonNullable<RunStep['failure']> }) {
  return (
    <div className="finding" data-tone="bad">
      <Text size="sm">{failure.reason}</Text>
      <Text size="sm">
        <b>Next:</b> {failure.nextStep}
      </Text>
    </div>
  );
}

const took = (since: string, until: string): string => precise((Date.parse(until) - Date.parse(since)) / 1000);

const precise = (seconds: number): string => (seconds < 10 ? `${Math.max(0, seconds).toFixed(1)} s` : duration(seconds));

export function Since({ at }: { at: string }) {
  return <>{duration(useNow() - Math.floor(Date.parse(at) / 1000))}</>;
}

const words = (name: string): string => {
  const spaced = name.replaceAll(/([a-z])([A-Z0-9])/g, '$1 $2').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};

const phaseOrder = ['observe', 'act', 'verify'];

function AttemptView({ runId, stepId, attempt }: { runId: string; stepId: string; attempt: RunStep['attempts'][number] }) {
  const phases = Object.entries(attempt.phases).sort(([a], [b]) => place(a) - place(b));
  const sum = phases.reduce((total, [, seconds]) => total + seconds, 0);
  return (
    <li className="attempt">
      <Group justify="space-between" gap="xs">
        <Text span fw={600} size="sm">
          Attempt {attempt.attempt}
        </Text>
        <Status
          word={attempt.outcome ?? 'running'}
          label={attempt.outcome === 'succeeded' ? 'Succeeded' : attempt.outcome === 'failed' ? `Failed${attempt.reason ? `: ${attempt.reason}` : ''}` : 'Under way'}
        />
      </Group>
      <Text size="sm" c="dimmed">
        <Time at={attempt.begunAt} as="clock" />
        {attempt.endedAt && (
          <>
            {' '}
            to <Time at={attempt.endedAt} as="clock" />, {took(attempt.begunAt, attempt.endedAt)}
          </>
        )}
        {attempt.takenUp > 1 && `; taken up ${attempt.takenUp} times, as who carried it had died`}
      </Text>
      {phases.length > 0 && (
        <dl className="phases" aria-label="Seconds in each phase, by the host’s clock">
          {phases.map(([phase, seconds]) => (
            <div key={phase}>
              <dt>{phase}</dt>
              <dd>
                <span className="phase-bar" data-phase={phase} style={{ width: `${sum > 0 ? Math.max(2, (100 * seconds) / sum) : 2}%` }} aria-hidden />
                {precise(seconds)}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {attempt.endedAt && <Output runId={runId} stepId={stepId} attempt={attempt.attempt} />}
    </li>
  );
}

const place = (phase: string): number => {
  const at = phaseOrder.indexOf(phase);
  return at < 0 ? phaseOrder.length : at;
};

/** What the host's own tools said; fetched when somebody wants to read it. */
function Output({ runId, stepId, attempt }: { runId: string; stepId: string; attempt: number }) {
  const [wanted, setWanted] = useState(false);
  const output = useQuery({
    queryKey: ['upgrades', 'output', runId, stepId, attempt],
    queryFn: async ({ signal }) =>
      (await upgrades.GET('/api/v1/runs/{id}/steps/{stepId}/attempts/{attempt}/output', { params: { path: { id: runId, stepId, attempt } }, signal })).data!.output,
    enabled: wanted,
    staleTime: Infinity,
  });
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => setWanted(!wanted)} aria-expanded={wanted} aria-label={`Output of attempt ${attempt}`}>
        {wanted ? 'Hide output' : 'Show output'}
      </Button>
      {wanted && output.isError && <ProblemAlert error={output.error} retry={() => void output.refetch()} />}
      {wanted && output.isPending && <Text size="sm">Fetching…</Text>}
      {wanted && output.data !== undefined && (
        <pre className="output" tabIndex={0} role="region" aria-label={`What the host said in attempt ${attempt}`}>
          {output.data || 'The host’s tools said nothing.'}
        </pre>
      )}
    </>
  );
}
