import { Button, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { given, platformOf, type Domain } from '../api/client';
import { asProblem } from '../api/problem';
import { CALM } from '../api/queries';
import { useMay } from '../api/session';
import { count } from '../components/count';
import { download } from '../components/download';
import { FilterBar, FilterSelect, FilterText } from '../components/filter-bar';
import { useFilters } from '../components/filters';
import { More } from '../components/more';
import { Page, Section } from '../components/page';
import { usePaged } from '../components/paged';
import { Empty, Loading, ProblemAlert } from '../components/states';
import { merge, services, toJsonLine, type Row } from '../estate/audit';
import { Chain } from './audit/chain';
import { Entries } from './audit/entries';

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
  (await platformOf[domain].GET('/api/v1/audit', { params: { query: given({ limit, after, ...filters }) }, ...(signal ? { signal } : {}) })).data!;

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

const useLog = (domain: Domain, filters: Filters, wanted: boolean) =>
  usePaged([domain, 'audit', filters], (after, signal) => page(domain, filters, 50, after, signal), { every: CALM, rests: true, enabled: wanted });

function Log() {
  const [filters, set] = useFilters(['actor', 'action', 'service']);
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
      rows: logs[domain].items ?? [],
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
          rows.push(...(part.items ?? []).map((row) => ({ ...row, domain })));
          after = part.next ?? undefined;
        } while (after);
      }
      rows.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.domain.localeCompare(b.domain) || a.seq - b.seq);
      download(`interlock-audit-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z.jsonl`, new Blob([rows.map(toJsonLine).join('\n') + '\n'], { type: 'application/x-ndjson' }));
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
      <FilterBar of="Audit log">
        <FilterText label="Actor" placeholder="Anybody" description="The whole name" value={filters.actor} set={(actor) => set('actor', actor)} />
        <FilterText
          label="Action"
          placeholder="Anything"
          description="Such as plan.approve"
          suggestions={actions}
          value={filters.action}
          set={(action) => set('action', action)}
        />
        <FilterSelect
          label="Service"
          description="Where it was done"
          all="All services"
          data={services.map(({ domain, label }) => ({ value: domain, label }))}
          value={filters.service}
          set={(service) => set('service', service)}
        />
      </FilterBar>
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
            <Entries rows={merged.rows} />
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
