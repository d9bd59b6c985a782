import { Anchor, Group, Progress, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { agents, licenses } from '../api/client';
import { CALM } from '../api/queries';
import type { Pool } from '../api/types';
import { Page, Section } from '../components/page';
import { Of } from '../components/states';
import { Status } from '../components/status';
import { TextLink } from '../components/text-link';
import { Left, Time, useNow } from '../components/time';
import '../estate/estate.css';
import { useActivity, useEstate } from '../estate/queries';
import { Waiting } from '../estate/waiting';
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
        <AgentsNow />
        <LicencesNow />
      </div>
    </Page>
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
              No upgrade is under way. <TextLink to="/runs">See the runs before</TextLink>.
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
              There are none yet. <TextLink to="/hosts">Register or import them</TextLink>.
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
                    <Anchor component={Link} to={`/hosts?status=${s.value}`} size="sm">
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
              There are none yet. <TextLink to="/deployments">Register one</TextLink>.
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

/** Grace that is left, in bands. */
function AgentsNow() {
  const grace = useQuery({
    queryKey: ['agents', 'grace-summary'],
    queryFn: async ({ signal }) => (await agents.GET('/api/v1/grace-summary', { signal })).data!,
    refetchInterval: CALM,
  });
  return (
    <Section title="Agents">
      <Of query={grace} what="agents" rows={4}>
        {({ agents: all, licensed, inGrace, expired, neverLicensed, remaining }) => {
          if (all === 0) {
            return (
              <Text size="sm" c="dimmed">
                None is known yet: agents appear with their first session.
              </Text>
            );
          }
          const most = Math.max(1, ...remaining.map((band) => band.agents));
          return (
            <>
              <div className="figure">{all.toLocaleString()}</div>
              <ul className="legend">
                <li>
                  <Status word="licensed" label={`${licensed.toLocaleString()} licensed`} />
                </li>
                <li>
                  <Status word="in-grace" tone={inGrace > 0 ? 'wait' : 'off'} label={`${inGrace.toLocaleString()} in grace`} />
                </li>
                <li>
                  <Status word="expired" tone={expired > 0 ? 'bad' : 'off'} label={`${expired.toLocaleString()} expired`} />
                </li>
                <li>
                  <Status word="never-licensed" label={`${neverLicensed.toLocaleString()} never licensed`} />
                </li>
              </ul>
              {inGrace > 0 && (
                <ul className="histogram" aria-label="Agents in grace by the time that they have left">
                  {remaining.map((band, at) => (
                    <li key={band.belowHours}>
                      <span>
                        {band.agents.toLocaleString()}
                        <span className="visually-hidden"> agents have</span>
                      </span>
                      <span
                        className="bar"
                        aria-hidden
                        data-none={band.agents === 0 || undefined}
                        data-tone={at < 2 ? 'bad' : at < 3 ? 'wait' : undefined}
                        style={{ height: `${(100 * band.agents) / most}%` }}
                      />
                      <span>
                        {span(remaining[at - 1]?.belowHours, band.belowHours)}
                        <span className="visually-hidden"> left</span>
                      </span>
                    </li>
                  ))}
                </ul>
              )}
              <Text size="xs" c="dimmed" mt="xs">
                {inGrace > 0 ? 'Grace left of those that cannot validate now.' : 'None lives on grace.'}{' '}
                <TextLink to="/agents">See the agents</TextLink>
              </Text>
            </>
          );
        }}
      </Of>
    </Section>
  );
}

/** Hours between two bounds, in days where they are whole days. */
function span(from: number | undefined, to: number): string {
  if (from === undefined) return `< ${to} h`;
  return to <= 24 ? `${from}–${to} h` : `${from / 24}–${to / 24} d`;
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
                No purchase is registered yet. <TextLink to="/licenses">Register one</TextLink>.
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
