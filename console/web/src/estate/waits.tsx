import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AgentPaths, Answer, Domain, InventoryPaths, PlatformPaths, UpgradePaths } from '../api/client';
import { Clause, Clauses } from '../components/clause';
import { count } from '../components/count';
import type { Tone } from '../components/status';
import { NameLink } from '../components/text-link';

/** Something that stands still until somebody acts. */
export interface Wait {
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

/** Who looks, and what that person may do. */
export interface Viewer {
  subject: string | undefined;
  approver: boolean;
  operator: boolean;
  admin: boolean;
}

type Alert = NonNullable<Answer<AgentPaths['/api/v1/alerts']['get']>['items']>[number];
type Activity = Answer<UpgradePaths['/api/v1/activity']['get']>;
type Estate = Answer<InventoryPaths['/api/v1/estate']['get']>;
export type Refusal = NonNullable<Answer<PlatformPaths['/api/v1/credential-refusals']['get']>['items']>[number] & { domain: Domain };

export const incidents = (alerts: readonly Alert[]): Wait[] =>
  alerts.map((alert) => ({
    key: alert.alertId,
    tone: 'bad',
    kind: 'Incident',
    what: <NameLink to={alert.subjectKind === 'license-server' ? `/licenses/servers/${alert.subjectId}` : '/agents'}>{alert.summary}</NameLink>,
    why: alert.next,
    whom: (
      <>
        {count(alert.agentsInGrace, 'agent')} in grace, {alert.agentsRefused.toLocaleString()} refused <Clause id={alert.clause} />
      </>
    ),
    since: alert.raisedAt,
    rank: alert.severity === 'critical' ? 0 : 1,
  }));

/** Gates, failed steps and paused runs. */
export const steps = (waiting: Activity['waiting'], { approver, operator, admin }: Viewer): Wait[] =>
  waiting.map((each) => {
    const mayAct = each.role === 'approver' ? approver : each.role === 'admin' ? admin : operator;
    const link = (
      <NameLink to={`/runs/${each.runId}`}>
        {each.deployment}
        {each.host ? `, ${each.host}` : ''}
        {each.step ? `: ${each.step}` : ''}
      </NameLink>
    );
    return {
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
    };
  });

export const refusedCredentials = (refusals: readonly Refusal[], { admin }: Viewer, allow: (refusal: Refusal) => void): Wait[] =>
  refusals.map((refusal) => ({
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
      <Button size="compact-sm" variant="default" onClick={() => allow(refusal)}>
        Allow one more try
      </Button>
    ) : (
      'for an administrator'
    ),
    since: refusal.at,
    rank: 2,
  }));

export const troubledHosts = (hosts: Estate['troubledHosts'], { operator }: Viewer): Wait[] =>
  hosts.map((host) => {
    const key = host.trouble.reason.startsWith('host-key');
    return {
      key: `host ${host.hostId}`,
      tone: host.status === 'new' ? 'wait' : 'bad',
      kind: host.status === 'host-key-changed' ? 'Changed host key' : host.keyWaiting ? 'Unknown host key' : 'Unreachable host',
      what: <NameLink to={`/hosts/${host.hostId}`}>{host.name}</NameLink>,
      why: key ? 'Compare the fingerprint on the host itself, then accept the key or correct the host.' : host.trouble.detail,
      whom: operator ? 'for you, as operator' : 'for somebody with the role operator',
      since: host.trouble.since,
      rank: host.status === 'host-key-changed' ? 2 : 4,
    };
  });

export const plans = (plans: Activity['plans'], { subject, approver, operator }: Viewer): Wait[] =>
  plans.map((plan) => {
    const own = plan.plannedBy === subject;
    return {
      key: `plan ${plan.id}`,
      tone: 'wait',
      kind: plan.status === 'planned' ? 'Plan to be approved' : 'Plan to be started',
      what: (
        <NameLink to={`/plans/${plan.id}`}>
          {plan.deployment}: {plan.fromVersion} → {plan.targetVersion}
        </NameLink>
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
    };
  });

export const flawedDeployments = (flaws: Estate['flawedDeployments'], { operator }: Viewer): Wait[] =>
  flaws.map((flaw) => {
    const found = [
      flaw.orphans > 0 ? count(flaw.orphans, 'orphan') : null,
      flaw.clocksApart ? 'clocks too far apart' : null,
      flaw.unreadable ? 'registrations not readable' : null,
    ].filter((each) => each !== null);
    return {
      key: `deployment ${flaw.deploymentId}`,
      tone: flaw.orphans > 0 || flaw.clocksApart ? 'bad' : 'wait',
      kind: 'Deployment not fit for an upgrade',
      what: <NameLink to={`/deployments/${flaw.deploymentId}`}>{flaw.name}</NameLink>,
      why: found.join(', '),
      whom: operator ? 'for you, as operator' : 'for somebody with the role operator',
      rank: 6,
    };
  });
