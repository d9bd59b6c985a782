import type { Run } from '../api/types';
import type { PlanContent, PlannedStep } from './content';
import { kindOf } from './content';
import type { RunStep } from './live';

/** What a command would mean for the run as it is now. The service decides; this says beforehand what it will do. */
export interface Meaning {
  may: boolean;
  /** What will happen; or why it cannot be, and what to do instead. */
  sentence: string;
}

const may = (sentence: string): Meaning => ({ may: true, sentence });
const not = (sentence: string): Meaning => ({ may: false, sentence });

const states = (run: Run): Map<string, RunStep> =>
  new Map(run.stages.flatMap((stage) => stage.lanes.flatMap((lane) => lane.steps)).map((step) => [step.stepId, step]));

const done = (step: RunStep | undefined): boolean => step?.state === 'succeeded' || step?.state === 'skipped';

/** Why the run cannot be aborted now: from the first step of such a stage to the last of the last. */
export function noWayBack(run: Run, plan: PlanContent): string | null {
  const now = states(run);
  let why: string | null = null;
  let begun = false;
  for (const stage of plan.stages) {
    if (!stage.noWayBack) continue;
    for (const step of stage.lanes.flatMap((lane) => lane.steps)) {
      const state = now.get(step.id);
      begun ||= (state?.attempt ?? 0) > 0;
      if (why === null && !done(state)) why = stage.noWayBack;
    }
  }
  return begun ? why : null;
}

/**
 * What goes on before the run may rest: each host that has begun goes to its next step after which it is not half-way.
 */
export function untilSafe(run: Run, plan: PlanContent): { host: string; until: string }[] {
  const now = states(run);
  const found: { host: string; until: string }[] = [];
  for (const lane of plan.stages.flatMap((stage) => stage.lanes)) {
    const at = lane.steps.findIndex((step) => !done(now.get(step.id)));
    const step = lane.steps[at];
    if (!step) continue;
    const state = now.get(step.id)?.state;
    const previous = lane.steps[at - 1];
    const goesOn = state === 'running' || (state === 'pending' && previous !== undefined && !previous.safeAfter);
    if (!goesOn) continue;
    const last = lane.steps.slice(at).find((s) => s.safeAfter) ?? lane.steps.at(-1);
    if (last) found.push({ host: lane.hostName, until: last.title });
  }
  return found;
}

function safePoints(run: Run, plan: PlanContent): string {
  const going = untilSafe(run, plan);
  if (going.length === 0) return 'Nothing is half-way: it does so at once.';
  if (going.length > 3) return `${going.length} hosts first go on to their next safe point, so that none is left half-way.`;
  return `First ${going.map((g) => `${g.host} goes on until ‘${g.until}’ is done`).join('; ')}.`;
}

export function pauseMeans(run: Run, plan: PlanContent): Meaning {
  switch (run.status) {
    case 'running':
      return may(`The run rests at the next safe point; no other host is begun. ${safePoints(run, plan)} Resume it when it shall go on.`);
    case 'queued':
      return not('The run has not begun: abort it, or wait until it runs.');
    case 'pausing':
    case 'paused':
      return not(`The run is ${run.status} already.`);
    case 'aborting':
      return not('The run is being aborted: wait until it has come to its safe point.');
    default:
      return not(`The run is ${run.status}.`);
  }
}

/** The stage that must succeed before others follow, and in which a host has failed, there or before. */
export function halted(run: Run, plan: PlanContent): string | null {
  const now = states(run);
  const failed = new Set<string>();
  for (const stage of plan.stages) {
    for (const lane of stage.lanes) {
      if (lane.steps.some((step) => now.get(step.id)?.state === 'failed')) failed.add(lane.hostId);
    }
    if (stage.haltOnFailure && stage.lanes.some((lane) => failed.has(lane.hostId))) return stage.name;
  }
  return null;
}

const windowOf = (plan: PlanContent, at: Date): 'none' | 'open' | 'closed' =>
  !plan.window ? 'none' : at >= new Date(plan.window.start) && at < new Date(plan.window.end) ? 'open' : 'closed';

export function resumeMeans(run: Run, plan: PlanContent, at: Date): Meaning {
  switch (run.status) {
    case 'pausing':
    case 'paused': {
      if (windowOf(plan, at) === 'closed') return not('The maintenance window is not open: make a new plan with a window that is, and have it approved.');
      const stage = halted(run, plan);
      if (stage) return not(`The stage ‘${stage}’ must succeed before others follow, and a host failed in it. Retry or skip the failed step, then resume; or abort the run.`);
      return may('The interlocks are checked once more; then the run goes on where it rests, host by host as planned.');
    }
    case 'queued':
    case 'running':
      return not('The run is not paused.');
    case 'aborting':
      return not('The run is being aborted: make a new plan for what remains.');
    default:
      return not(`The run is ${run.status}.`);
  }
}

export function abortMeans(run: Run, plan: PlanContent): Meaning {
  switch (run.status) {
    case 'queued':
      return may('The run has not begun: it ends, and no host is touched. Its plan is used up.');
    case 'running':
    case 'pausing':
    case 'paused': {
      const why = noWayBack(run, plan);
      if (why) return not(`${why} Resume the run, and retry what failed: the way is forward.`);
      const updated = run.updatedNodes;
      const stay =
        updated === 0
          ? 'No host has the new version yet.'
          : `${updated} of ${run.nodes} hosts have the new version and keep it; the others keep the old one.`;
      return may(`The run ends for good at the next safe point; it cannot be resumed. ${safePoints(run, plan)} ${stay} A new plan does what remains.`);
    }
    case 'aborting':
      return not('The run is being aborted already: wait until it has come to its safe point.');
    default:
      return not(`The run is ${run.status}.`);
  }
}

const plannedStep = (plan: PlanContent, stepId: string): PlannedStep | undefined =>
  plan.stages.flatMap((stage) => stage.lanes.flatMap((lane) => lane.steps)).find((step) => step.id === stepId);

function mayRepair(run: Run, step: RunStep, plan: PlanContent, at: Date): string | null {
  if (step.state !== 'failed') return `The step is ${step.state}, not failed: only a failed step can be retried or skipped.`;
  if (run.status === 'aborting') return 'The run is being aborted: make a new plan for what remains.';
  if (!['running', 'pausing', 'paused', 'failed'].includes(run.status)) return `The run is ${run.status}: make a new plan for what remains.`;
  if (run.status === 'failed' && windowOf(plan, at) === 'closed') return 'The maintenance window is not open: make a new plan with a window that is, and have it approved.';
  return null;
}

export function retryMeans(run: Run, step: RunStep, plan: PlanContent, at: Date): Meaning {
  const why = mayRepair(run, step, plan, at);
  if (why) return not(why);
  const planned = plannedStep(plan, step.stepId);
  const how =
    planned?.action.kind === 'gate'
      ? 'The gate is opened again, and waits for an answer.'
      : 'The host is observed first: what is done already is not done again; only what is missing is.';
  const then =
    run.status === 'failed'
      ? 'The run goes on from there.'
      : run.status === 'paused'
        ? 'The run stays paused; resume it, and the step is done.'
        : 'The host then goes on with its next steps.';
  return may(`${how} ${then}`);
}

export function skipMeans(run: Run, step: RunStep, plan: PlanContent, at: Date): Meaning {
  const why = mayRepair(run, step, plan, at);
  if (why) return not(why);
  const planned = plannedStep(plan, step.stepId);
  if (planned?.traits.includes('NEEDED')) return not('This step cannot be skipped: what follows would do harm without it. Remove the cause of its failure, then retry it.');
  const lane = plan.stages.flatMap((stage) => stage.lanes).find((l) => l.steps.some((s) => s.id === step.stepId));
  const next = lane?.steps[(lane.steps.findIndex((s) => s.id === step.stepId) ?? 0) + 1];
  const missing = planned ? `What it was to bring about is then not known to hold: ${planned.after}.` : '';
  const counts = planned && kindOf(planned.id) === 'prove' ? 'The host does not count as updated.' : '';
  const go = next ? `The host goes on with ‘${next.title}’.` : 'The host is done in this stage.';
  return may([`The run goes on without this step.`, missing, counts, go].filter(Boolean).join(' '));
}
