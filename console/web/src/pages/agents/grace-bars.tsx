import { Bars } from '../../components/bars';

interface Remaining {
  belowHours: number;
  agents: number;
}

const words: Record<number, string> = { 1: 'under 1 h', 4: '1 to 4 h', 24: '4 to 24 h', 72: '1 to 3 days', 168: '3 to 7 days' };

/** Agents in grace by how much of it is left. */
export function GraceBars({ remaining }: { remaining: readonly Remaining[] }) {
  const data = remaining.map((line) => ({ at: words[line.belowHours] ?? `under ${line.belowHours} h`, agents: line.agents }));
  return (
    <Bars
      label={`Agents in grace by what is left of it: ${data.map((bar) => `${bar.agents} ${bar.at}`).join(', ')}`}
      of="Left"
      data={data}
      series={[{ name: 'agents', label: 'Agents', color: '--tone-wait' }]}
    />
  );
}
