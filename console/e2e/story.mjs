// The story of the demo, done by clicking, as two people: pat plans and starts, alex approves. Machines (agents, the lab) are
// played by their APIs; everything that a person does is done in a browser.
//
//   node story.mjs --data DIR [--pictures DIR] [--restart] [--from CHAPTER] [--dead-letter TOPIC]
//
// DIR is the data folder of `./interlock up --with-lab`. --restart kills the services while a run is watched. --pictures keeps each
// page at two widths in both schemes, after axe has looked at it. --dead-letter: somebody has put a record on TOPIC that upgrade-service
// cannot read. Exit code 0 only if all held; the last line is JSON.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { axe, Browsers, check, chromiumPath, PATIENCE } from './browser.mjs';
import { System, until } from './system.mjs';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' }, pictures: { type: 'string' }, restart: { type: 'boolean', default: false }, from: { type: 'string' },
    'dead-letter': { type: 'string' },
  },
});
if (!options.data) throw new Error('--data DIR: the data folder of a system that runs with the lab');
if (!chromiumPath()) throw new Error('There is no Chromium: install it, or name it in CHROMIUM.');

const AGENTS = 40;
const began = Date.now();
const held = [];
const say = (text) => console.log(`  ${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}`);
const hold = (good, sentence) => {
  check(good, sentence);
  held.push(sentence);
  say(`✓ ${sentence}`);
};

const system = await System.at(options.data);
const browsers = new Browsers(system.console);
const out = options.pictures;
let people = {};

try {
  people = { pat: await browsers.person(system.tokens.pat), alex: await browsers.person(system.tokens.alex) };
  const pat = people.pat.page;
  const alex = people.alex.page;
  hold(await pat.evaluate(() => document.cookie === '' && !JSON.stringify({ ...localStorage, ...sessionStorage }).includes('eyJ')), 'the token never reaches the page');

  const chapters = { hosts: discover, licences: licenses, keeper: upgradeKeeper, ums: upgradeUms, 'license-server': upgradeLicenseServer, files: carryFiles, audit };
  const names = Object.keys(chapters);
  for (const name of options.from ? names.slice(names.indexOf(options.from)) : names) await chapters[name](pat, alex);
  if (out) await pictures(pat);
  for (const [name, { complaints: all }] of Object.entries(people)) {
    // what was killed could not be reached for a while, and the browser says so
    const complaints = options.restart ? all.filter((complaint) => !complaint.includes('net::ERR_')) : all;
    hold(complaints.length === 0, `${name}'s browser had nothing to complain of${complaints.length ? `: ${complaints.slice(0, 3).join('; ')}` : ''}`);
  }
} catch (failure) {
  for (const [name, { page }] of Object.entries(people)) {
    await mkdir('out', { recursive: true }).catch(() => undefined);
    await page.screenshot({ path: join('out', `failed-${name}.png`), fullPage: true }).catch(() => undefined);
    console.error(`${name} was at ${page.url()}; his page is in out/failed-${name}.png`);
  }
  console.error(failure);
  process.exitCode = 1;
} finally {
  await browsers.close();
}
const result = { ok: process.exitCode !== 1, held: held.length, seconds: Math.round((Date.now() - began) / 100) / 10 };
console.log(JSON.stringify(result));

async function go(page, place) {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: place, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: place }).waitFor();
}

/** A component library's searchable select: type, then take the one that is offered. */
async function choose(scope, page, label, text) {
  const field = scope.getByLabel(label).and(scope.locator('input'));
  await field.click();
  await field.fill(text);
  await page.getByRole('option', { name: text }).first().click();
}

async function discover(pat) {
  await go(pat, 'Hosts');
  await pat.getByRole('button', { name: 'Import', exact: true }).click();
  const dialogue = pat.getByRole('dialog', { name: 'Import hosts' });
  const csv = await system.inLab('/inventory.csv');
  await dialogue.locator('input[type=file]').setInputFiles({ name: 'estate.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await dialogue.getByRole('button', { name: 'Import', exact: true }).click();
  const lines = csv.trim().split('\n').length - 1;
  await until('every host is reachable', async () => {
    const { items } = await system.api('/api/inventory/v1/hosts?limit=100');
    return items.length === lines && items.every((host) => host.status === 'reachable' && host.components.length > 0);
  });
  await pat.keyboard.press('Escape');
  await dialogue.waitFor({ state: 'hidden' });
  const table = pat.getByRole('table', { name: 'Hosts by name' });
  await until('the page shows them', async () => (await table.getByText('Reachable', { exact: true }).count()) >= lines);
  hold(true, `pat imported a file, and the page shows ${lines} hosts, all reachable`);
}

async function licenses(pat) {
  await go(pat, 'Licences');
  await pat.getByRole('button', { name: 'Register a license server' }).click();
  let dialogue = pat.getByRole('dialog', { name: 'Register a license server' });
  await dialogue.getByRole('textbox', { name: 'Name' }).fill('ls-emea');
  await dialogue.getByRole('button', { name: 'Register', exact: true }).click();
  await dialogue.waitFor({ state: 'hidden' });

  await buy(pat, 'CONSOLE-STORY-3-SEATS', 3);

  await pat.getByRole('button', { name: 'Ask for licences' }).click();
  dialogue = pat.getByRole('dialog', { name: 'Ask for licences' });
  await dialogue.getByRole('combobox', { name: 'Purchase' }).selectOption('CONSOLE-STORY-3-SEATS');
  await dialogue.getByRole('combobox', { name: 'License server' }).selectOption({ label: 'ls-emea (native)' });
  await dialogue.getByRole('textbox', { name: 'Licences in total on this server' }).fill('3');
  await dialogue.getByRole('radio', { name: 'Interlock, at once' }).check();
  await dialogue.getByRole('button', { name: 'Activate' }).click();
  await dialogue.waitFor({ state: 'hidden' });
  await pat.getByRole('img', { name: /^3 licences: 3 active on ls-emea/ }).waitFor();
  hold(true, 'pat registered a purchase and activated its three licences');

  const server = (await system.api('/api/licenses/v1/license-servers')).items.find((s) => s.name === 'ls-emea').licenseServerId;
  const agents = [];
  for (const name of ['desk-anna', 'desk-ben', 'desk-cleo', 'desk-dora']) {
    agents.push(await system.api('/api/agents/v1/agents', { method: 'POST', body: { name, licenseServerId: server }, as: 'pat' }));
  }
  const answers = [];
  for (const agent of agents) {
    answers.push(
      await system.api(`/api/licenses/v1/license-servers/${server}/sessions`, {
        method: 'POST', body: { agentId: agent.agentId, user: agent.name.replace('desk-', '') }, ok: false,
      }),
    );
  }
  check(answers.map((a) => a.status).join() === '201,201,201,409', `three sessions and a refusal: ${answers.map((a) => a.status)}`);
  await pat.getByRole('img', { name: /^3 licences: 3 in use on ls-emea/ }).waitFor();
  await pat.getByRole('img', { name: /^1 sessions? (was|were) refused/ }).waitFor();
  hold(true, 'the page shows three licences in use, and the refused fourth session in the chart');
}

/** Registers a purchase, on the page of licences. */
async function buy(pat, code, seats, feature) {
  await pat.getByRole('button', { name: 'Register a purchase' }).click();
  const dialogue = pat.getByRole('dialog', { name: 'Register a purchase' });
  await dialogue.getByRole('textbox', { name: 'Activation code' }).fill(code);
  await dialogue.getByRole('textbox', { name: 'Licences' }).fill(String(seats));
  if (feature) await dialogue.getByRole('textbox', { name: 'Feature' }).fill(feature);
  await dialogue.getByLabel('Ends').fill('2099-01-01T00:00');
  await dialogue.getByRole('button', { name: 'Register', exact: true }).click();
  await dialogue.waitFor({ state: 'hidden' });
}

/** Pat plans, may not approve his own plan, alex does. Answers the plan's address. */
async function plan(pat, deployment, release) {
  await go(pat, 'Deployments');
  await pat.getByRole('link', { name: deployment, exact: true }).click();
  await pat.getByRole('heading', { level: 1, name: deployment }).waitFor();
  await pat.getByRole('link', { name: 'Plan an upgrade' }).click();
  const dialogue = pat.getByRole('dialog', { name: 'Plan an upgrade' });
  await choose(dialogue, pat, 'Target release', release);
  // upgrade-service hears of hosts and deployments a moment after the inventory
  await until('the plan is made', async () => {
    const button = dialogue.getByRole('button', { name: 'Make the plan' });
    if (await button.isVisible()) await button.click().catch(() => undefined);
    return Promise.race([
      pat.waitForURL(/\/plans\/[0-9a-f-]{36}/, { timeout: 3000 }).then(() => true, () => false),
      dialogue.getByRole('alert').waitFor({ timeout: 3000 }).then(() => false, () => false),
    ]);
  });
  await pat.getByRole('button', { name: 'Approve' }).waitFor();
  hold(await pat.getByRole('button', { name: 'Approve' }).isDisabled(), `pat may not approve his own plan for ${deployment}`);
  return new URL(pat.url()).pathname;
}

async function approve(alex, path) {
  await alex.goto(path);
  await alex.getByRole('button', { name: 'Approve' }).click();
  const dialogue = alex.getByRole('dialog');
  await dialogue.getByRole('textbox', { name: 'Comment' }).fill('Looks right to me.');
  await dialogue.getByRole('button', { name: 'Approve', exact: true }).click();
  await dialogue.waitFor({ state: 'hidden' });
  say('alex approves exactly that plan');
}

async function start(pat) {
  await pat.getByRole('button', { name: 'Start run' }).click();
  const dialogue = pat.getByRole('dialog');
  await dialogue.getByRole('button', { name: 'Start run' }).click();
  return dialogue;
}

/** Stays at the run's page until it is completed; answers its gates. */
async function follow(pat, nodes, meanwhile = async () => undefined) {
  await pat.waitForURL(/\/runs\/[0-9a-f-]{36}/);
  const id = new URL(pat.url()).pathname.split('/').pop();
  await meanwhile(id);
  const done = pat.getByText(`${nodes} of ${nodes} hosts updated`).first();
  await until('the run is completed on the page', async () => {
    const confirm = pat.getByRole('button', { name: /^Confirm: / }).first();
    if (await confirm.isVisible()) {
      await confirm.click();
      const dialogue = pat.getByRole('dialog');
      await dialogue.getByRole('textbox', { name: 'What was done or seen' }).fill('Done, says pat.');
      await dialogue.getByRole('button', { name: 'Confirm', exact: true }).click();
      await dialogue.waitFor({ state: 'hidden' });
    }
    const run = await system.api(`/api/upgrades/v1/runs/${id}`);
    check(!['paused', 'failed', 'aborted'].includes(run.status), `the run goes on: ${run.status} ${run.reason ?? ''}`);
    return run.status === 'completed';
  }, { seconds: 180 });
  await done.waitFor();
  await pat.getByText('As it ended').first().waitFor();
  return id;
}

async function upgradeKeeper(pat, alex) {
  const path = await plan(pat, 'keeper-emea', '1.5.0');
  await approve(alex, path);
  await pat.getByRole('button', { name: 'Start run' }).waitFor();
  await (await start(pat)).waitFor({ state: 'hidden' });
  await follow(pat, 10, async () => {
    await alex.goto(new URL(pat.url()).pathname);
    await alex.getByRole('region', { name: 'Progress' }).waitFor();
    if (options.restart) await restartServices(pat);
    await pat.reload();
    await pat.getByRole('region', { name: 'Progress' }).waitFor();
  });
  await alex.getByText('10 of 10 hosts updated').first().waitFor();
  hold(true, 'ten Keeper hosts are upgraded; both pages followed to the end, one across a reload');
}

/** The services' process dies while two people watch; its supervisor starts it again, and nobody reloads anything. */
async function restartServices(pat) {
  await until('the run is under way', async () => (await pat.getByText(/[1-9]\d* of 10 hosts updated/).count()) > 0);
  const before = (await System.at(options.data)).state.processes.services;
  process.kill(before.pid, 'SIGKILL');
  await until('the services are back', async () => {
    const now = (await System.at(options.data)).state.processes.services;
    return now && now.pid !== before.pid;
  });
  const answers = (path) => system.api(path, { ok: false }).then(({ status }) => status === 200, () => false);
  await until('every service answers again', async () =>
    (await Promise.all(['/api/upgrades/v1/runs?limit=1', '/api/inventory/v1/hosts?limit=1', '/session'].map(answers))).every(Boolean),
  );
  await until('the page follows again', async () => (await pat.getByText(/^(Live|As it ended)$/).count()) > 0);
  hold(true, 'the services were killed and came back; the page went on by itself');
}

async function upgradeUms(pat, alex) {
  const broken = 'ums-emea-server-1';
  const hosts = (await system.api('/api/inventory/v1/hosts?limit=100')).items;
  const server = hosts.find((host) => host.name === broken) ?? hosts.find((host) => host.name.startsWith('ums-emea-server'));
  await system.break(server.name, 'orphan', 'server');
  const probe = async () => {
    await pat.goto(`/hosts/${server.hostId}`);
    await pat.getByRole('button', { name: 'Probe now' }).click();
  };
  await probe();
  await until('the orphan is found', async () => {
    const { items } = await system.api('/api/inventory/v1/deployments');
    return items.find((d) => d.name === 'ums-emea')?.orphans?.length > 0;
  });
  const path = await plan(pat, 'ums-emea', '12.05.100');
  await pat.getByRole('region', { name: 'Interlocks' }).getByText(/orphan/i).first().waitFor();
  await approve(alex, path);
  await until('pat may start', async () => (await pat.getByRole('button', { name: 'Start run' }).count()) > 0);
  const start1 = await start(pat);
  await start1.getByRole('alert').waitFor();
  hold(await start1.getByText(/orphan|no member|registered/i).first().isVisible(), 'an interlock refuses the UMS run, and says why');
  await pat.keyboard.press('Escape');
  await start1.waitFor({ state: 'hidden' });

  await system.heal(server.name);
  await probe();
  await until('the orphan is gone', async () => {
    const { items } = await system.api('/api/inventory/v1/deployments');
    return items.find((d) => d.name === 'ums-emea')?.orphans?.length === 0;
  });
  await until('no interlock refuses any more', async () => {
    const now = await system.api(path.replace('/plans/', '/api/upgrades/v1/plans/'));
    return !now.interlocks.some((interlock) => ['refuses', 'blocks'].includes(interlock.weight));
  });
  await pat.goto(path);
  await pat.getByRole('button', { name: 'Start run' }).waitFor();
  await (await start(pat)).waitFor({ state: 'hidden' });
  await follow(pat, 4);
  hold(true, 'the UMS network of three servers and a balancer is upgraded, its gates answered on the page');
}

async function upgradeLicenseServer(pat, alex) {
  const host = (await system.api('/api/inventory/v1/hosts?limit=100')).items.find((h) => h.name === 'licenses-paris');
  const door = JSON.parse(await system.inLab(`/hosts/${host.name}`)).http['7070'];
  await go(pat, 'Licences');
  await pat.getByRole('button', { name: 'Register a license server' }).click();
  const dialogue = pat.getByRole('dialog', { name: 'Register a license server' });
  await dialogue.getByRole('textbox', { name: 'Name' }).fill(host.name);
  await dialogue.getByRole('radio', { name: /flexnet/ }).check();
  await dialogue.getByRole('textbox', { name: 'Address for agents' }).fill(new URL('/request', door).href);
  await dialogue.getByRole('textbox', { name: 'Base URL of its REST API' }).fill(door);
  await dialogue.getByRole('textbox', { name: 'Credential' }).fill('pcoip-license-server');
  await dialogue.getByRole('textbox', { name: 'Host id in the inventory' }).fill(host.hostId);
  await dialogue.getByRole('button', { name: 'Register', exact: true }).click();
  await dialogue.waitFor({ state: 'hidden' });
  const server = (await system.api('/api/licenses/v1/license-servers')).items.find((s) => s.name === host.name).licenseServerId;

  const agents = await Promise.all(
    Array.from({ length: AGENTS }, (_, i) =>
      system.api('/api/agents/v1/agents', {
        method: 'POST', body: { name: `desk-${String(i + 1).padStart(3, '0')}`, licenseServerId: server, version: '23.04' }, as: 'pat',
      }),
    ),
  );
  const report = (when, outcome) =>
    Promise.all(
      agents.map(({ agentId }) =>
        system.api(`/api/agents/v1/agents/${agentId}/validations`, {
          method: 'POST',
          body: { validationId: `story-${when}`, at: new Date().toISOString(), outcome, ...(outcome === 'failed' ? { reason: 'license server unreachable' } : {}) },
        }),
      ),
    );
  await report('before', 'succeeded');
  await pat.goto(`/agents?server=${server}`);
  await pat.getByText(`${AGENTS} of ${AGENTS} agents work on to the end.`).waitFor();
  hold(true, `the page of agents says that all ${AGENTS} of the license server are covered`);

  const deployment = (await system.api('/api/inventory/v1/deployments')).items.find((d) => d.members.some((m) => m.host === host.name)).name;
  const path = await plan(pat, deployment, '23.04');
  await approve(alex, path);
  await pat.getByRole('button', { name: 'Start run' }).waitFor();
  await (await start(pat)).waitFor({ state: 'hidden' });
  const answers = () => fetch(new URL('/api/1.0/health', door), { signal: AbortSignal.timeout(3000) }).then((r) => r.status === 200, () => false);
  let grace = false;
  await follow(pat, 1, async () => {
    await until('the license server is away', async () => !(await answers()), { every: 50 });
    await report('away', 'failed');
    await alex.goto(`/agents?server=${server}`);
    await alex.getByRole('img', { name: new RegExp(`${AGENTS} 3 to 7 days`) }).waitFor();
    grace = true;
    await until('the license server is back', answers);
    await report('back', 'succeeded');
  });
  await alex.getByText('No agent is in grace').waitFor();
  hold(grace, `${AGENTS} agents were in grace while it was away, and the page showed them enter and leave it`);
}

/** Licences of a purchase that the vendor's portal allots: pat carries the files there and back, by clicking. */
async function carryFiles(pat) {
  const code = 'CONSOLE-STORY-CARRIED';
  await system.inLab('/portal/entitlements', { method: 'POST', body: { code, feature: 'Agent-Session', count: 10, expires: '2099-01-01' } });
  await go(pat, 'Licences');
  await buy(pat, code, 10, 'Agent-Session');
  await pat.getByRole('button', { name: 'Ask for licences' }).click();
  const dialogue = pat.getByRole('dialog', { name: 'Ask for licences' });
  await dialogue.getByRole('combobox', { name: 'Purchase' }).selectOption(code);
  await dialogue.getByRole('combobox', { name: 'License server' }).selectOption({ label: 'licenses-paris (flexnet)' });
  await dialogue.getByRole('textbox', { name: 'Licences in total on this server' }).fill('5');
  await dialogue.getByRole('button', { name: 'Make the request' }).click();
  await pat.waitForURL(/\/licenses\/requests\/[0-9a-f-]{36}/);

  const [carried] = await Promise.all([pat.waitForEvent('download'), pat.getByRole('button', { name: 'Download request.bin' }).click()]);
  await pat.getByRole('cell', { name: 'downloaded', exact: true }).waitFor();
  const request = (await readFile(await carried.path())).toString('base64');
  const { response } = JSON.parse(await system.inLab('/portal/responses', { method: 'POST', body: { request } }));
  const brought = { name: 'response.bin', mimeType: 'application/octet-stream', buffer: Buffer.from(response, 'base64') };
  await pat.locator('input[type=file]').setInputFiles(brought);
  await pat.getByRole('button', { name: 'Apply the answer' }).click();
  await pat.getByText('Applied and verified by a list').waitFor();
  await pat.getByRole('cell', { name: 'verified', exact: true }).waitFor();
  const found = await axe(pat);
  hold(found.length === 0, `pat carried a request to the portal and its answer back, and the page shows through whose hands they went${found.length ? `: ${found.join('; ')}` : ''}`);
  await go(pat, 'Licences');
  await pat.getByRole('img', { name: /^10 licences: .*5 active on licenses-paris/ }).waitFor();
  hold(true, 'five of ten licences are active where the answer was applied');
}

async function audit() {
  const admin = await browsers.person(system.tokens.admin);
  people = { ...people, admin };
  await go(admin.page, 'Audit');
  await until('every chain is verified', async () => (await admin.page.getByText(/^Chain verified/).count()) === 4);
  const log = admin.page.getByRole('table', { name: 'What was done, newest first' });
  await log.getByText('plan.approve').first().waitFor();
  hold(true, 'the audit page shows who did what, and four unbroken chains');
  if (options['dead-letter']) await deadLetter(admin.page, options['dead-letter']);
}

async function deadLetter(admin, topic) {
  await go(admin, 'Dead letters');
  const upgrades = admin.getByRole('region', { name: 'Upgrades' });
  await upgrades.getByRole('table', { name: `Dead letters of ${topic}` }).getByText('not a CloudEvent').first().waitFor();
  await upgrades.getByRole('button', { name: `Replay ${topic}` }).click();
  const dialogue = admin.getByRole('dialog', { name: `Replay the dead letters of ${topic}` });
  await dialogue.getByRole('button', { name: 'Replay', exact: true }).click();
  await dialogue.waitFor({ state: 'hidden' });
  await upgrades.getByText(/failed again/).waitFor();
  hold(true, 'a record that cannot be read is a dead letter with its reason, and stays one when it is replayed');
}

/** Each page at two widths and in both schemes, as the user guide shows them, and what axe says of each. */
async function pictures(pat) {
  await mkdir(out, { recursive: true });
  const host = (await system.api('/api/inventory/v1/hosts?limit=100')).items.find((h) => h.name === 'kcm-berlin');
  const deployment = (await system.api('/api/inventory/v1/deployments')).items.find((d) => d.name === 'ums-emea');
  const plans = (await system.api('/api/upgrades/v1/plans')).items;
  const umsPlan = plans.find((p) => p.deployment === 'ums-emea');
  const runs = (await system.api('/api/upgrades/v1/runs')).items;
  const servers = (await system.api('/api/licenses/v1/license-servers')).items;
  const agent = (await system.api('/api/agents/v1/agents?limit=1')).items[0];
  const request = (await system.api('/api/licenses/v1/activation-requests')).items[0];
  const pages = {
    overview: '/', hosts: '/hosts', host: `/hosts/${host.hostId}`, deployments: '/deployments', deployment: `/deployments/${deployment.deploymentId}`,
    plans: '/plans', plan: `/plans/${umsPlan.id}`, runs: '/runs', run: `/runs/${runs.find((r) => r.deployment === 'keeper-emea').id}`,
    licences: '/licenses', 'license-server': `/licenses/servers/${servers.find((s) => s.name === 'licenses-paris').licenseServerId}`,
    request: `/licenses/requests/${request.requestId}`,
    agents: '/agents', agent: `/agents/${agent.agentId}`, audit: '/audit', 'dead-letters': '/dead-letters',
  };
  const found = [];
  for (const [name, path] of Object.entries(pages)) {
    const page = ['audit', 'dead-letters'].includes(name) ? people.admin.page : pat;
    for (const colours of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: colours });
      for (const [width, height] of [[1280, 900], [375, 812]]) {
        await page.setViewportSize({ width, height });
        await page.goto(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await until(`${name} is loaded`, async () => (await page.getByRole('status', { name: /^Loading/ }).count()) === 0);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (overflow > 0) found.push(`${name} at ${width} px is ${overflow} px too wide`);
        // each width and each scheme once: axe takes longer than all the rest
        const looked = (width === 1280) === (colours === 'light');
        for (const violation of looked ? await axe(page) : []) found.push(`${name} at ${width} px, ${colours}: ${violation}`);
        await page.screenshot({ path: join(out, `${name}-${width}-${colours}.png`), animations: 'disabled' });
      }
    }
  }
  await writeFile(join(out, 'axe.json'), JSON.stringify(found, null, 2));
  hold(found.length === 0, `axe finds no violation on ${Object.keys(pages).length} pages, at two widths and in both schemes, and none is too wide${found.length ? `:\n${found.join('\n')}` : ''}`);
}
