import { expect, test } from 'vitest';
import { expectedOf, lasting, outages, passages, secondsOf } from './content';
import { planOf, step } from './fixtures';

test('durations are read as Java writes them', () => {
  expect(['PT0S', 'PT1.5S', 'PT2M', 'PT26H3M', 'PT24H', 'P1DT1S'].map(secondsOf)).toEqual([0, 1.5, 120, 93_780, 86_400, 86_401]);
});

test('each wave of hosts takes as long as the longest lane', () => {
  const stage = { ...planOf(5, { Upgrade: ['stop', 'start'] }).stages[0]!, width: 2 };
  expect(lasting(stage, expectedOf)).toBe(60);
});

test('hosts with the same steps are told once, others by themselves', () => {
  const stage = planOf(3, { Upgrade: ['stop', 'start'] }).stages[0]!;
  stage.lanes[2]!.steps.push(step('renew', 3));
  const told = passages(stage);
  expect(told.map((p) => p.hosts.map((h) => h.hostName))).toEqual([['web-1', 'web-2'], ['web-3']]);
  expect(told[0]!.kinds.map((k) => k.steps.map((s) => s.id))).toEqual([['stop.web-1', 'stop.web-2'], ['start.web-1', 'start.web-2']]);
});

test('a host is away for as long as its outage steps take', () => {
  const plan = planOf(2, { Upgrade: ['stop', 'upgrade', 'start'] });
  plan.stages[0]!.lanes[0]!.steps = [step('stop', 1, { traits: ['OUTAGE'] }), step('upgrade', 1, { traits: ['OUTAGE', 'NEEDED'] }), step('start', 1)];
  expect(outages(plan)).toEqual([{ hostId: 'host-1', host: 'web-1', expected: 20, maximum: 120 }]);
});
