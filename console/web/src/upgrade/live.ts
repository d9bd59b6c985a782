import type { StreamedEvent } from '../api/events';
import type { Run } from '../api/types';

export type RunStage = Run['stages'][number];
export type RunLane = RunStage['lanes'][number];
export type RunStep = RunLane['steps'][number];

export const OVER = ['completed', 'aborted', 'failed'];

/** What the run's status is after an event that tells it; nothing where an event says nothing of it. */
const statusAfter: Record<string, string> = {
  UpgradeStarted: 'running',
  UpgradePaused: 'paused',
  UpgradeResumed: 'running',
  UpgradeAborted: 'aborted',
  UpgradeCompleted: 'completed',
  UpgradeFailed: 'failed',
};

/** A failed run may go on when somebody retries: whether this end is the last one the run itself tells. */
export const isEnd = (event: StreamedEvent): boolean => OVER.includes(statusAfter[event.type] ?? '');

/**
 * The run with what its events say, for the moment until the service is asked again: which step is at what. Whatever did not change
 * keeps its identity, so that only what changed is drawn again.
 */
export function applied(run: Run, events: readonly StreamedEvent[]): Run {
  const fresh = events.filter((event) => event.id > run.lastEvent);
  if (fresh.length === 0) return run;
  const steps = new Map<string, { state: string; attempt: number; at: string }>();
  let { status, updatedNodes } = run;
  for (const event of fresh) {
    const { stepId, state, attempt } = event.data;
    if (typeof stepId === 'string' && typeof state === 'string') {
      steps.set(stepId, { state, attempt: typeof attempt === 'number' ? attempt : 1, at: event.at });
    }
    status = statusAfter[event.type] ?? status;
    if (event.type === 'NodeUpdated' && typeof event.data['n'] === 'number') updatedNodes = event.data['n'];
  }
  const stages = steps.size === 0 ? run.stages : same(run.stages, (stage) => stageWith(stage, steps));
  return { ...run, status, updatedNodes, stages, lastEvent: fresh.at(-1)?.id ?? run.lastEvent };
}

function stageWith(stage: RunStage, news: Map<string, { state: string; attempt: number; at: string }>): RunStage {
  const lanes = same(stage.lanes, (lane) => {
    const steps = same(lane.steps, (step) => {
      const now = news.get(step.stepId);
      return now && (now.state !== step.state || now.attempt !== step.attempt) ? stepWith(step, now) : step;
    });
    return steps === lane.steps ? lane : { ...lane, steps };
  });
  return lanes === stage.lanes ? stage : { ...stage, lanes };
}

function stepWith(step: RunStep, now: { state: string; attempt: number; at: string }): RunStep {
  const begins = now.state === 'running' || now.state === 'waiting';
  const next: RunStep = { ...step, state: now.state, attempt: now.attempt };
  if (begins) {
    next.since = now.at;
    delete next.endedAt;
    delete next.failure;
  } else if (now.state !== 'pending') {
    next.endedAt = now.at;
  }
  return next;
}

/** The list itself if nothing in it changed. */
function same<T>(list: T[], of: (item: T) => T): T[] {
  let changed = false;
  const next = list.map((item) => {
    const after = of(item);
    changed ||= after !== item;
    return after;
  });
  return changed ? next : list;
}

export interface Tally {
  steps: number;
  done: number;
  running: number;
  failed: number;
  waiting: number;
}

export function tally(run: Run): Tally {
  const sum: Tally = { steps: 0, done: 0, running: 0, failed: 0, waiting: 0 };
  for (const stage of run.stages) {
    for (const lane of stage.lanes) {
      for (const step of lane.steps) {
        sum.steps += 1;
        if (step.state === 'succeeded' || step.state === 'skipped') sum.done += 1;
        else if (step.state === 'running') sum.running += 1;
        else if (step.state === 'failed') sum.failed += 1;
        else if (step.state === 'waiting') sum.waiting += 1;
      }
    }
  }
  return sum;
}

export const allSteps = (run: Run): RunStep[] => run.stages.flatMap((stage) => stage.lanes.flatMap((lane) => lane.steps));

/** One host's way through all stages: what a swim-lane shows. */
export interface Swimlane {
  hostId: string;
  host: string;
  /** By stage, in the run's order; none where the stage does nothing on the host. */
  stages: readonly (readonly RunStep[])[];
}

/**
 * Hosts × stages, in the order in which hosts first come up. Given the lanes of before, those of which nothing changed are the same
 * objects.
 */
export function swimlanes(run: Run, before: readonly Swimlane[] = []): Swimlane[] {
  const none: readonly RunStep[] = [];
  const hosts = new Map<string, { host: string; stages: (readonly RunStep[])[] }>();
  run.stages.forEach((stage, at) => {
    for (const lane of stage.lanes) {
      let host = hosts.get(lane.hostId);
      if (!host) {
        host = { host: lane.hostName, stages: run.stages.map(() => none) };
        hosts.set(lane.hostId, host);
      }
      // a host may have two lanes in one stage
      host.stages[at] = host.stages[at] === none ? lane.steps : [...(host.stages[at] ?? none), ...lane.steps];
    }
  });
  const known = new Map(before.map((lane) => [lane.hostId, lane]));
  return [...hosts].map(([hostId, { host, stages }]) => {
    const old = known.get(hostId);
    return old && old.stages.length === stages.length && stages.every((steps, i) => steps === old.stages[i] || (steps.length === 0 && old.stages[i]?.length === 0))
      ? old
      : { hostId, host, stages };
  });
}
