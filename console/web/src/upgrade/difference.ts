import type { PlanContent, PlannedHost, PlannedStage, PlannedStep } from './content';
import { duration } from '../components/time';
import { secondsOf } from './content';

export type Change = 'added' | 'removed' | 'changed' | 'moved';

export interface Difference {
  about: 'versions' | 'settings' | 'hosts' | 'stages' | 'steps';
  change: Change;
  /** What it is about: a host, a stage, a step, a setting. */
  what: string;
  then?: string;
  now?: string;
}

/** What a reader who knows the earlier plan has to look at in the later one. Nothing, if both would do the same. */
export function difference(then: PlanContent, now: PlanContent): Difference[] {
  return [...versions(then, now), ...settings(then, now), ...hosts(then, now), ...stages(then, now), ...steps(then, now)];
}

function versions(then: PlanContent, now: PlanContent): Difference[] {
  return [
    ...changed('versions', 'Found version', then.from, now.from),
    ...changed('versions', 'Target version', then.target, now.target),
    ...changed('versions', 'Repository', then.repository, now.repository),
  ];
}

function settings(then: PlanContent, now: PlanContent): Difference[] {
  const window = (w: PlanContent['window']) => (w ? `${w.start} to ${w.end} (${w.zone})` : 'none');
  return [
    ...changed('settings', 'Hosts at once', String(then.limits.concurrency), String(now.limits.concurrency)),
    ...changed('settings', 'Canary hosts', String(then.limits.canary), String(now.limits.canary)),
    ...changed('settings', 'Stops at failed hosts', String(then.limits.failureThreshold ?? 'never'), String(now.limits.failureThreshold ?? 'never')),
    ...changed('settings', 'Maintenance window', window(then.window), window(now.window)),
  ];
}

function hosts(then: PlanContent, now: PlanContent): Difference[] {
  return byKey(then.targets, now.targets, (host) => host.hostId).flatMap(([before, after]): Difference[] => {
    if (!before) return after ? [{ about: 'hosts', change: 'added', what: after.name, now: `${after.role}, ${after.version}` }] : [];
    if (!after) return [{ about: 'hosts', change: 'removed', what: before.name, then: `${before.role}, ${before.version}` }];
    return hostFields.flatMap(([word, read]) => changed('hosts', `${after.name}: ${word}`, read(before), read(after)));
  });
}

const hostFields: [string, (host: PlannedHost) => string][] = [
  ['name', (h) => h.name],
  ['address', (h) => `${h.address}:${h.port}`],
  ['user', (h) => h.user],
  ['credential', (h) => h.credential],
  ['SSH host key', (h) => h.hostKey],
  ['role', (h) => h.role],
  ['variant', (h) => h.variant],
  ['version', (h) => h.version],
  ['packages', (h) => Object.entries(h.packages).sort(([a], [b]) => a.localeCompare(b)).map(([name, version]) => `${name} ${version}`).join(', ') || 'none'],
  ['services', (h) => h.units.join(', ') || 'none'],
];

function stages(then: PlanContent, now: PlanContent): Difference[] {
  const found = byKey(then.stages, now.stages, (stage) => stage.name).flatMap(([before, after]): Difference[] => {
    if (!before) return after ? [{ about: 'stages', change: 'added', what: after.name, now: lanes(after) }] : [];
    if (!after) return [{ about: 'stages', change: 'removed', what: before.name, then: lanes(before) }];
    return [
      ...changed('stages', `${after.name}: hosts at once`, String(before.width), String(after.width)),
      ...changed('stages', `${after.name}: a failure`, halts(before), halts(after)),
      ...changed('stages', `${after.name}: way back`, before.noWayBack ?? 'yes', after.noWayBack ?? 'yes'),
      ...moved('stages', `${after.name}: order of hosts`, before.lanes.map((lane) => lane.hostName), after.lanes.map((lane) => lane.hostName)),
    ];
  });
  return [...found, ...moved('stages', 'Order of stages', then.stages.map((s) => s.name), now.stages.map((s) => s.name))];
}

const lanes = (stage: PlannedStage) => stage.lanes.map((lane) => lane.hostName).join(', ');
const halts = (stage: PlannedStage) => (stage.haltOnFailure ? 'stops the run' : 'leaves its host behind');

interface Placed {
  stage: string;
  step: PlannedStep;
}

const placed = (content: PlanContent): Placed[] =>
  content.stages.flatMap((stage) => stage.lanes.flatMap((lane) => lane.steps.map((step) => ({ stage: stage.name, step }))));

function steps(then: PlanContent, now: PlanContent): Difference[] {
  // A stage or a host that is wholly new or gone is told above; its steps need no lines of their own.
  const known = {
    stages: both(then.stages.map((s) => s.name), now.stages.map((s) => s.name)),
    hosts: both(then.targets.map((t) => t.hostId), now.targets.map((t) => t.hostId)),
  };
  const told = (at: Placed) => !known.stages.has(at.stage) || !known.hosts.has(at.step.hostId);
  return byKey(placed(then), placed(now), (at) => at.step.id).flatMap(([before, after]): Difference[] => {
    if (!before) return after && !told(after) ? [{ about: 'steps', change: 'added', what: after.step.title, now: after.stage }] : [];
    if (!after) return told(before) ? [] : [{ about: 'steps', change: 'removed', what: before.step.title, then: before.stage }];
    const title = after.step.title;
    return [
      ...changed('steps', `${title}: stage`, before.stage, after.stage),
      ...stepFields.flatMap(([word, read]) => changed('steps', `${title}: ${word}`, read(before.step), read(after.step))),
      ...action(title, before.step.action, after.step.action),
    ];
  });
}

const stepFields: [string, (step: PlannedStep) => string][] = [
  ['words', (s) => s.title],
  ['clauses', (s) => s.clauses.join(', ')],
  ['expected', (s) => duration(secondsOf(s.expected))],
  ['maximum', (s) => duration(secondsOf(s.max))],
  ['before', (s) => s.before],
  ['after', (s) => s.after],
  ['on failure', (s) => s.onFailure],
  ['safe to rest after', (s) => (s.safeAfter ? 'yes' : 'no')],
  ['traits', (s) => [...s.traits].sort().join(', ') || 'none'],
];

function action(title: string, then: PlannedStep['action'], now: PlannedStep['action']): Difference[] {
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])].sort();
  return names.flatMap((name) => changed('steps', `${title}: ${name}`, inWords(then[name]), inWords(now[name])));
}

const inWords = (value: unknown): string => (value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value));

function changed(about: Difference['about'], what: string, then: string, now: string): Difference[] {
  return then === now ? [] : [{ about, change: 'changed', what, then, now }];
}

/** Only those that are in both can have changed places. */
function moved(about: Difference['about'], what: string, then: string[], now: string[]): Difference[] {
  const stay = both(then, now);
  const before = then.filter((name) => stay.has(name)).join(', ');
  const after = now.filter((name) => stay.has(name)).join(', ');
  return before === after ? [] : [{ about, change: 'moved', what, then: before, now: after }];
}

const both = (a: string[], b: string[]): Set<string> => new Set(a.filter((name) => b.includes(name)));

/** Pairs by key: those of now in their order, then those that are gone. */
function byKey<T>(then: T[], now: T[], key: (item: T) => string): [T | undefined, T | undefined][] {
  const before = new Map(then.map((item) => [key(item), item]));
  const after = new Set(now.map(key));
  return [
    ...now.map((item): [T | undefined, T] => [before.get(key(item)), item]),
    ...then.filter((item) => !after.has(key(item))).map((item): [T, undefined] => [item, undefined]),
  ];
}
