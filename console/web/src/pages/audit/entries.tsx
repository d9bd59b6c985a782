import { Text } from '@mantine/core';
import { Status } from '../../components/status';
import { DataTable } from '../../components/table';
import { Time } from '../../components/time';
import { facts, services, type Row } from '../../estate/audit';

export function Entries({ rows }: { rows: Row[] }) {
  return (
    <DataTable
      caption="What was done, newest first"
      rows={rows}
      keyOf={(row) => `${row.domain} ${row.seq}`}
      columns={[
        { header: 'When', cell: (row) => <span className="whole"><Time at={row.at} /></span> },
        {
          header: 'Who',
          cell: (row) => (
            <>
              <b>{row.actor}</b>
              <Text size="xs" c="dimmed">
                {row.roles.join(', ')}
              </Text>
            </>
          ),
        },
        {
          header: 'Did what',
          cell: (row) => (
            <>
              <span className="mono whole">{row.action}</span>
              <Text size="xs" c="dimmed">
                {services.find((s) => s.domain === row.domain)?.label}
              </Text>
            </>
          ),
        },
        { header: 'Outcome', cell: (row) => <Status word={row.outcome} /> },
        { header: 'Details', cell: (row) => <Details row={row} /> },
      ]}
    />
  );
}

function Details({ row }: { row: Row }) {
  const said = facts(row.detail);
  return (
    <>
      <Text size="sm">{row.subject}</Text>
      {said.length > 0 && (
        <dl className="said">
          {said.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt> <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <details>
        <summary className="summary">Row {row.seq}</summary>
        <dl className="pairs" style={{ fontSize: '0.8125rem' }}>
          <dt>Hash</dt>
          <dd className="fingerprint">{row.hash}</dd>
          <dt>Follows</dt>
          <dd className="fingerprint">{row.previousHash}</dd>
          {row.trace && (
            <>
              <dt>Trace</dt>
              <dd className="fingerprint">{row.trace}</dd>
            </>
          )}
        </dl>
      </details>
    </>
  );
}
