import { expect, test } from 'vitest';
import type { StreamedEvent } from '../api/events';
import { planOf, runOf } from './fixtures';
import { applied, isEnd, swimlanes, tally } from './live';

const at = '2026-03-01T12:00:10Z';
const event = (id: number, stepId: string, state: string, attempt = 1): StreamedEvent => ({ id, type: `Step${state}`, at, data: { stepId, state, attempt } });
const run = () => runOf(planOf(3, { Preflight: ['check'], Upgrade: ['stop', 'upgrade'] }));

test('an event moves its step and nothing else', () => {
  const before = run();
  const after = applied(before, [event(1, 'check.web-2', 'running')]);
  const [first, second, third] = after.stages[0]!.lanes;
  expect(second!.steps[0]).toMatchObject({ state: 'running', attempt: 1, since: at });
  expect(first).toBe(before.stages[0]!.lanes[0]);
  expect(third).toBe(before.stages[0]!.lanes[2]);
  expect(after.stages[1]).toBe(before.stages[1]);
  expect(after.lastEvent).toBe(1);
});

test('an event that is known is not applied again', () => {
  const before = applied(run(), [event(4, 'check.web-1', 'succeeded')]);
  expect(applied(before, [event(4, 'check.web-1', 'succeeded'), event(2, 'check.web-1', 'running')])).toBe(before);
});

test('a retry takes the failure and the end away', () => {
  const failed = applied(run(), [event(1, 'check.web-1', 'running'), event(2, 'check.web-1', 'failed')]);
  expect(failed.stages[0]!.lanes[0]!.steps[0]).toMatchObject({ state: 'failed', endedAt: at });
  const again = applied(failed, [event(3, 'check.web-1', 'running', 2)]).stages[0]!.lanes[0]!.steps[0]!;
  expect(again).toMatchObject({ state: 'running', attempt: 2 });
  expect(again.endedAt).toBeUndefined();
});

test('the count of hosts and the status follow what is announced', () => {
  const after = applied(run(), [
    { id: 1, type: 'NodeUpdated', at, data: { n: 2, m: 3 } },
    { id: 2, type: 'UpgradePaused', at, data: {} },
  ]);
  expect(after).toMatchObject({ updatedNodes: 2, status: 'paused' });
  expect(isEnd({ id: 3, type: 'UpgradeFailed', at, data: {} })).toBe(true);
  expect(isEnd({ id: 3, type: 'UpgradePaused', at, data: {} })).toBe(false);
});

test('a lane of which nothing changed is the same object', () => {
  const before = run();
  const lanes = swimlanes(before);
  const next = swimlanes(applied(before, [event(1, 'upgrade.web-3', 'running')]), lanes);
  expect(next[0]).toBe(lanes[0]);
  expect(next[1]).toBe(lanes[1]);
  expect(next[2]).not.toBe(lanes[2]);
  expect(next[2]!.stages.map((steps) => steps.length)).toEqual([1, 2]);
});

test('steps are counted by state', () => {
  const after = applied(run(), [event(1, 'check.web-1', 'succeeded'), event(2, 'check.web-2', 'failed'), event(3, 'check.web-3', 'waiting'), event(4, 'stop.web-1', 'running')]);
  expect(tally(after)).toEqual({ steps: 9, done: 1, running: 1, failed: 1, waiting: 1 });
});
