import { describe, expect, it } from 'vitest';
import type { AuditLine } from '../api/types';
import { merge, toJsonLine, type Source } from './audit';

const row = (seq: number, at: string): AuditLine =>
  ({ seq, at: `2026-03-01T12:00:${at}Z`, actor: 'olga', roles: [], action: 'host.register', subject: '', outcome: 'done', detail: {}, previousHash: '', hash: '' }) as unknown as AuditLine;

const inventory = (more: boolean, ...rows: AuditLine[]): Source => ({ domain: 'inventory', rows, more });
const upgrades = (more: boolean, ...rows: AuditLine[]): Source => ({ domain: 'upgrades', rows, more });
const names = (sources: Source[]) => merge(sources).rows.map((r) => `${r.domain} ${r.seq}`);

describe('the audit log of all services', () => {
  it('is one list by time, newest first', () => {
    expect(names([inventory(false, row(2, '30'), row(1, '10')), upgrades(false, row(7, '20'))])).toEqual(['inventory 2', 'upgrades 7', 'inventory 1']);
  });

  it('holds back what rows that were not fetched yet may come before', () => {
    const merged = merge([inventory(true, row(9, '50'), row(8, '40')), upgrades(false, row(3, '45'), row(2, '20'))]);
    expect(merged.rows.map((r) => `${r.domain} ${r.seq}`)).toEqual(['inventory 9', 'upgrades 3', 'inventory 8']);
    expect(merged.fetch).toEqual(['inventory']);
  });

  it('asks only the services that hold the list back for more', () => {
    expect(merge([inventory(true, row(9, '50')), upgrades(true, row(3, '10'))]).fetch).toEqual(['inventory']);
    expect(merge([inventory(false, row(1, '50')), upgrades(true, row(3, '10'))]).fetch).toEqual(['upgrades']);
    expect(merge([inventory(false, row(1, '50'))]).fetch).toEqual([]);
  });

  it('shows nothing of the others while a service with rows has given none', () => {
    expect(merge([inventory(true), upgrades(false, row(3, '10'))])).toEqual({ rows: [], fetch: ['inventory'] });
  });

  it('keeps each chain in its own order where the times are the same', () => {
    expect(names([inventory(false, row(3, '10'), row(2, '10'), row(1, '10'))])).toEqual(['inventory 3', 'inventory 2', 'inventory 1']);
  });

  it('is exported with the service of each row', () => {
    const line = merge([upgrades(false, row(3, '10'))]).rows.map(toJsonLine)[0]!;
    expect(JSON.parse(line)).toMatchObject({ service: 'upgrades', seq: 3, actor: 'olga' });
    expect(line).not.toContain('domain');
  });
});
