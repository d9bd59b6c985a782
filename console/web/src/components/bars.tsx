import { useComputedColorScheme } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, Tooltip } from 'chart.js';
import { useMemo } from 'react';
import { Bar } from 'react-chartjs-2';
import { DataTable } from './table';

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip, Legend);

export interface Series {
  name: string;
  label: string;
  /** A tone of theme.ts, as in `--tone-wait`. */
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

/** A canvas knows no variables of CSS: their values as they are in this colour scheme. */
function useColours() {
  const scheme = useComputedColorScheme();
  return useMemo(() => {
    // asked after the scheme's attribute is on the document
    document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
    const style = getComputedStyle(document.documentElement);
    return (name: string) => style.getPropertyValue(name).trim();
  }, [scheme]);
}

/** Stacked bars, and the same numbers as a table for those who cannot or would rather not see them. */
export function Bars({ label, data, of, series, height = 220 }: BarsProps) {
  const still = useReducedMotion();
  const colour = useColours();
  const axis = { ticks: { color: colour('--mantine-color-dimmed'), precision: 0 }, stacked: true };
  return (
    <figure style={{ margin: 0 }}>
      <div style={{ height, position: 'relative' }}>
        <Bar
          role="img"
          aria-label={label}
          data={{
            labels: data.map((bar) => bar.at),
            datasets: series.map((s) => ({
              label: s.label,
              data: data.map((bar) => Number(bar[s.name] ?? 0)),
              backgroundColor: colour(s.color),
              maxBarThickness: 56,
            })),
          }}
          options={{
            responsive: true,
            maintainAspectRatio: false,
            animation: still ? false : { duration: 300 },
            interaction: { mode: 'index', intersect: false },
            plugins: { legend: { display: series.length > 1, position: 'bottom', labels: { color: colour('--mantine-color-dimmed') } } },
            scales: {
              x: { ...axis, grid: { display: false } },
              y: { ...axis, beginAtZero: true, grid: { color: colour('--interlock-line') } },
            },
          }}
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
