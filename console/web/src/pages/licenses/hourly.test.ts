import { expect, test } from 'vitest';
import { hourly } from './hourly';

const iso = (at: Date) => at.toISOString().slice(5, 13);

test('hours without a refusal have a bar, and each refusal is in the bar of its hour', () => {
  const bars = hourly(
    {
      from: '2026-11-20T22:00:00Z',
      until: '2026-11-21T01:30:00Z',
      items: [
        { hour: '2026-11-20T22:00:00Z', reason: 'no-license', count: 3 },
        { hour: '2026-11-21T01:00:00Z', reason: 'no-license', count: 2 },
        { hour: '2026-11-21T01:00:00Z', reason: 'expired', count: 1 },
      ],
    },
    1,
    iso,
  );
  expect(bars).toEqual([{ at: '11-20T22', 'no-license': 3 }, { at: '11-20T23' }, { at: '11-21T00' }, { at: '11-21T01', 'no-license': 2, expired: 1 }]);
});

test('several hours to a bar are added up', () => {
  const bars = hourly(
    {
      from: '2026-11-20T00:00:00Z',
      until: '2026-11-20T11:10:00Z',
      items: [
        { hour: '2026-11-20T05:00:00Z', reason: 'no-license', count: 3 },
        { hour: '2026-11-20T06:00:00Z', reason: 'no-license', count: 4 },
        { hour: '2026-11-20T11:00:00Z', reason: 'no-license', count: 5 },
      ],
    },
    6,
    iso,
  );
  expect(bars).toEqual([{ at: '11-20T00', 'no-license': 3 }, { at: '11-20T06', 'no-license': 9 }]);
});
