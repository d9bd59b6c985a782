interface Counted {
  from: string;
  until: string;
  items: readonly { hour: string; reason: string; count: number }[];
}

const HOUR = 3_600_000;

/** Bars of so many hours, also those without a refusal, each with a count for each reason. */
export function hourly({ from, until, items }: Counted, hoursEach: number, label = localLabel(hoursEach)) {
  const start = Date.parse(from);
  const bars: ({ at: string } & Record<string, string | number>)[] = [];
  for (let at = start; at <= Date.parse(until); at += hoursEach * HOUR) bars.push({ at: label(new Date(at)) });
  for (const { hour, reason, count } of items) {
    const bar = bars[Math.floor((Date.parse(hour) - start) / (hoursEach * HOUR))];
    if (bar) bar[reason] = Number(bar[reason] ?? 0) + count;
  }
  return bars;
}

function localLabel(hoursEach: number) {
  const format = new Intl.DateTimeFormat(undefined, hoursEach === 1 ? { hour: '2-digit', minute: '2-digit' } : { weekday: 'short', hour: '2-digit' });
  return (at: Date) => format.format(at);
}
