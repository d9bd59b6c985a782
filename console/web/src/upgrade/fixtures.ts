import type { Run } from '../api/types';
import type { PlanContent, PlannedStep } from './content';

/** An invented plan and its run, for tests and for the bench: hosts web-1, web-2 … with the steps of an upgrade. */
export const kinds = ['check', 'backup', 'drain', 'stop', 'snapshot', 'upgrade', 'migrate', 'start', 'settle', 'prove', 'return', 'compare'];

export function step(kind: string, n: number, more: Partial<PlannedStep> = {}): PlannedStep {
  return {
    id: `${kind}.web-${n}`,
    title: `${kind.charAt(0).toUpperCase()}${kind.slice(1)} web-${n}`,
    clauses: ['K5'],
    hostId: `host-${n}`,
    action: { kind },
    expected: 'PT10S',
    max: 'PT1M',
    before: 'nothing',
    after: `${kind} holds on web-${n}`,
    onFailure: 'retry',
    safeAfter: true,
    traits: [],
    ...more,
  };
}

/** @param perStage kinds of steps by stage */
export function planOf(hosts: number, perStage: Record<string, string[]>, more: Partial<PlanContent> = {}): PlanContent {
  const numbers = Array.from({ length: hosts }, (_, i) => i + 1);
  return {
    product: 'keeper-connection-manager', deploymentId: 'd', deployment: 'web', from: '1.4.0', target: '1.5.0', repository: 'kcm/1',
    limits: { concurrency: 10, canary: 0 },
    targets: numbers.map((n) => ({
      hostId: `host-${n}`, name: `web-${n}`, address: '10.0.0.1', port: 22, user: 'root', credential: 'fleet', hostKey: 'ssh-ed25519 A', role: 'node',
      variant: 'rpm', version: '1.4.0', packages: { 'kcm-guacd': '1.4.0' }, units: ['guacd'],
    })),
    stages: Object.entries(perStage).map(([name, of]) => ({
      name, width: 10, haltOnFailure: false,
      lanes: numbers.map((n) => ({ hostId: `host-${n}`, hostName: `web-${n}`, steps: of.map((kind) => step(kind, n)) })),
    })),
    notes: [],
    ...more,
  };
}

export function runOf(plan: PlanContent, status = 'running'): Run {
  return {
    id: 'r', planId: 'p', planHash: 'h', deploymentId: 'd', deployment: plan.deployment, product: plan.product, fromVersion: plan.from,
    toVersion: plan.target, status, updatedNodes: 0, failedNodes: 0, nodes: plan.targets.length, startedBy: 'olga',
    queuedAt: '2026-03-01T12:00:00Z', startedAt: '2026-03-01T12:00:01Z', lastEvent: 0,
    stages: plan.stages.map((stage) => ({
      name: stage.name,
      width: stage.width,
      lanes: stage.lanes.map((lane) => ({
        hostId: lane.hostId,
        hostName: lane.hostName,
        steps: lane.steps.map((s) => ({
          stepId: s.id, title: s.title, action: s.action.kind, clauses: s.clauses, state: 'pending', attempt: 0, checks: [], findings: {}, attempts: [],
        })),
      })),
    })),
  };
}

/** The run with some steps in other states, by id. */
export function withStates(run: Run, states: Record<string, string>): Run {
  return {
    ...run,
    stages: run.stages.map((stage) => ({
      ...stage,
      lanes: stage.lanes.map((lane) => ({
        ...lane,
        steps: lane.steps.map((s) => (states[s.stepId] ? { ...s, state: states[s.stepId]!, attempt: states[s.stepId] === 'pending' ? 0 : 1 } : s)),
      })),
    })),
  };
}
