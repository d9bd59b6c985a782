import { viewersZone } from '../components/time';

/** All zones that the browser knows, UTC and the viewer's first. */
export function allZones(): string[] {
  const known = Intl.supportedValuesOf('timeZone');
  return [...new Set([viewersZone(), 'UTC', ...known])];
}

const formats = new Map<string, Intl.DateTimeFormat>();

function partsIn(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    });
    formats.set(zone, format);
  }
  return format;
}

/** What a clock on the wall shows there at the instant, as `2026-03-29T02:30`. */
export function wallClock(at: Date, zone: string): string {
  const part = Object.fromEntries(partsIn(zone).formatToParts(at).map((p) => [p.type, p.value]));
  return `${part['year']}-${part['month']}-${part['day']}T${part['hour']}:${part['minute']}`;
}

export type Moment = { at: Date } | { problem: 'invalid' | 'skipped' | 'twice' };

/**
 * The instant at which a clock on the wall there shows this. When clocks are put forward some times are skipped, and when they are put
 * back some come twice: a maintenance window must not rest on a guess, so both are said.
 *
 * @param wall as `datetime-local` gives it
 */
export function instantOf(wall: string, zone: string): Moment {
  const naive = Date.parse(`${wall.length === 16 ? `${wall}:00` : wall}Z`);
  if (Number.isNaN(naive)) return { problem: 'invalid' };
  const shown = wall.slice(0, 16);
  // No zone is more than a day from UTC, and none changes its clocks twice in so short a time.
  const offsets = new Set([naive - 86_400_000, naive, naive + 86_400_000].map((at) => offsetAt(at, zone)));
  const found = [...offsets].map((offset) => new Date(naive - offset)).filter((at) => wallClock(at, zone) === shown);
  if (found.length === 0) return { problem: 'skipped' };
  const [first, second] = [...new Map(found.map((at) => [at.getTime(), at])).values()];
  if (second) return { problem: 'twice' };
  return { at: first as Date };
}

/** Milliseconds that the zone is ahead of UTC at an instant. */
function offsetAt(at: number, zone: string): number {
  const minute = Math.floor(at / 60_000) * 60_000;
  return Date.parse(`${wallClock(new Date(minute), zone)}:00Z`) - minute;
}

const words = new Map<string, Intl.DateTimeFormat>();

/** A time in a zone, for people. */
export function inZone(at: Date, zone: string): string {
  let format = words.get(zone);
  if (!format) {
    try {
      format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
    } catch {
      format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
    }
    words.set(zone, format);
  }
  return format.format(at);
}
