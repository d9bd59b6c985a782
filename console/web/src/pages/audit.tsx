import { Alert, Autocomplete, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconDownload, IconShieldCheck } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { platformOf, type Domain } from '../api/client';
import { asProblem } from '../api/problem';
import { CALM } from '../api/queries';
import { useMay } from '../api/session';
import type { AuditLine, AuditVerification } from '../api/types';
import { useFilters } from '../components/filters';
import { More } from '../components/more';
import { Page, Section } from '../components/page';
import { Empty, Loading, ProblemAlert } from '../components/states';
import { Status } from '../components/status';
import { DataTable } from '../components/table';
import { Time } from '../components/time';
import { facts, merge, services, toJsonLine, type Row } from '../estate/audit';
import '../estate/estate.css';
import { count } from '../estate/words';

const actions = [
  'activation.apply', 'activation.download', 'activation.inspect', 'activation.request', 'activation.upload', 'agent.register',
  'credential-refusal.clear', 'dead-letters.replay', 'deployment.change', 'deployment.register', 'deployment.retire', 'gate.answer',
  'host.accept-key', 'host.change', 'host.probe', 'host.register', 'host.retire', 'inventory.import', 'license-server.declare-lost',
  'license-server.register', 'license-server.retire', 'plan.acknowledge', 'plan.approve', 'plan.create', 'plan.reject', 'pool.activate',
  'pool.move', 'pool.register', 'release.register', 'run.start', 'run.steer', 'step.repair',
];

interface Filters {
  actor: string;
  action: string;
}

const page = async (domain: Domain, filters: Filters, limit: number, after: string | undefined, signal?: AbortSignal) =>
  (
    await platformOf[domain].GET('/api/v1/audit', {
      params: {
        query: {
          limit,
          ...(after ? { after } : {}),
          ...(filters.actor ? { actor: filters.actor } : {}),
          ...(filters.action ? { action: filters.action } : {}),
        },
      },
      ...(signal ? { signal } : {}),
    })
  ).data!;

/** Who did what, of all services, and the proof that nobody has changed it since. */
export function Audit() {
  return useMay('admin') ? (
    <Log />
  ) : (
    <Page title="Audit">
      <Empty title="Only an administrator may read the audit log">
        It says who did what, and is kept from those it is about. Sign in as somebody with the role admin, or ask such a person.
      </Empty>
    </Page>
  );
}

function useLog(domain: Domain, filters: Filters, wanted: boolean) {
  return useInfiniteQuery({
    queryKey: [domain, 'audit', filters],
    queryFn: ({ pageParam, signal }) => page(domain, filters, 50, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    enabled: wanted,
    // the first page is looked at anew; what somebody reads further down stays as it is
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : CALM),
  });
}

function Log() {
  const [filters, set] = useFilters(['actor', 'action', 'service']);
  const [actor, setActor] = useState(filters.actor);
  const [action, setAction] = useState(filters.action);
  const setLater = useDebouncedCallback((name: 'actor' | 'action', value: string) => set(name, value.trim()), 300);
  const asked = { actor: filters.actor, action: filters.action };
  const wanted = (domain: Domain) => filters.service === '' || filters.service === domain;
  const logs = {
    inventory: useLog('inventory', asked, wanted('inventory')),
    licenses: useLog('licenses', asked, wanted('licenses')),
    upgrades: useLog('upgrades', asked, wanted('upgrades')),
    agents: useLog('agents', asked, wanted('agents')),
  };
  const mine = services.filter(({ domain }) => wanted(domain));
  const failed = mine.filter(({ domain }) => logs[domain].isError);
  const loading = mine.some(({ domain }) => logs[domain].isLoading);
  const merged = merge(
    mine.map(({ domain }) => ({
      domain,
      rows: (logs[domain].data?.pages.flatMap((p) => p.items ?? []) ?? []) as AuditLine[],
      more: logs[domain].hasNextPage,
    })),
  );
  const fetching = mine.some(({ domain }) => logs[domain].isFetchingNextPage);
  const filtered = filters.actor !== '' || filters.action !== '' || filters.service !== '';

  const save = useMutation({
    mutationFn: async () => {
      const rows: Row[] = [];
      for (const { domain } of mine) {
        let after: string | undefined;
        do {
          const part = await page(domain, asked, 500, after);
          rows.push(...((part.items ?? []) as AuditLine[]).map((row) => ({ ...row, domain })));
          after = part.next ?? undefined;
        } while (after);
      }
      rows.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.domain.localeCompare(b.domain) || a.seq - b.seq);
      download(`interlock-audit-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z.jsonl`, rows.map(toJsonLine).join('\n') + '\n');
      return rows.length;
    },
    onSuccess: (n) => notifications.show({ message: `${count(n, 'entry', 'entries')} exported, oldest first.` }),
  });

  return (
    <Page
      title="Audit"
      intro="Who did what. Each service keeps its own log, whose rows are chained by their hashes."
      actions={
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} loading={save.isPending} onClick={() => save.mutate()}>
          Export as JSON lines
        </Button>
      }
    >
      {save.isError && <ProblemAlert error={save.error} />}
      <Section title="Chains">
        <ul className="log">
          {services.map(({ domain, label }) => (
            <Chain key={domain} domain={domain} label={label} />
          ))}
        </ul>
      </Section>
      <div className="filters" role="search" aria-label="Audit log">
        <TextInput
          label="Actor"
          placeholder="Anybody"
          description="The whole name"
          value={actor}
          onChange={(e) => {
            setActor(e.currentTarget.value);
            setLater('actor', e.currentTarget.value);
          }}
        />
        <Autocomplete
          label="Action"
          placeholder="Anything"
          description="Such as plan.approve"
          data={actions}
          limit={12}
          value={action}
          onChange={(value) => {
            setAction(value);
            setLater('action', value);
          }}
        />
        <Select
          label="Service"
          description="Where it was done"
          placeholder="All"
          clearable
          clearButtonProps={{ 'aria-label': 'All services' }}
          data={services.map(({ domain, label }) => ({ value: domain, label }))}
          value={filters.service || null}
          onChange={(value) => set('service', value ?? '')}
        />
      </div>
      <Section title="Entries">
        {failed.map(({ domain, label }) => (
          <Text key={domain} role="status" size="sm" className="status" data-tone="wait" data-soft mb="xs" style={{ whiteSpace: 'normal' }}>
            The log of {label} is not in this list now: {asProblem(logs[domain].error).title.toLowerCase()}. The page goes on asking.
          </Text>
        ))}
        {loading && merged.rows.length === 0 ? (
          <Loading what="the audit log" rows={10} />
        ) : merged.rows.length === 0 ? (
          <Empty title={filtered ? 'Nothing was done like that' : 'Nothing was done yet'}>
            {filtered
              ? 'Actor and action are compared as a whole: check how they are written, or take a filter away.'
              : 'Every command that changes something leaves a row here.'}
          </Empty>
        ) : (
          <>
            <DataTable
              caption="What was done, newest first"
              rows={merged.rows}
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
            <More
              shown={count(merged.rows.length, 'entry', 'entries')}
              has={merged.fetch.length > 0}
              loading={fetching}
              load={() => merged.fetch.forEach((domain) => void logs[domain].fetchNextPage())}
            />
          </>
        )}
      </Section>
    </Page>
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

/** The last row of a chain as this browser knows it: with it a cut-off end shows, too. */
interface Known {
  rows: number;
  head: string;
}

const memory = (domain: Domain) => `interlock-audit-${domain}`;

function remembered(domain: Domain): Known | null {
  try {
    const known: unknown = JSON.parse(localStorage.getItem(memory(domain)) ?? 'null');
    return typeof known === 'object' && known !== null && 'rows' in known && 'head' in known ? (known as Known) : null;
  } catch {
    return null;
  }
}

function remember(domain: Domain, known: Known | null) {
  try {
    if (known) localStorage.setItem(memory(domain), JSON.stringify(known));
    else localStorage.removeItem(memory(domain));
  } catch {
    // storage is closed to us: the chain is checked in itself
  }
}

function Chain({ domain, label }: { domain: Domain; label: string }) {
  const check = useQuery({
    queryKey: [domain, 'audit-verification'],
    queryFn: async ({ signal }): Promise<{ found: AuditVerification; since: Known | null; at: string }> => {
      const since = remembered(domain);
      const { data } = await platformOf[domain].GET('/api/v1/audit/verification', {
        params: { query: since ? { seq: since.rows, hash: since.head } : {} },
        signal,
      });
      const found = data!;
      if (found.intact && found.rows > 0) remember(domain, { rows: found.rows, head: found.head });
      return { found, since, at: new Date().toISOString() };
    },
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  const said = check.data;
  return (
    <li>
      <Group justify="space-between" align="flex-start" gap="sm" mih={48}>
        <Stack gap={2} style={{ flex: '1 1 16rem', minWidth: 0 }}>
          <Text size="sm" fw={600}>
            {label}
          </Text>
          {check.isError ? (
            <Text size="sm" className="status" data-tone="wait" style={{ whiteSpace: 'normal' }}>
              Not verified: {asProblem(check.error).title.toLowerCase()}. Try again when the service answers.
            </Text>
          ) : !said ? (
            <Text size="sm" c="dimmed">
              Every row is computed anew …
            </Text>
          ) : said.found.intact ? (
            <>
              <Status word="verified" tone="ok" label={`Chain verified: ${count(said.found.rows, 'row')}`} />
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                head <span className="mono">{said.found.head.slice(0, 16)}…</span> at <Time at={said.at} as="clock" />
                {said.since ? `; still has row ${said.since.rows}, which this browser knew` : ''}
              </Text>
            </>
          ) : (
            <Alert color="red" variant="outline" title={`The chain breaks at row ${said.found.brokenAt ?? '?'}`} mt={4}>
              <Stack gap="xs" align="flex-start">
                <Text size="sm">
                  {said.found.problem}; {count(said.found.rows, 'row')} before it {said.found.rows === 1 ? 'is' : 'are'} as written. Keep the database as
                  it is, compare it with a backup and with the copy in your SIEM, and find out who had access.
                </Text>
                {said.since && (
                  <>
                    <Text size="sm" c="dimmed">
                      This browser had seen {count(said.since.rows, 'row')}. If this installation was set up anew since, that is why.
                    </Text>
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() => {
                        remember(domain, null);
                        void check.refetch();
                      }}
                    >
                      Forget what this browser knew
                    </Button>
                  </>
                )}
              </Stack>
            </Alert>
          )}
        </Stack>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconShieldCheck size={14} aria-hidden />}
          loading={check.isFetching}
          onClick={() => void check.refetch()}
          aria-label={`Verify the chain of ${label}`}
        >
          Verify
        </Button>
      </Group>
    </li>
  );
}

function download(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/x-ndjson' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
