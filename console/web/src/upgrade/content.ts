import type { Plan } from '../api/types';

/** What a plan's hash covers, as upgrade-service writes it: every step, host and limit. */
export interface PlanContent {
  product: string;
  deploymentId: string;
  deployment: string;
  from: string;
  target: string;
  repository: string;
  limits: { concurrency: number; canary: number; failureThreshold?: number };
  window?: { start: string; end: string; zone: string };
  targets: PlannedHost[];
  stages: PlannedStage[];
  notes: string[];
}

export interface PlannedHost {
  hostId: string;
  name: string;
  address: string;
  port: number;
  user: string;
  credential: string;
  hostKey: string;
  role: string;
  variant: string;
  version: string;
  packages: Record<string, string>;
  units: string[];
}

export interface PlannedStage {
  name: string;
  width: number;
  haltOnFailure: boolean;
  noWayBack?: string;
  lanes: PlannedLane[];
}

export interface PlannedLane {
  hostId: string;
  hostName: string;
  steps: PlannedStep[];
}

export type Trait = 'OUTAGE' | 'NEVER_REBOOT' | 'NEEDED' | 'DESTROYS';

export interface PlannedStep {
  id: string;
  title: string;
  clauses: string[];
  hostId: string;
  action: { kind: string; question?: string; role?: string; ofDeployment?: boolean; [parameter: string]: unknown };
  /** ISO 8601, as `PT1M30S`. */
  expected: string;
  max: string;
  before: string;
  after: string;
  onFailure: 'retry' | 'stop-and-ask';
  safeAfter: boolean;
  traits: Trait[];
}

export const contentOf = (plan: Plan): PlanContent => plan.plan as unknown as PlanContent;

/** Seconds of a duration as Java writes it: `PT26H3M1.5S`. */
export function secondsOf(iso: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(iso);
  if (!match) return 0;
  const [, days, hours, minutes, seconds] = match;
  return Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}

/** As the engine reckons it: each wave of lanes takes as long as the longest lane. */
export function lasting(stage: PlannedStage, of: (step: PlannedStep) => number): number {
  const longest = Math.max(0, ...stage.lanes.map((lane) => lane.steps.reduce((sum, step) => sum + of(step), 0)));
  return longest * Math.ceil(stage.lanes.length / stage.width);
}

export const expectedOf = (step: PlannedStep) => secondsOf(step.expected);
export const maximumOf = (step: PlannedStep) => secondsOf(step.max);

export const stepsOf = (content: PlanContent): PlannedStep[] => content.stages.flatMap((stage) => stage.lanes.flatMap((lane) => lane.steps));

/** How steps of one kind begin: `install` of `install.web-1`. */
export const kindOf = (stepId: string): string => stepId.split('.', 1)[0] ?? stepId;

/** What a failed step means, in a sentence. */
export function failureMeans(step: PlannedStep, stage: PlannedStage): string {
  const host =
    step.onFailure === 'retry'
      ? 'Nothing was changed: the host is left out until somebody retries.'
      : 'The host is not in service: a person looks at it, then retries' + (step.traits.includes('NEEDED') ? '.' : ' or skips.');
  const others = stage.haltOnFailure ? 'The run stops: nothing follows until this has succeeded.' : 'The other hosts go on.';
  return `${host} ${others}`;
}

/** Steps of one kind with the same words but for the host: shown once, for all hosts. */
export interface StepKind {
  sample: PlannedStep;
  steps: PlannedStep[];
}

/** A stage as a person reads it: what is done to each of these hosts, one step after the other. */
export interface Passage {
  hosts: PlannedLane[];
  kinds: StepKind[];
}

/** Lanes with the same kinds of steps, told once. Their order is that of the plan. */
export function passages(stage: PlannedStage): Passage[] {
  const found = new Map<string, Passage>();
  for (const lane of stage.lanes) {
    const key = lane.steps.map((step) => told(step, lane.hostName)).join('\n');
    const passage = found.get(key);
    if (passage) {
      passage.hosts.push(lane);
      lane.steps.forEach((step, i) => passage.kinds[i]?.steps.push(step));
    } else {
      found.set(key, { hosts: [lane], kinds: lane.steps.map((step) => ({ sample: step, steps: [step] })) });
    }
  }
  return [...found.values()];
}

const told = (step: PlannedStep, host: string): string =>
  JSON.stringify([
    ...[step.title, step.before, step.after, step.action.question ?? ''].map((text) => inWordsForAll(text, host, '{host}')),
    step.action.kind, step.clauses, step.expected, step.max, step.onFailure, step.safeAfter, step.traits,
  ]);

/** The host's name in words that are for all hosts: `Check {host} before any change`. */
export function inWordsForAll(text: string, hostName: string, all: string): string {
  if (!hostName) return text;
  return text.split(hostName).join(all);
}

/** How long a host's users are without service. */
export interface OutageWindow {
  hostId: string;
  host: string;
  expected: number;
  maximum: number;
}

export function outages(content: PlanContent): OutageWindow[] {
  return content.targets
    .map((target) => {
      const away = stepsOf(content).filter((step) => step.hostId === target.hostId && step.traits.includes('OUTAGE'));
      return {
        hostId: target.hostId,
        host: target.name,
        expected: away.reduce((sum, step) => sum + expectedOf(step), 0),
        maximum: away.reduce((sum, step) => sum + maximumOf(step), 0),
      };
    })
    .filter((outage) => outage.maximum > 0);
}
