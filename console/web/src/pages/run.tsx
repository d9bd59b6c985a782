import { Anchor, Button, Group, NativeSelect, Progress, SegmentedControl, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconDownload } from '@tabler/icons-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { Link, useParams } from 'react-router';
import { upgrades } from '../api/client';
import type { StreamedEvent, Wire } from '../api/events';
import type { Run } from '../api/types';
import { useFilters } from '../components/filters';
import { Page, Section } from '../components/page';
import { Empty, Loading, Of, ProblemAlert } from '../components/states';
import { Status } from '../components/status';
import { duration, Time } from '../components/time';
import { contentOf, type PlanContent } from '../upgrade/content';
import { GateCard, Repair, Steering } from '../upgrade/commands';
import { LaneList, Lanes, marks } from '../upgrade/lanes';
import { OVER, swimlanes, tally, type RunStep, type Swimlane } from '../upgrade/live';
import { noWayBack } from '../upgrade/meaning';
import { usePlanText, useProductTitle } from '../upgrade/queries';
import { NoWayBack } from '../upgrade/stages';
import { Failure, Since, StepPanel } from '../upgrade/step-panel';
import { inWords, ofStep, toneOfEvent } from '../upgrade/story';
import { useRun } from '../upgrade/use-run';
import { runStatus, stepState } from '../upgrade/words';

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
              <Anchor component={Link} to={`/plans/${run.planId}`} inherit underline="always">
                Its plan
              </Anchor>
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
    <span role="status" className="wire">
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
  const [allFailed, showAllFailed] = useState(false);
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
      {attention.failed.length > 0 && (
        <Section title="Failed steps">
          <ul className="plain failed">
            {(allFailed ? attention.failed : attention.failed.slice(0, FEW)).map(({ step, host }) => (
              <li key={step.stepId}>
                <Anchor component="button" type="button" onClick={() => open(step.stepId)} fw={600}>
                  {step.title}
                </Anchor>{' '}
                <Text span size="sm" c="dimmed">
                  {host}
                </Text>
                {step.failure && <Failure failure={step.failure} />}
                {plan && <Repair run={run} step={step} plan={plan} />}
              </li>
            ))}
          </ul>
          {attention.failed.length > FEW && (
            <Button size="xs" variant="default" mt="sm" aria-expanded={allFailed} onClick={() => showAllFailed(!allFailed)}>
              {allFailed ? `Show ${FEW} only` : `Show all ${attention.failed.length} failed steps`}
            </Button>
          )}
        </Section>
      )}
      <Swimlanes run={run} view={filters.view} show={filters.show} onView={(v) => setFilter('view', v)} onShow={(s) => setFilter('show', s)} onOpen={open} />
      <Timeline run={run} events={events} />
      <StepPanel run={run} plan={plan} stepId={filters.step} onClose={() => setFilter('step', '')} />
    </Stack>
  );
}

/** Failed steps that are told in full at once; often many have one cause. */
const FEW = 3;

const needsAPerson = (run: Run) => {
  const gates: { step: RunStep; host: string }[] = [];
  const failed: { step: RunStep; host: string }[] = [];
  for (const stage of run.stages) {
    for (const lane of stage.lanes) {
      for (const step of lane.steps) {
        if (step.state === 'waiting') gates.push({ step, host: lane.hostName });
        else if (step.state === 'failed') failed.push({ step, host: lane.hostName });
      }
    }
  }
  return { gates, failed };
};

function Head({ run, expected, maximum }: { run: Run; expected: number | undefined; maximum: number | undefined }) {
  const sum = tally(run);
  const part = (n: number) => (100 * n) / Math.max(1, sum.steps);
  return (
    <section className="surface" aria-label="Progress">
      <VisuallyHidden role="status">
        {run.updatedNodes} of {run.nodes} hosts updated. {runStatus[run.status] ?? run.status}.
      </VisuallyHidden>
      <dl className="facts run-facts">
        <div>
          <dt>Hosts updated</dt>
          <dd className="big">
            {run.updatedNodes} of {run.nodes}
          </dd>
        </div>
        <div>
          <dt>Steps done</dt>
          <dd className="big">
            {sum.done} of {sum.steps}
          </dd>
        </div>
        <div>
          <dt>Under way</dt>
          <dd>
            {sum.running} running, {sum.waiting} waiting for a person, {sum.failed} failed
          </dd>
        </div>
        <div>
          <dt>{run.endedAt ? 'Took' : 'For'}</dt>
          <dd>
            {run.startedAt ? run.endedAt ? duration((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000) : <Since at={run.startedAt} /> : 'not begun'}
            {expected !== undefined && maximum !== undefined && (
              <Text span size="sm" c="dimmed">
                {' '}
                (expected {duration(expected)}, at most {duration(maximum)})
              </Text>
            )}
          </dd>
        </div>
        <div>
          <dt>{run.endedAt ? 'Ended' : 'Started'}</dt>
          <dd>
            <Time at={run.endedAt ?? run.startedAt} />
          </dd>
        </div>
      </dl>
      <Progress.Root size="lg" mt="sm" aria-hidden>
        <Progress.Section value={part(sum.done)} color="var(--tone-ok)" />
        <Progress.Section value={part(sum.running)} color="var(--tone-run)" />
        <Progress.Section value={part(sum.waiting)} color="var(--tone-wait)" />
        <Progress.Section value={part(sum.failed)} color="var(--tone-bad)" />
      </Progress.Root>
    </section>
  );
}

const shown: Record<string, (lane: Swimlane) => boolean> = {
  '': () => true,
  going: (lane) => lane.stages.some((steps) => steps.some((step) => step.state === 'running' || step.state === 'waiting')),
  failed: (lane) => lane.stages.some((steps) => steps.some((step) => step.state === 'failed')),
  undone: (lane) => lane.stages.some((steps) => steps.some((step) => step.state !== 'succeeded' && step.state !== 'skipped')),
};

interface SwimlanesProps {
  run: Run;
  view: string;
  show: string;
  onView: (view: string) => void;
  onShow: (show: string) => void;
  onOpen: (stepId: string) => void;
}

function Swimlanes({ run, view, show, onView, onShow, onOpen }: SwimlanesProps) {
  const before = useRef<Swimlane[]>([]);
  const lanes = useMemo(() => {
    before.current = swimlanes(run, before.current);
    return before.current;
  }, [run]);
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const as = view || (narrow ? 'list' : 'lanes');
  const visible = useMemo(() => (show ? lanes.filter(shown[show] ?? shown['']!) : lanes), [lanes, show]);
  // Stages keep their names and widths for good; lanes say what changed.
  const stages = useRef(run);
  if (stages.current.id !== run.id) stages.current = run;
  return (
    <Section
      title="Hosts and stages"
      aside={
        <Group gap="xs">
          <NativeSelect
            size="xs"
            aria-label="Which hosts to show"
            value={show}
            onChange={(e) => onShow(e.currentTarget.value)}
            data={[
              { value: '', label: `All hosts (${lanes.length})` },
              { value: 'going', label: 'Where something goes on' },
              { value: 'failed', label: 'Where something failed' },
              { value: 'undone', label: 'Not done yet' },
            ]}
          />
          <SegmentedControl
            size="xs"
            aria-label="Show as"
            value={as}
            onChange={onView}
            data={[
              { value: 'lanes', label: 'Lanes' },
              { value: 'list', label: 'List' },
            ]}
          />
        </Group>
      }
    >
      {visible.length === 0 ? (
        <Empty title="No host is like that now">
          <Anchor component="button" type="button" onClick={() => onShow('')}>
            Show all hosts
          </Anchor>
        </Empty>
      ) : as === 'list' ? (
        <LaneList run={stages.current} lanes={visible} onOpen={onOpen} />
      ) : (
        <>
          <Lanes run={stages.current} lanes={visible} onOpen={onOpen} />
          <ul className="plain legend" aria-label="What the marks mean">
            {Object.entries(marks).map(([state, mark]) => (
              <li key={state}>
                <span className="cell" data-state={state} aria-hidden>
                  {mark}
                </span>{' '}
                {stepState[state]}
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

const LATEST = 30;

function Timeline({ run, events }: { run: Run; events: readonly StreamedEvent[] }) {
  const [everyStep, setEveryStep] = useState(false);
  const [all, setAll] = useState(false);
  const titles = useRef<{ id: string; of: Map<string, string> }>({ id: '', of: new Map() });
  if (titles.current.id !== run.id) {
    titles.current = {
      id: run.id,
      of: new Map(run.stages.flatMap((stage) => stage.lanes.flatMap((lane) => lane.steps.map((step): [string, string] => [step.stepId, step.title])))),
    };
  }
  const told = useMemo(() => (everyStep ? events : events.filter((event) => !ofStep(event))), [events, everyStep]);
  const lines = (all ? told : told.slice(-LATEST)).toReversed();
  return (
    <Section
      title="What happened"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="How much to tell"
          value={everyStep ? 'all' : 'main'}
          onChange={(value) => setEveryStep(value === 'all')}
          data={[
            { value: 'main', label: 'In short' },
            { value: 'all', label: 'Every step' },
          ]}
        />
      }
    >
      {events.length === 0 ? (
        run.lastEvent > 0 ? (
          <Loading what="events" rows={3} />
        ) : (
          <Text size="sm">Nothing yet.</Text>
        )
      ) : (
        <>
          <ol className="plain timeline" reversed>
            {lines.map((event) => (
              <li key={event.id}>
                <Text span size="sm" c="dimmed">
                  <Time at={event.at} as="clock" />
                </Text>{' '}
                <span className="dot" data-tone={toneOfEvent(event.type)} aria-hidden />{' '}
                <Text span size="sm">
                  {inWords(event, (id) => titles.current.of.get(id) ?? id)}
                </Text>
              </li>
            ))}
          </ol>
          {told.length > LATEST && (
            <Button size="xs" variant="default" mt="xs" onClick={() => setAll(!all)}>
              {all ? `Show the latest ${LATEST} only` : `Show all ${told.length}`}
            </Button>
          )}
        </>
      )}
    </Section>
  );
}

/** The whole story, signed, to be kept and checked elsewhere. */
function Trace({ run }: { run: Run }) {
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    setError(null);
    try {
      const { data } = await upgrades.GET('/api/v1/runs/{id}/trace', { params: { path: { id: run.id } }, parseAs: 'blob' });
      const link = document.createElement('a');
      link.href = URL.createObjectURL(data as unknown as Blob);
      link.download = `run-${run.id}.trace.ndjson`;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (e) {
      setError(e);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap="xs" align="flex-end">
      <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} loading={busy} onClick={() => void download()} title="Lines of JSON, signed: interlock verify-trace checks it off-line">
        Download the signed trace
      </Button>
      {error !== null && <ProblemAlert error={error} />}
    </Stack>
  );
}
