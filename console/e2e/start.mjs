// How soon the overview shows the estate. Furnishes a system that runs with the lab (hosts imported and probed, licences, agents, a
// run at its gate, a plan to be approved), signs in, then opens the page again and again: with nothing in the browser's cache, and warm.
//
//   node start.mjs --data DIR [--runs N] [--waterfall]
//
// First useful paint: the first frame in which hosts, deployments, agents and licences all show their figures, and the right ones.
// Exit code 0 only if the median of each kind of load is below the limit, and each page's JavaScript; the last line is JSON.
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Browsers, check } from './browser.mjs';
import { furnish } from './estate.mjs';
import { System, until } from './system.mjs';

const { values: options } = parseArgs({
  options: { data: { type: 'string' }, runs: { type: 'string', default: '10' }, waterfall: { type: 'boolean', default: false } },
});
const LIMIT = { usefulMs: 1500, javascriptKilobytes: 350 };
const runs = Number(options.runs);
if (!options.data) throw new Error('--data DIR: the data folder of a system that runs with the lab');
if (!Number.isInteger(runs) || runs < 1 || runs > 1000) throw new Error('--runs N: 1 to 1000');

const say = (text) => console.log(`  ${text}`);
const system = await System.at(options.data);
const browsers = new Browsers(system.console);
try {
  const estate = await furnish(system, say);
  const { context, complaints } = await browsers.person(system.tokens.pat);
  await context.addInitScript(watch, estate.figures);

  const first = await load(context, '/', { cold: true });
  say(`first load after the start: useful at ${first.usefulMs} ms`);
  const loads = { cold: [], warm: [] };
  for (const kind of ['cold', 'warm']) {
    for (let i = 0; i < runs; i++) loads[kind].push(await load(context, '/', { cold: kind === 'cold' }));
    const { usefulMs, completeMs, firstContentfulMs } = summary(loads[kind]);
    say(
      `${kind}: first contentful paint ${firstContentfulMs.median} ms, first useful paint ${usefulMs.median} ms (largest ${usefulMs.max}), ` +
        `nothing left to come at ${completeMs.median} ms; medians of ${runs}`,
    );
    if (options.waterfall) waterfall([...loads[kind]].sort((a, b) => a.usefulMs - b.usefulMs)[Math.floor(runs / 2)]);
  }

  const javascript = {};
  // an admin sees all pages
  const admin = await browsers.person(system.tokens.admin);
  for (const [name, path] of Object.entries(estate.pages)) javascript[name] = await scripts(admin.context, path);
  say(`JavaScript by page, as it came over the wire: ${Object.entries(javascript).map(([name, kB]) => `${name} ${kB} kB`).join(', ')}`);
  const said = [...complaints, ...admin.complaints];
  check(said.length === 0, `the browsers had nothing to complain of: ${said.slice(0, 3).join('; ')}`);

  const result = {
    bench: 'console-start', hosts: estate.figures.hosts, deployments: estate.figures.deployments, agents: estate.figures.agents, runs,
    firstLoadMs: first.usefulMs, cold: summary(loads.cold), warm: summary(loads.warm), javascriptKilobytes: javascript, limit: LIMIT,
    load: Math.round(loadavg()[0] * 10) / 10,
  };
  const ok =
    [result.cold, result.warm].every((kind) => kind.usefulMs.median < LIMIT.usefulMs) &&
    Object.values(javascript).every((kB) => kB < LIMIT.javascriptKilobytes);
  console.log(JSON.stringify({ ok, ...result }));
  process.exitCode = ok ? 0 : 1;
} finally {
  await browsers.close();
}

/** Runs in the page: notes when a frame has been painted that shows the figures, and when nothing is on its way any more. */
function watch(figures) {
  if (location.pathname !== '/') return;
  const marks = (window.marks = {});
  const section = (name) => document.querySelector(`section[aria-labelledby=section-${name}]`);
  const figure = (name) => Number((section(name)?.querySelector('.figure')?.firstChild?.nodeValue ?? '').replaceAll(/\D/g, '') || NaN);
  const deployments = () =>
    [...(section('deployments')?.querySelectorAll('dd') ?? [])].flatMap((dd) => [...dd.textContent.matchAll(/(\d+) deployments?/g)]).reduce((sum, [, n]) => sum + Number(n), 0);
  const painted = {
    useful: () =>
      figure('hosts') === figures.hosts && figure('agents') === figures.agents && figure('licences') === figures.inUse && deployments() === figures.deployments,
    complete: () => marks.useful && document.querySelector('section') && !document.querySelector('[role=status][aria-label^=Loading]'),
  };
  const look = () => {
    for (const [name, there] of Object.entries(painted)) {
      if (marks[name] === undefined && there()) {
        marks[name] = null;
        // the frame that shows it is done when the first task after its callbacks runs
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            marks[name] = performance.now();
            look();
          };
          port2.postMessage(null);
        });
      }
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
}

/** A tab of its own, as somebody opens one. */
async function opened(context, path, { cold }, look) {
  const page = await context.newPage();
  try {
    if (cold) {
      const devtools = await context.newCDPSession(page);
      await devtools.send('Network.clearBrowserCache');
      await devtools.detach();
    }
    await page.goto(path, { waitUntil: 'commit' });
    return await look(page);
  } finally {
    await page.close();
  }
}

function load(context, path, how) {
  return opened(context, path, how, async (page) => {
    await page.waitForFunction(() => window.marks?.complete);
    return page.evaluate(() => ({
      firstContentfulMs: Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime),
      usefulMs: Math.round(window.marks.useful),
      completeMs: Math.round(window.marks.complete),
      resources: performance.getEntriesByType('resource').map(({ name, startTime, responseStart, responseEnd, encodedBodySize }) => ({
        name: new URL(name).pathname, startTime, responseStart, responseEnd, encodedBodySize,
      })),
    }));
  });
}

/** Kilobytes of JavaScript that a browser fetches which comes to a page first, with what the page itself fetches later (charts, say). */
function scripts(context, path) {
  return opened(context, path, { cold: true }, async (page) => {
    await page.getByRole('heading', { level: 1 }).waitFor();
    await until(`${path} is loaded`, async () => (await page.getByRole('status', { name: /^Loading/ }).count()) === 0);
    const bytes = await page.evaluate(async () => {
      const fetched = () => performance.getEntriesByType('resource').filter(({ name }) => new URL(name).pathname.endsWith('.js'));
      // a stream of events may stay open for ever: it is the scripts that have to have come to their end
      const quiet = () => performance.now() - Math.max(...fetched().map(({ responseEnd }) => responseEnd)) > 1000;
      while (fetched().length === 0 || !quiet()) await new Promise(requestAnimationFrame);
      return fetched().reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
    });
    return Math.round(bytes / 1024);
  });
}

function summary(all) {
  const of = (name) => {
    const sorted = all.map((each) => each[name]).sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return { median: sorted.length % 2 ? sorted[middle] : Math.round((sorted[middle - 1] + sorted[middle]) / 2), max: sorted.at(-1) };
  };
  return { firstContentfulMs: of('firstContentfulMs'), usefulMs: of('usefulMs'), completeMs: of('completeMs') };
}

function waterfall({ resources }) {
  for (const { name, startTime, responseStart, responseEnd, encodedBodySize } of resources) {
    say(`  ${[startTime, responseStart, responseEnd].map((at) => at.toFixed(0).padStart(6)).join(' ')}  ${String(encodedBodySize).padStart(7)} B  ${name}`);
  }
}
