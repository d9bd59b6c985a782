import { expect, test } from 'vitest';
import { instantOf, wallClock } from './zones';

test('a time on the wall is the same instant that the wall clock there shows', () => {
  expect(instantOf('2026-03-01T22:00', 'Europe/Berlin')).toEqual({ at: new Date('2026-03-01T21:00:00Z') });
  expect(instantOf('2026-07-01T22:00', 'Europe/Berlin')).toEqual({ at: new Date('2026-07-01T20:00:00Z') });
  expect(instantOf('2026-03-01T00:30', 'Pacific/Kiritimati')).toEqual({ at: new Date('2026-02-28T10:30:00Z') });
  expect(instantOf('2026-03-01T12:00', 'UTC')).toEqual({ at: new Date('2026-03-01T12:00:00Z') });
  expect(wallClock(new Date('2026-03-01T18:15:00Z'), 'Asia/Kathmandu')).toBe('2026-03-02T00:00');
});

test('a time that is skipped when clocks are put forward is none', () => {
  expect(instantOf('2026-03-29T02:30', 'Europe/Berlin')).toEqual({ problem: 'skipped' });
  expect(instantOf('2026-03-08T02:30', 'America/New_York')).toEqual({ problem: 'skipped' });
});

test('a time that comes twice when clocks are put back is not guessed', () => {
  expect(instantOf('2026-10-25T02:30', 'Europe/Berlin')).toEqual({ problem: 'twice' });
  expect(instantOf('2026-10-25T03:30', 'Europe/Berlin')).toEqual({ at: new Date('2026-10-25T02:30:00Z') });
});

test('what is no time is said to be none', () => {
  expect(instantOf('', 'UTC')).toEqual({ problem: 'invalid' });
});
