import { expect, test } from 'vitest';
import { planOf, runOf, step, withStates } from './fixtures';
import { abortMeans, pauseMeans, resumeMeans, retryMeans, skipMeans } from './meaning';

const noon = new Date('2026-03-01T12:00:00Z');
const plan = () => {
  const content = planOf(2, { Preflight: ['check'], Upgrade: ['stop', 'upgrade', 'start'] });
  for (const lane of content.stages[1]!.lanes) {
    lane.steps[0]!.safeAfter = false;
    lane.steps[1]!.safeAfter = false;
  }
  return content;
};

test('a pause names the safe point to which each host that has begun goes on', () => {
  const run = withStates(runOf(plan()), { 'check.web-1': 'succeeded', 'check.web-2': 'succeeded', 'stop.web-1': 'running' });
  expect(pauseMeans(run, plan())).toEqual({
    may: true,
    sentence:
      'The run rests at the next safe point; no other host is begun. First web-1 goes on until ‘Start web-1’ is done. Resume it when it shall go on.',
  });
});

test('a pause while nothing is half-way is at once', () => {
  expect(pauseMeans(runOf(plan()), plan()).sentence).toContain('Nothing is half-way');
});

test('an abort past the point of no return is not possible, and says what is', () => {
  const content = plan();
  content.stages[1]!.noWayBack = 'A server is in update mode: there is no way back.';
  const begun = withStates(runOf(content), { 'stop.web-1': 'running' });
  expect(abortMeans(begun, content)).toEqual({
    may: false,
    sentence: 'A server is in update mode: there is no way back. Resume the run, and retry what failed: the way is forward.',
  });
  expect(abortMeans(runOf(content), content).may).toBe(true);
  const past = withStates(runOf(content), Object.fromEntries(content.stages[1]!.lanes.flatMap((lane) => lane.steps.map((s) => [s.id, 'succeeded']))));
  expect(abortMeans(past, content).may).toBe(true);
});

test('a run that has ended can neither be paused nor resumed nor aborted', () => {
  const run = runOf(plan(), 'completed');
  for (const meaning of [pauseMeans(run, plan()), resumeMeans(run, plan(), noon), abortMeans(run, plan())]) {
    expect(meaning).toEqual({ may: false, sentence: 'The run is completed.' });
  }
});

test('a run does not go on past a stage that must succeed, nor outside its window', () => {
  const content = plan();
  content.stages[0]!.haltOnFailure = true;
  const failed = withStates(runOf(content, 'paused'), { 'check.web-1': 'failed' });
  expect(resumeMeans(failed, content, noon).sentence).toContain('The stage ‘Preflight’ must succeed');
  expect(resumeMeans(runOf(plan(), 'paused'), plan(), noon).may).toBe(true);
  const closed = { ...plan(), window: { start: '2026-03-01T08:00:00Z', end: '2026-03-01T12:00:00Z', zone: 'UTC' } };
  expect(resumeMeans(runOf(closed, 'paused'), closed, noon).may).toBe(false);
});

test('a step without which the next would do harm can be retried, not skipped', () => {
  const content = plan();
  content.stages[0]!.lanes[0]!.steps[0] = step('check', 1, { traits: ['NEEDED'] });
  const run = withStates(runOf(content), { 'check.web-1': 'failed' });
  const failed = run.stages[0]!.lanes[0]!.steps[0]!;
  expect(retryMeans(run, failed, content, noon).may).toBe(true);
  expect(skipMeans(run, failed, content, noon)).toMatchObject({ may: false });
});

test('a skip says what is then not known and what follows', () => {
  const run = withStates(runOf(plan()), { 'stop.web-1': 'failed' });
  expect(skipMeans(run, run.stages[1]!.lanes[0]!.steps[0]!, plan(), noon)).toEqual({
    may: true,
    sentence: 'The run goes on without this step. What it was to bring about is then not known to hold: stop holds on web-1. The host goes on with ‘Upgrade web-1’.',
  });
});

test('a step that has not failed is neither retried nor skipped', () => {
  const run = runOf(plan());
  expect(retryMeans(run, run.stages[0]!.lanes[0]!.steps[0]!, plan(), noon).may).toBe(false);
});
