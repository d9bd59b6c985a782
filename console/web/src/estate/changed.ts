import type { Deployment } from '../api/types';
import { toLines } from './pairs';

/** What of a deployment people decide. */
export type Decided = Pick<Deployment, 'name' | 'members' | 'settings'>;

export interface Change {
  what: string;
  before: string;
  now: string;
}

/** What somebody else changed between two readings of a deployment, in words. */
export function changesOf(before: Decided, now: Decided): Change[] {
  const changes: Change[] = [];
  if (before.name !== now.name) changes.push({ what: 'Name', before: before.name, now: now.name });
  const role = (d: Decided) => new Map(d.members.map((m) => [m.hostId, m]));
  const was = role(before);
  const is = role(now);
  for (const [id, member] of was) {
    const other = is.get(id);
    if (!other) changes.push({ what: `Member ${member.host}`, before: member.role, now: 'no member' });
    else if (other.role !== member.role) changes.push({ what: `Member ${member.host}`, before: member.role, now: other.role });
  }
  for (const [id, member] of is) {
    if (!was.has(id)) changes.push({ what: `Member ${member.host}`, before: 'no member', now: member.role });
  }
  const order = (d: Decided) => d.members.map((m) => m.host).join(', ');
  if (changes.every((c) => !c.what.startsWith('Member')) && order(before) !== order(now)) {
    changes.push({ what: 'Order of the members', before: order(before), now: order(now) });
  }
  for (const name of [...new Set([...Object.keys(before.settings), ...Object.keys(now.settings)])].sort()) {
    const a = before.settings[name];
    const b = now.settings[name];
    if (a !== b) changes.push({ what: `Setting ${name}`, before: a ?? 'not set', now: b ?? 'not set' });
  }
  return changes;
}

/** What a form holds for a deployment. */
export interface Draft {
  name: string;
  product: string;
  members: { host: string; role: string }[];
  settings: string;
}

export const contentOf = (deployment: Deployment): Draft => ({
  name: deployment.name,
  product: deployment.product,
  members: deployment.members.map((m) => ({ host: m.host, role: m.role })),
  settings: toLines(deployment.settings),
});
