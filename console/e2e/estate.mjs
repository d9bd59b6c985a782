// Everything that the overview tells of, on the hosts of the lab: made by the APIs, since nobody is watched doing it.
import { check } from './browser.mjs';
import { until } from './system.mjs';

const SERVERS = { 'ls-emea': 120, 'ls-americas': 80, 'ls-apac': 60 };
const AGENTS_EACH = 100;
const SESSIONS_EACH = 40;
const IN_GRACE_EACH = 12;

/** Answers the figures that the overview has to show, and where each page is. */
export async function furnish(system, say) {
  const { hosts, deployments } = await discover(system);
  say(`${hosts.length} hosts of ${deployments.length} deployments answered their probes`);
  const agents = [];
  for (const [name, seats] of Object.entries(SERVERS)) agents.push(...(await licenses(system, name, seats)));
  say(`${agents.length} agents at ${Object.keys(SERVERS).length} license servers, ${IN_GRACE_EACH * Object.keys(SERVERS).length} of them in grace`);
  const { plan, run } = await upgrades(system, deployments);
  say('a run waits at its gate, a plan for its approver');
  const server = (await system.api('/api/licenses/v1/license-servers')).items[0].licenseServerId;
  const inUse = SESSIONS_EACH * Object.keys(SERVERS).length;
  await until('everybody knows of it', async () => {
    const [grace, { items }] = await Promise.all([system.api('/api/agents/v1/grace-summary'), system.api('/api/licenses/v1/pools')]);
    return grace.agents === agents.length && grace.inGrace === IN_GRACE_EACH * Object.keys(SERVERS).length && items.reduce((sum, pool) => sum + pool.inUse, 0) === inUse;
  });
  return {
    figures: { hosts: hosts.length, deployments: deployments.length, agents: agents.length, inUse },
    pages: {
      overview: '/', hosts: '/hosts', host: `/hosts/${hosts[0].hostId}`, deployments: '/deployments', deployment: `/deployments/${deployments[0].deploymentId}`,
      plans: '/plans', plan: `/plans/${plan}`, runs: '/runs', run: `/runs/${run}`, licences: '/licenses', 'license-server': `/licenses/servers/${server}`,
      agents: '/agents', agent: `/agents/${agents[0].agentId}`, audit: '/audit', 'dead-letters': '/dead-letters',
    },
  };
}

async function discover(system) {
  const csv = await system.inLab('/inventory.csv');
  const report = await system.api('/api/inventory/v1/imports?format=csv', { method: 'POST', text: csv, type: 'text/csv', as: 'pat' });
  check(report.rejected.length === 0, `every line of the lab's inventory is taken: ${JSON.stringify(report.rejected.slice(0, 3))}`);
  const hosts = await until('every host is reachable', async () => {
    const { items } = await system.api('/api/inventory/v1/hosts?limit=500');
    return items.length === report.created && items.every((host) => host.status === 'reachable' && host.components.length > 0) && items;
  });
  return { hosts, deployments: (await system.api('/api/inventory/v1/deployments?limit=500')).items };
}

/** A license server with a purchase, agents that validate at it, sessions of some, and some that do not reach it any more. */
async function licenses(system, name, seats) {
  const post = (path, body, as = 'admin') => system.api(path, { method: 'POST', body, as });
  const { licenseServerId } = await post('/api/licenses/v1/license-servers', { name, kind: 'native' }, 'pat');
  const activationCode = `${name.toUpperCase()}-${seats}-SEATS`;
  await post('/api/licenses/v1/pools', { activationCode, seats, feature: 'Agent_Session', expiresAt: '2099-01-01T00:00:00Z' }, 'pat');
  await system.api(`/api/licenses/v1/pools/${activationCode}/activations/${licenseServerId}`, { method: 'PUT', body: { total: seats }, as: 'pat' });
  const agents = await inTurns(Array.from({ length: AGENTS_EACH }, (_, i) => `${name.replace('ls-', 'desk-')}-${String(i + 1).padStart(3, '0')}`), (agent) =>
    post('/api/agents/v1/agents', { name: agent, licenseServerId, version: '23.04' }, 'pat'),
  );
  const validate = (some, validationId, more) =>
    inTurns(some, ({ agentId }) => post(`/api/agents/v1/agents/${agentId}/validations`, { validationId, at: new Date().toISOString(), ...more }));
  await validate(agents, 'first', { outcome: 'succeeded' });
  await inTurns(agents.slice(0, SESSIONS_EACH), ({ agentId }, i) =>
    post(`/api/licenses/v1/license-servers/${licenseServerId}/sessions`, { agentId, user: `user-${i + 1}` }),
  );
  await validate(agents.slice(-IN_GRACE_EACH), 'second', { outcome: 'failed', reason: 'license server unreachable' });
  return agents;
}

/** One run as far as its first gate, and one plan that nobody has decided on. */
async function upgrades(system, deployments) {
  const plan = (name, targetVersion) =>
    // upgrade-service hears of hosts and deployments a moment after the inventory
    until(`a plan for ${name}`, async () => {
      const { deploymentId } = deployments.find((each) => each.name === name);
      const answer = await system.api('/api/upgrades/v1/plans', { method: 'POST', body: { deploymentId, targetVersion }, as: 'pat', ok: false });
      return answer.status === 201 && answer.body;
    });
  const ums = await plan('ums-emea', '12.05.100');
  await system.api(`/api/upgrades/v1/plans/${ums.id}/approval`, { method: 'POST', body: { hash: ums.hash }, as: 'alex' });
  const run = await system.api('/api/upgrades/v1/runs', { method: 'POST', body: { planId: ums.id }, as: 'pat' });
  await until('the run waits at its gate', async () =>
    (await system.api('/api/upgrades/v1/activity')).waiting.some((each) => each.kind === 'gate' && each.runId === run.id),
  );
  const keeper = await plan('keeper-emea', '1.5.0');
  return { plan: keeper.id, run: run.id };
}

/** Some at once, in order. */
async function inTurns(all, work, width = 8) {
  const answers = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < all.length) {
        const i = next++;
        answers[i] = await work(all[i], i);
      }
    }),
  );
  return answers;
}
