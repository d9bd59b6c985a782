import { expect, test } from 'vitest';
import { difference } from './difference';
import { planOf, step } from './fixtures';

const plan = () => planOf(2, { Preflight: ['check'], Upgrade: ['stop', 'upgrade', 'start'] });

test('two plans that would do the same do not differ', () => {
  expect(difference(plan(), plan())).toEqual([]);
});

test('versions, limits and the window are told', () => {
  const now = { ...plan(), target: '1.6.0', limits: { concurrency: 2, canary: 1, failureThreshold: 3 }, window: { start: '2026-03-01T20:00:00Z', end: '2026-03-01T22:00:00Z', zone: 'Europe/Berlin' } };
  expect(difference(plan(), now)).toEqual([
    { about: 'versions', change: 'changed', what: 'Target version', then: '1.5.0', now: '1.6.0' },
    { about: 'settings', change: 'changed', what: 'Hosts at once', then: '10', now: '2' },
    { about: 'settings', change: 'changed', what: 'Canary hosts', then: '0', now: '1' },
    { about: 'settings', change: 'changed', what: 'Stops at failed hosts', then: 'never', now: '3' },
    { about: 'settings', change: 'changed', what: 'Maintenance window', then: 'none', now: '2026-03-01T20:00:00Z to 2026-03-01T22:00:00Z (Europe/Berlin)' },
  ]);
});

test('a host that came is told once, not once for each of its steps', () => {
  const found = difference(plan(), planOf(3, { Preflight: ['check'], Upgrade: ['stop', 'upgrade', 'start'] }));
  expect(found).toEqual([{ about: 'hosts', change: 'added', what: 'web-3', now: 'node, 1.4.0' }]);
});

test('a host that went and one whose version changed are told', () => {
  const then = plan();
  const now = planOf(1, { Preflight: ['check'], Upgrade: ['stop', 'upgrade', 'start'] });
  now.targets[0]!.version = '1.4.1';
  expect(difference(then, now)).toEqual([
    { about: 'hosts', change: 'changed', what: 'web-1: version', then: '1.4.0', now: '1.4.1' },
    { about: 'hosts', change: 'removed', what: 'web-2', then: 'node, 1.4.0' },
  ]);
});

test('a stage that is new, one that has no way back any more, and another order of stages are told', () => {
  const now = planOf(2, { Upgrade: ['stop', 'upgrade', 'start'], Preflight: ['check'], After: ['prove'] });
  now.stages[0]!.noWayBack = 'A server is in update mode.';
  expect(difference(plan(), now)).toEqual([
    { about: 'stages', change: 'changed', what: 'Upgrade: way back', then: 'yes', now: 'A server is in update mode.' },
    { about: 'stages', change: 'added', what: 'After', now: 'web-1, web-2' },
    { about: 'stages', change: 'moved', what: 'Order of stages', then: 'Preflight, Upgrade', now: 'Upgrade, Preflight' },
  ]);
});

test('a step that is new, gone or changed is told with what changed in it', () => {
  const now = planOf(2, { Preflight: ['check'], Upgrade: ['stop', 'upgrade', 'start'] });
  now.stages[1]!.lanes[0]!.steps = [step('stop', 1), step('upgrade', 1, { max: 'PT2M', action: { kind: 'upgrade', packages: { 'kcm-guacd': '1.5.0' } } }), step('prove', 1)];
  expect(difference(plan(), now)).toEqual([
    { about: 'steps', change: 'changed', what: 'Upgrade web-1: maximum', then: '1 min', now: '2 min' },
    { about: 'steps', change: 'changed', what: 'Upgrade web-1: packages', then: 'none', now: '{"kcm-guacd":"1.5.0"}' },
    { about: 'steps', change: 'added', what: 'Prove web-1', now: 'Upgrade' },
    { about: 'steps', change: 'removed', what: 'Start web-1', then: 'Upgrade' },
  ]);
});
