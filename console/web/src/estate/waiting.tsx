import { Anchor, Button, Group, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { agents, platformOf, type Domain } from '../api/client';
import { CALM } from '../api/queries';
import { useMay, useSession } from '../api/session';
import { Ask } from '../components/ask';
import { Clause, Clauses } from '../components/clause';
import { Section } from '../components/page';
import { Of } from '../components/states';
import { Status, type Tone } from '../components/status';
import { Time } from '../components/time';
import { useActivity, useEstate } from './queries';
import { count } from '../components/count';

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
export function Waiting() {
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
      what: (
        <Anchor component={Link} to={alert.subjectKind === 'license-server' ? `/licenses/servers/${alert.subjectId}` : '/agents'} fw={600}>
          {alert.summary}
        </Anchor>
      ),
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
