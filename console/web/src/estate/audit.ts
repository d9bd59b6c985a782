import type { Domain } from '../api/client';
import type { AuditLine } from '../api/types';

export const services: { domain: Domain; label: string }[] = [
  { domain: 'inventory', label: 'Inventory' },
  { domain: 'licenses', label: 'Licences' },
  { domain: 'upgrades', label: 'Upgrades' },
  { domain: 'agents', label: 'Agents' },
];

/** The rows of one service that were fetched so far, newest first, and whether there are older ones. */
export interface Source {
  domain: Domain;
  rows: readonly AuditLine[];
  more: boolean;
}

export type Row = AuditLine & { domain: Domain };

const time = (row: AuditLine) => Date.parse(row.at);

/**
 * One list of all services' rows, newest first. Rows older than the oldest that was fetched of a service which has more are held
 * back: a row of that service may belong before them, and a list that is read must not grow in its middle.
 */
export function merge(sources: readonly Source[]): { rows: Row[]; fetch: Domain[] } {
  const open = sources.filter((source) => source.more);
  const reach = (source: Source) => (source.rows.length > 0 ? time(source.rows[source.rows.length - 1]!) : Infinity);
  const barrier = Math.max(-Infinity, ...open.map(reach));
  const rows = sources
    .flatMap((source) => source.rows.map((row) => ({ ...row, domain: source.domain })))
    .filter((row) => time(row) >= barrier)
    // two services' clocks may agree to the millisecond: within a service its own count decides
    .sort((a, b) => time(b) - time(a) || a.domain.localeCompare(b.domain) || b.seq - a.seq);
  return { rows, fetch: open.filter((source) => reach(source) >= barrier).map((source) => source.domain) };
}

/** A row as a line of JSON, with the service that it comes from. */
export const toJsonLine = ({ domain, ...row }: Row): string => JSON.stringify({ service: domain, ...row });

/** The facts of a row, by name; whatever is no text is shown as JSON. */
export function facts(detail: unknown): [string, string][] {
  if (typeof detail !== 'object' || detail === null) return [];
  return Object.entries(detail).map(([name, value]) => [name.replaceAll('-', ' '), typeof value === 'string' ? value : JSON.stringify(value)]);
}
