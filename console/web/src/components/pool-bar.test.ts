import { expect, test } from 'vitest';
import type { Pool } from '../api/types';
import { partsOf } from './pool-bar';

const held = (licenseServer: string, total: number, inUse: number, more: { returning?: number; lost?: boolean } = {}) => ({
  licenseServerId: licenseServer, licenseServer, total, inUse, returning: more.returning ?? 0, lost: more.lost ?? false,
});

const pool = (seats: number, activations: ReturnType<typeof held>[], asked = 0): Pool => {
  const returning = activations.reduce((sum, a) => sum + a.returning, 0);
  const active = activations.reduce((sum, a) => sum + a.total - a.returning, 0);
  return { seats, active, available: seats - active, activations, inTransit: { asked, returning } } as unknown as Pool;
};

const sum = (p: Pool) => partsOf(p).reduce((total, part) => total + part.count, 0);

test('the parts of a pool add up to its seats, whatever is on its way', () => {
  for (const p of [
    pool(10, []),
    pool(10, [held('a', 4, 1), held('b', 6, 6)]),
    pool(10, [held('a', 4, 1, { returning: 2 }), held('b', 3, 0, { lost: true })], 2),
    pool(10, [held('a', 9, 1)], 5),
    pool(10, [held('a', 10, 0, { returning: 10 })]),
    pool(10, [held('a', 6, 0, { returning: 6 })], 10),
  ]) {
    expect(sum(p)).toBe(10);
  }
});

test('what a lost server held is lost, neither free nor in use', () => {
  expect(partsOf(pool(10, [held('burnt', 4, 1, { lost: true })])).map((part) => [part.kind, part.count])).toEqual([
    ['lost', 4],
    ['free', 6],
  ]);
});
