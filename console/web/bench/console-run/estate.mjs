// A run of many hosts that goes on by itself: what the upgrade-service would say of it, at a pace that can be chosen.

const stages = { Preflight: ['check', 'backup'], Drain: ['drain', 'stop', 'snapshot'], Upgrade: ['upgrade', 'migrate', 'start', 'settle'], After: ['prove', 'return', 'compare'] };

export class Estate {
  /** @param make planOf and runOf of the page's own fixtures */
  constructor(hosts, { planOf, runOf }) {
    this.plan = planOf(hosts, stages);
    this.run = { ...runOf(this.plan), id: '00000000-0000-0000-0000-000000000001', planId: '00000000-0000-0000-0000-000000000002', deploymentId: '00000000-0000-0000-0000-000000000003' };
    this.events = [];
    this.lanes = this.run.stages.flatMap((stage) => stage.lanes.map((lane) => ({ stage, lane, at: 0 })));
    this.next = 0;
    this.listeners = new Set();
  }

  get steps() {
    return this.lanes.reduce((sum, { lane }) => sum + lane.steps.length, 0);
  }

  planView() {
    return {
      id: this.run.planId, deploymentId: this.run.deploymentId, deployment: 'web', product: this.run.product, fromVersion: '1.4.0', targetVersion: '1.5.0', status: 'approved',
      hash: 'h'.repeat(64), nodes: this.run.nodes, expectedSeconds: 3600, maximumSeconds: 7200, plannedBy: 'paul', plannedAt: this.run.queuedAt, notes: [], differences: [],
      interlocks: [], acknowledgements: [], stageForecasts: [], runId: this.run.id, plan: this.plan,
    };
  }

  /** One step of one lane begins or ends, as they do when many hosts are worked on at once. */
  move(width) {
    const open = this.lanes.filter(({ lane, at }) => at < lane.steps.length).slice(0, width);
    if (open.length === 0) return false;
    const chosen = open[this.next++ % open.length];
    const { lane } = chosen;
    const step = lane.steps[chosen.at];
    const now = new Date().toISOString();
    if (step.state === 'pending') {
      Object.assign(step, { state: 'running', attempt: 1, since: now, deadline: now });
    } else {
      Object.assign(step, {
        state: 'succeeded', endedAt: now,
        checks: ['disk-space', 'services', 'package'].map((name) => ({ name, clause: 'K5', held: true, observed: `as it must be on ${lane.hostName}, seen with the host's own tools` })),
        attempts: [{ attempt: 1, begunAt: step.since, endedAt: now, outcome: 'succeeded', phases: { observe: 0.21, act: 12.4, verify: 0.93 }, carriedBy: 'upgrade-1-abcdef01', takenUp: 1 }],
      });
      chosen.at += 1;
    }
    this.tell(`Step${step.state[0].toUpperCase()}${step.state.slice(1)}`, now, { stepId: step.stepId, hostId: lane.hostId, host: lane.hostName, state: step.state, attempt: 1 });
    if (step.state === 'succeeded' && step.action === 'prove') {
      this.run.updatedNodes += 1;
      this.tell('NodeUpdated', now, { stepId: step.stepId, hostName: lane.hostName, toVersion: '1.5.0', n: this.run.updatedNodes, m: this.run.nodes, checks: [] });
    }
    return true;
  }

  tell(type, at, data) {
    const event = { id: this.events.length + 1, type, at, data };
    this.run.lastEvent = event.id;
    this.events.push(event);
    for (const listener of this.listeners) listener(event);
  }
}
