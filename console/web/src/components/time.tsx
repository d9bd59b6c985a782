import { useSyncExternalStore } from 'react';

const local = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const short = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

const listeners = new Set<() => void>();
let second = Math.floor(Date.now() / 1000);
let timer: ReturnType<typeof setInterval> | undefined;

/** The time now, in whole seconds since 1970: one clock for the page, so that all that counts down does so at once. */
export function useNow(): number {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      timer ??= setInterval(() => {
        second = Math.floor(Date.now() / 1000);
        listeners.forEach((listener) => listener());
      }, 1000);
      return () => {
        listeners.delete(changed);
        if (listeners.size === 0) {
          clearInterval(timer);
          timer = undefined;
        }
      };
    },
    () => second,
  );
}

/** The zone that the browser is set to. */
export const viewersZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

export const utc = (at: string): string => `${new Date(at).toISOString().replace('T', ' ').replace(/\.\d+Z$/, '')} UTC`;

const formats = { date: local, day, clock: short };

interface TimeProps {
  at: string | null | undefined;
  /** `ago`: how long ago or how soon; `day`: without the time of day; `clock`: nothing but it. */
  as?: 'date' | 'ago' | 'day' | 'clock';
}

/** A time in the viewer's own zone, in UTC on hover. */
export function Time({ at, as = 'date' }: TimeProps) {
  if (!at) return <>–</>;
  const title = as === 'ago' || as === 'day' ? `${local.format(new Date(at))}\n${utc(at)}` : utc(at);
  return (
    <time dateTime={at} title={title}>
      {as === 'ago' ? <Ago at={at} /> : formats[as].format(new Date(at))}
    </time>
  );
}

function Ago({ at }: { at: string }) {
  const seconds = Math.round(Date.parse(at) / 1000) - useNow();
  const size = Math.abs(seconds);
  if (size < 60) return <>{relative.format(seconds, 'second')}</>;
  if (size < 3600) return <>{relative.format(Math.trunc(seconds / 60), 'minute')}</>;
  if (size < 48 * 3600) return <>{relative.format(Math.trunc(seconds / 3600), 'hour')}</>;
  return <>{relative.format(Math.trunc(seconds / 86_400), 'day')}</>;
}

/** Seconds in words that are short enough for a table: `45 s`, `3 min 20 s`, `2 h 5 min`, `6 d 3 h`. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  const parts = (big: number, bigWord: string, small: number, smallWord: string) =>
    small === 0 ? `${big} ${bigWord}` : `${big} ${bigWord} ${small} ${smallWord}`;
  if (s < 60) return `${s} s`;
  if (s < 3600) return parts(Math.floor(s / 60), 'min', s % 60, 's');
  if (s < 86_400) return parts(Math.floor(s / 3600), 'h', Math.floor((s % 3600) / 60), 'min');
  return parts(Math.floor(s / 86_400), 'd', Math.floor((s % 86_400) / 3600), 'h');
}

/** Time left until an instant, or since it, counting. */
export function Left({ until }: { until: string }) {
  const seconds = Math.round(Date.parse(until) / 1000) - useNow();
  return (
    <time dateTime={until} title={`${local.format(new Date(until))}\n${utc(until)}`}>
      {seconds >= 0 ? duration(seconds) : `over since ${duration(-seconds)}`}
    </time>
  );
}
