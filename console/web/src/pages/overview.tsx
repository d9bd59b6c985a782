import { Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { agents, licenses, platformOf, type Domain } from '../api/client';
import { CALM } from '../api/queries';
import { useMay, useSession } from '../api/session';
import type { Pool } from '../api/types';
import { Ask } from '../components/ask';
import { Clause, Clauses } from '../components/clause';
import { Page, Section } from '../components/page';
import { Of } from '../components/states';
import { Status, type Tone } from '../components/status';
import { Left, Time, useNow } from '../components/time';
import '../estate/estate.css';
import { useActivity, useEstate } from '../estate/queries';
import { count, hostStatuses, productTitle } from '../estate/words';

/** The estate at a glance. Every part asks for itself, so that none waits for another. */
export function Overview() {
  return (
    <Page title="Overview" intro="What needs somebody, what goes on, and how the estate stands.">
      <Waiting />
      <Running />
      <div className="columns">
        <HostsNow />
        <DeploymentsNow />
        <LicencesNow />
      </div>
    </Page>
  );
}

interface Wait {
  key: string;
  tone: Tone;
  kind: string;
  what: ReactNode;
  why: ReactNode;
  whom: ReactNode;
  since?: string | null | undefined;
  /** The lower, the more it hurts to leave it. */
  rank: number;
}

const guarded: Domain[] = ['inventory', 'licenses', 'upgrades'];

/** Everything that stands still until somebody acts, whatever service it comes from. */
function Waiting() {
  const estate = useEstate();
  const activity = useActivity();
  const me = useSession().data?.subject;
  const approver = useMay('approver');
  const operator = useMay('operator');
  const admin = useMay('admin');
  const client = useQueryClient();
  const [clearing, setClearing] = useState<{ credential: string; domain: Domain } | null>(null);
  const alerts = useQuery({
    queryKey: ['agents', 'alerts'],
    queryFn: async ({ signal }) => (await agents.GET('/api/v1/alerts', { signal })).data?.items ?? [],
    refetchInterval: CALM,
  });
  const refusals = useQuery({
    queryKey: ['credential-refusals'],
    queryFn: async ({ signal }) => {
      const answers = await Promise.all(
        guarded.map(async (domain) => (await platformOf[domain].GET('/api/v1/credential-refusals', { signal })).data?.items ?? []),
      );
      return answers.flatMap((items, at) => items.map((item) => ({ ...item, domain: guarded[at]! })));
    },
    refetchInterval: CALM,
  });

  const waits: Wait[] = [];
  for (const alert of alerts.data ?? []) {
    waits.push({
      key: alert.alertId,
      tone: 'bad',
      kind: 'Incident',
      what: alert.summary,
      why: alert.next,
      whom: (
        <>
          {count(alert.agentsInGrace, 'agent')} in grace, {alert.agentsRefused.toLocaleString()} refused <Clause id={alert.clause} />
        </>
      ),
      since: alert.raisedAt,
      rank: alert.severity === 'critical' ? 0 : 1,
    });
  }
  for (const each of activity.data?.waiting ?? []) {
    const mayAct = each.role === 'approver' ? approver : each.role === 'admin' ? false : operator;
    const link = (
      <Anchor component={Link} to={`/runs/${each.runId}`} fw={600}>
        {each.deployment}
        {each.host ? `, ${each.host}` : ''}
        {each.step ? `: ${each.step}` : ''}
      </Anchor>
    );
    waits.push({
      key: `${each.kind} ${each.runId} ${each.stepId ?? ''}`,
      tone: each.kind === 'failed-step' ? 'bad' : 'wait',
      kind: each.kind === 'gate' ? 'Open gate' : each.kind === 'failed-step' ? 'Failed step' : 'Paused run',
      what: (
        <>
          {link} {each.clauses.length > 0 && <Clauses ids={each.clauses} />}
        </>
      ),
      why: each.kind === 'gate' ? each.reason : `${each.reason} ${each.next}`,
      whom: mayAct ? `for you, as ${each.role}` : `for somebody with the role ${each.role}`,
      since: each.since,
      rank: each.kind === 'failed-step' ? 2 : 3,
    });
  }
  for (const refusal of refusals.data ?? []) {
    waits.push({
      key: `refusal ${refusal.domain} ${refusal.credential} ${refusal.place}`,
      tone: 'bad',
      kind: 'Refused credential',
      what: (
        <>
          <b>{refusal.credential}</b> was refused at {refusal.place}
        </>
      ),
      why: 'It was tried once and is not tried again, so that no account is locked. Put the right secret in its place, then allow one more try.',
      whom: admin ? (
        <Button size="compact-sm" variant="default" onClick={() => setClearing({ credential: refusal.credential, domain: refusal.domain })}>
          Allow one more try
        </Button>
      ) : (
        'for an administrator'
      ),
      since: refusal.at,
      rank: 2,
    });
  }
  for (const host of estate.data?.troubledHosts ?? []) {
    const key = host.trouble.reason.startsWith('host-key');
    waits.push({
      key: `host ${host.hostId}`,
      tone: host.status === 'new' ? 'wait' : 'bad',
      kind: host.status === 'host-key-changed' ? 'Changed host key' : host.keyWaiting ? 'Unknown host key' : 'Unreachable host',
      what: (
        <Anchor component={Link} to={`/hosts/${host.hostId}`} fw={600}>
          {host.name}
        </Anchor>
      ),
      why: key ? 'Compare the fingerprint on the host itself, then accept the key or correct the host.' : host.trouble.detail,
      whom: operator ? 'for you, as operator' : 'for somebody with the role operator',
      since: host.trouble.since,
      rank: host.status === 'host-key-changed' ? 2 : 4,
    });
  }
  for (const plan of activity.data?.plans ?? []) {
    const own = plan.plannedBy === me;
    waits.push({
      key: `plan ${plan.id}`,
      tone: 'wait',
      kind: plan.status === 'planned' ? 'Plan to be approved' : 'Plan to be started',
      what: (
        <Anchor component={Link} to={`/plans/${plan.id}`} fw={600}>
          {plan.deployment}: {plan.fromVersion} → {plan.targetVersion}
        </Anchor>
      ),
      why: `${count(plan.nodes, 'host')}, planned by ${own ? 'you' : plan.plannedBy}${plan.decidedBy ? `, approved by ${plan.decidedBy}` : ''}`,
      whom:
        plan.status === 'planned'
          ? own
            ? 'for an approver other than you'
            : approver
              ? 'for you, as approver'
              : `for an approver other than ${plan.plannedBy}`
          : operator
            ? 'for you, as operator'
            : 'for somebody with the role operator',
      since: plan.plannedAt,
      rank: 5,
    });
  }
  for (const flaw of estate.data?.flawedDeployments ?? []) {
    const found = [
      flaw.orphans > 0 ? count(flaw.orphans, 'orphan') : null,
      flaw.clocksApart ? 'clocks too far apart' : null,
      flaw.unreadable ? 'registrations not readable' : null,
    ].filter((each) => each !== null);
    waits.push({
      key: `deployment ${flaw.deploymentId}`,
      tone: flaw.orphans > 0 || flaw.clocksApart ? 'bad' : 'wait',
      kind: 'Deployment not fit for an upgrade',
      what: (
        <Anchor component={Link} to={`/deployments/${flaw.deploymentId}`} fw={600}>
          {flaw.name}
        </Anchor>
      ),
      why: found.join(', '),
      whom: operator ? 'for you, as operator' : 'for somebody with the role operator',
      rank: 6,
    });
  }
  waits.sort((a, b) => a.rank - b.rank);
  const failed = [estate, activity, alerts, refusals].filter((query) => query.isError);
  const known = [estate, activity, alerts, refusals].every((query) => query.data !== undefined || query.isError);

  return (
    <Section
      title="Waits for somebody"
      aside={
        <Text size="sm" c="dimmed">
          {known ? (waits.length > 0 ? count(waits.length, 'thing') : '') : ''}
        </Text>
      }
    >
      <Of
        query={{
          data: known && failed.length < 4 ? waits : waits.length > 0 ? waits : undefined,
          error: failed[0]?.error,
          isError: failed.length > 0,
          refetch: () => failed.forEach((query) => void query.refetch()),
        }}
        what="things"
        rows={4}
      >
        {(list) =>
          list.length === 0 ? (
            <Status word="ok" tone="ok" label="Nothing waits for anybody" />
          ) : (
            <ul className="waits">
              {list.slice(0, MOST).map((wait) => (
                <Line key={wait.key} wait={wait} />
              ))}
              {list.length > MOST && (
                <li>
                  <details>
                    <summary className="summary">{count(list.length - MOST, 'more thing')}</summary>
                    <ul className="waits">
                      {list.slice(MOST).map((wait) => (
                        <Line key={wait.key} wait={wait} />
                      ))}
                    </ul>
                  </details>
                </li>
              )}
            </ul>
          )
        }
      </Of>
      <Ask
        opened={clearing !== null}
        onClose={() => setClearing(null)}
        title={`Allow ${clearing?.credential ?? ''} one more try`}
        confirm="Allow one more try"
        onConfirm={async () => {
          if (!clearing) return;
          await platformOf[clearing.domain].DELETE('/api/v1/credential-refusals/{credential}', { params: { path: { credential: clearing.credential } } });
          await client.invalidateQueries({ queryKey: ['credential-refusals'] });
        }}
      >
        Do this only when the stored secret is right now: it is tried once more everywhere it is used, and some products lock their
        administrator out after three wrong passwords. <Clause id="L43" />
      </Ask>
    </Section>
  );
}

const MOST = 8;

function Line({ wait }: { wait: Wait }) {
  return (
    <li>
      <div style={{ minWidth: 0 }}>
        <Group gap="xs">
          <Status word={wait.kind} label={wait.kind} tone={wait.tone} soft />
          <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
            {wait.what}
          </Text>
        </Group>
        <Text size="sm" c="dimmed" mt={4} style={{ overflowWrap: 'anywhere' }}>
          {wait.why}
        </Text>
      </div>
      <div className="whom">
        <div>{wait.whom}</div>
        {wait.since && (
          <Text size="xs" c="dimmed">
            since <Time at={wait.since} as="ago" />
          </Text>
        )}
      </div>
    </li>
  );
}

/** Runs that go on. Those that failed wait for somebody, and stand above. */
function Running() {
  const activity = useActivity();
  const now = useNow();
  return (
    <Section title="Runs now">
      <Of query={activity} what="runs" rows={1}>
        {({ runs }) => {
          const going = runs.filter((run) => run.status !== 'failed');
          return going.length === 0 ? (
            <Text size="sm" c="dimmed">
              No upgrade is under way. <Link to="/runs">See the runs before</Link>.
            </Text>
          ) : (
            <Stack gap="sm">
              {going.map((run) => {
                const seconds = run.startedAt ? now - Date.parse(run.startedAt) / 1000 : 0;
                return (
                  <div key={run.id}>
                    <Group justify="space-between" gap="xs">
                      <Group gap="sm">
                        <Anchor component={Link} to={`/runs/${run.id}`} fw={600}>
                          {run.deployment}: {run.fromVersion} → {run.toVersion}
                        </Anchor>
                        <Status word={run.status} soft />
                        {run.failedNodes > 0 && <Status word="failed" label={`${count(run.failedNodes, 'host')} failed`} soft />}
                      </Group>
                      <Text size="sm">
                        <b>
                          {run.updatedNodes} of {run.nodes}
                        </b>{' '}
                        {run.nodes === 1 ? 'host' : 'hosts'} updated{run.startedAt && seconds >= 0 ? <>, started <Time at={run.startedAt} as="ago" /></> : ''}
                      </Text>
                    </Group>
                    <Progress.Root size="md" mt={6}>
                      <Progress.Section
                        value={(100 * run.updatedNodes) / Math.max(1, run.nodes)}
                        color="var(--tone-run)"
                        aria-label={`${run.deployment}: ${run.updatedNodes} of ${run.nodes} hosts updated`}
                      />
                      <Progress.Section
                        value={(100 * run.failedNodes) / Math.max(1, run.nodes)}
                        color="var(--tone-bad)"
                        aria-label={`${run.deployment}: ${run.failedNodes} of ${run.nodes} hosts failed`}
                      />
                    </Progress.Root>
                  </div>
                );
              })}
            </Stack>
          );
        }}
      </Of>
    </Section>
  );
}

function HostsNow() {
  const estate = useEstate();
  return (
    <Section title="Hosts">
      <Of query={estate} what="hosts" rows={4}>
        {({ hosts, hostsByStatus, keysWaiting, clocksOff }) => {
          const shown = hostStatuses.filter((s) => s.value !== 'retired').map((s) => ({ ...s, hosts: hostsByStatus[s.value] ?? 0 }));
          return hosts === 0 ? (
            <Text size="sm" c="dimmed">
              There are none yet. <Link to="/hosts">Register or import them</Link>.
            </Text>
          ) : (
            <>
              <div className="figure">{hosts.toLocaleString()}</div>
              <div className="meter" role="img" aria-label={shown.map((s) => `${s.hosts} ${s.label.toLowerCase()}`).join(', ')}>
                {shown
                  .filter((s) => s.hosts > 0)
                  .map((s) => (
                    <span key={s.value} data-tone={s.tone} style={{ flex: s.hosts }} />
                  ))}
              </div>
              <ul className="legend">
                {shown.map((s) => (
                  <li key={s.value}>
                    <Anchor component={Link} to={`/hosts?status=${s.value}`} underline="hover">
                      <Status word={s.value} tone={s.hosts > 0 ? s.tone : 'off'} label={`${s.hosts.toLocaleString()} ${s.label.toLowerCase()}`} />
                    </Anchor>
                  </li>
                ))}
              </ul>
              <Text size="sm" c="dimmed" mt="xs">
                {count(keysWaiting, 'key')} {keysWaiting === 1 ? 'waits' : 'wait'} to be accepted; {count(clocksOff, 'clock')}{' '}
                {clocksOff === 1 ? 'is' : 'are'} too far off.
              </Text>
            </>
          );
        }}
      </Of>
    </Section>
  );
}

function DeploymentsNow() {
  const estate = useEstate();
  return (
    <Section title="Deployments">
      <Of query={estate} what="deployments" rows={4}>
        {({ deployments }) => {
          const of = new Map<string, typeof deployments>();
          deployments.forEach((d) => of.set(d.product, [...(of.get(d.product) ?? []), d]));
          return deployments.length === 0 ? (
            <Text size="sm" c="dimmed">
              There are none yet. <Link to="/deployments">Register one</Link>.
            </Text>
          ) : (
            <dl className="pairs">
              {[...of].map(([product, lines]) => [
                <dt key={`${product} name`}>
                  <Anchor component={Link} to={`/deployments?product=${product}`} size="sm">
                    {productTitle(product)}
                  </Anchor>
                </dt>,
                <dd key={`${product} versions`}>
                  {lines.map((line) => (
                    <Text key={line.versions.join()} size="sm">
                      {line.versions.length === 0 ? (
                        'version not known yet'
                      ) : line.versions.length === 1 ? (
                        <b>{line.versions[0]}</b>
                      ) : (
                        <>
                          mixed: <b>{line.versions.join(', ')}</b>
                        </>
                      )}{' '}
                      <Text span c="dimmed" size="sm">
                        {count(line.deployments, 'deployment')}, {count(line.hosts, 'host')}
                      </Text>
                    </Text>
                  ))}
                </dd>,
              ])}
            </dl>
          );
        }}
      </Of>
    </Section>
  );
}

const SOON = 30 * 86_400_000;

/** How full a pool is: sessions against the licences that are active for them. */
export const nearLimit = (pool: Pick<Pool, 'active' | 'inUse'>): boolean => pool.active > 0 && pool.inUse / pool.active >= 0.9;

function LicencesNow() {
  const pools = useQuery({
    queryKey: ['licenses', 'pools', 'overview'],
    queryFn: async ({ signal }) => {
      const { data } = await licenses.GET('/api/v1/pools', { params: { query: { limit: 500 } }, signal });
      return { items: data?.items ?? [], more: data?.next != null };
    },
    refetchInterval: CALM,
  });
  const now = useNow() * 1000;
  return (
    <Section title="Licences">
      <Of query={pools} what="pools" rows={4}>
        {({ items, more }) => {
          if (items.length === 0) {
            return (
              <Text size="sm" c="dimmed">
                No purchase is registered yet. <Link to="/licenses">Register one</Link>.
              </Text>
            );
          }
          const sum = (of: (pool: Pool) => number) => items.reduce((n, pool) => n + of(pool), 0);
          const close = items.filter((pool) => pool.expired || nearLimit(pool) || Date.parse(pool.expiresAt) - now < SOON);
          return (
            <>
              <div className="figure">
                {sum((p) => p.inUse).toLocaleString()}{' '}
                <Text span size="sm" c="dimmed" fw={400}>
                  of {sum((p) => p.active).toLocaleString()} active licences in use, in {more ? 'the first ' : ''}
                  {count(items.length, 'pool')}
                </Text>
              </div>
              {close.length === 0 ? (
                <Text size="sm" mt="xs">
                  <Status word="ok" tone="ok" label="None is near its limit or its end" />
                </Text>
              ) : (
                <ul className="waits" style={{ marginTop: '0.5rem' }}>
                  {close.slice(0, 6).map((pool) => (
                    <li key={pool.activationCode}>
                      <div style={{ minWidth: 0 }}>
                        <Text size="sm" className="fingerprint" component="div">
                          {pool.activationCode}
                        </Text>
                        <Text size="sm" c="dimmed">
                          {pool.inUse} of {pool.active} in use
                        </Text>
                      </div>
                      <div className="whom">
                        {nearLimit(pool) && <Status word="low" tone={pool.inUse >= pool.active ? 'bad' : 'wait'} label={pool.inUse >= pool.active ? 'exhausted' : 'nearly full'} soft />}{' '}
                        {(pool.expired || Date.parse(pool.expiresAt) - now < SOON) && (
                          <Text size="sm" component="div">
                            {pool.expired ? <Status word="expired" soft /> : <>ends in <Left until={pool.expiresAt} /></>}
                          </Text>
                        )}
                      </div>
                    </li>
                  ))}
                </ul>
              )}
            </>
          );
        }}
      </Of>
    </Section>
  );
}
