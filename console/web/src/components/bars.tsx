import '@mantine/charts/styles.layer.css';
import { BarChart } from '@mantine/charts';
import { useReducedMotion } from '@mantine/hooks';
import { DataTable } from './table';

export interface Series {
  name: string;
  label: string;
  /** A CSS colour; the tones of theme.ts reach contrast in both schemes. */
  color: string;
}

interface BarsProps {
  /** What the chart shows, as a screen reader says it. */
  label: string;
  data: readonly ({ at: string } & Record<string, string | number>)[];
  /** The heading of the first column of the table under the chart. */
  of: string;
  series: Series[];
  height?: number;
}

/** Stacked bars, and the same numbers as a table for those who cannot or would rather not see them. */
export function Bars({ label, data, of, series, height = 220 }: BarsProps) {
  const still = useReducedMotion();
  return (
    <figure style={{ margin: 0 }}>
      <div role="img" aria-label={label}>
        <BarChart
          h={height}
          data={[...data]}
          dataKey="at"
          type="stacked"
          series={series}
          withLegend={series.length > 1}
          tickLine="none"
          gridAxis="y"
          yAxisProps={{ allowDecimals: false, width: 44 }}
          barProps={{ isAnimationActive: !still, animationDuration: 300 }}
          maxBarWidth={56}
          tabIndex={-1}
        />
      </div>
      <details>
        <summary style={{ fontSize: '0.8125rem', color: 'var(--mantine-color-dimmed)', cursor: 'pointer' }}>The numbers as a table</summary>
        <DataTable
          caption={label}
          keyOf={(row) => row.at}
          rows={data}
          columns={[
            { header: of, cell: (row) => row.at },
            ...series.map((s) => ({ header: s.label, number: true, cell: (row: (typeof data)[number]) => row[s.name] ?? 0 })),
          ]}
        />
      </details>
    </figure>
  );
}
