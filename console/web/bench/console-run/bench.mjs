// Whether the run page stays responsive with many hosts: the built page in Chromium, against a run that goes on by itself, while
// somebody walks through the steps with the keyboard and opens one now and then.
//   node bench/console-run/bench.mjs [--hosts 200] [--seconds 20] [--rate 40]
// Wants the built page (dist) and console/e2e with its packages; deploy/bench/console-run sees to both.
// On a busy machine tasks wait for the processor: so the time that the page's thread itself needed is told beside the clock's, and
// limits are on it where there is one. Exit code 1 if a limit is not kept; the last line is JSON.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { loadavg } from 'node:os';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createServer as vite } from 'vite';
import { browser as chromium } from '../../../e2e/browser.mjs';
import { Estate } from './estate.mjs';

const { values: wish } = parseArgs({
  options: { hosts: { type: 'string', default: '200' }, seconds: { type: 'string', default: '20' }, rate: { type: 'string', default: '40' } },
});
const number = (name, least, most) => {
  const value = Number(wish[name]);
  if (!Number.isInteger(value) || value < least || value > most) throw new Error(`--${name} is ${least} to ${most}, not '${wish[name]}'`);
  return value;
};
const hosts = number('hosts', 1, 1000);
const seconds = number('seconds', 5, 600);
const rate = number('rate', 1, 1000);

/** Milliseconds. A task of more than 50 is what browsers call long; 200 from a key to the frame that answers it is what people call slow. */
const LIMIT = { firstRenderThread: 1000, longestTaskThread: 50, keyToFrame95: 200 };

const web = new URL('../..', import.meta.url).pathname;
const dist = join(web, 'dist');
if (!existsSync(join(dist, 'index.html'))) throw new Error('There is no built page: run `./interlock build` first.');

const loader = await vite({ root: web, server: { middlewareMode: true, hmr: false, ws: false }, appType: 'custom', logLevel: 'error' });
const estate = new Estate(hosts, await loader.ssrLoadModule('/src/upgrade/fixtures.ts'));
await loader.close();
// half of it has happened when somebody opens the page
for (let i = 0; i < estate.steps; i++) estate.move(40);

let looks = 0;
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const server = createServer((request, response) => {
  const json = (body) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const path = new URL(request.url, 'http://localhost').pathname;
  if (path === '/session') return json({ signedIn: true, subject: 'olga', roles: ['operator'], login: 'token' });
  if (path.endsWith('/events')) return stream(request, response);
  if (path.startsWith('/api/upgrades/v1/runs/')) {
    looks += 1;
    return json(estate.run);
  }
  if (path.startsWith('/api/upgrades/v1/plans/')) return json(estate.planView());
  if (path === '/api/upgrades/v1/products') return json({ items: [] });
  const file = join(dist, path);
  const found = extname(path) && existsSync(file) ? file : join(dist, 'index.html');
  response.writeHead(200, { 'Content-Type': types[extname(found)] ?? 'application/octet-stream' });
  createReadStream(found).pipe(response);
});

function stream(request, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  const write = (event) => response.write(`id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  estate.events.slice(Number(request.headers['last-event-id'] ?? 0)).forEach(write);
  estate.listeners.add(write);
  request.on('close', () => estate.listeners.delete(write));
}

await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const cdp = await page.context().newCDPSession(page);
  const size = JSON.stringify(estate.run).length;
  await page.addInitScript((cells) => {
    const look = () => {
      if (document.querySelectorAll('[role=grid] button').length < cells) return requestAnimationFrame(look);
      requestAnimationFrame(() => setTimeout(() => (window.drawn = performance.now())));
    };
    requestAnimationFrame(look);
    // from the key, as the browser stamps it, to its handlers and to the end of the frame that shows what they did
    window.keys = [];
    addEventListener(
      'keydown',
      ({ timeStamp }) => {
        const delay = performance.now() - timeStamp;
        requestAnimationFrame(() => setTimeout(() => window.keys.push({ delay, frame: performance.now() - timeStamp })));
      },
      true,
    );
  }, estate.steps);

  const opening = await traced(cdp, async () => {
    await page.goto(`${base}/runs/${estate.run.id}`);
    await page.waitForFunction(() => window.drawn, undefined, { timeout: 120_000 });
  });
  const drawn = await page.evaluate(() => ({
    sinceNavigation: window.drawn,
    sinceRunCame: window.drawn - (performance.getEntriesByType('resource').find((r) => /\/runs\/[^/]+$/.test(r.name))?.responseEnd ?? 0),
  }));

  const [eventsBefore, looksBefore] = [estate.events.length, looks];
  const watching = await traced(cdp, async () => {
    const began = performance.now();
    const elapsed = () => performance.now() - began;
    const going = (async () => {
      for (let made = 0; elapsed() < seconds * 1000; ) {
        for (; made < (elapsed() / 1000) * rate; made++) estate.move(40);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    await page.locator('[role=grid] button').first().focus();
    const walk = ['ArrowDown', 'ArrowRight', 'ArrowDown', 'PageDown', 'ArrowLeft', 'ArrowUp', 'Enter', 'Escape'];
    for (let i = 0; elapsed() < seconds * 1000; i++) {
      await page.keyboard.press(walk[i % walk.length]);
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    await going;
  });
  const keys = await page.evaluate(() => window.keys);

  const round = (n) => Math.round(n * 10) / 10;
  const most = (tasks, name) => round(tasks.reduce((largest, task) => Math.max(largest, task[name]), 0));
  const sum = (tasks) => tasks.reduce((all, { thread }) => all + thread, 0);
  const at = (name, part) => {
    const sorted = keys.map((key) => key[name]).sort((a, b) => a - b);
    return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Infinity);
  };
  const result = {
    bench: 'console-run', hosts: estate.run.nodes, steps: estate.steps, runKilobytes: Math.round(size / 1024),
    firstRenderMs: {
      sinceNavigation: Math.round(drawn.sinceNavigation), sinceRunCame: Math.round(drawn.sinceRunCame), thread: Math.round(sum(opening)), longestTaskThread: most(opening, 'thread'),
    },
    updates: { seconds, eventsPerSecond: round((estate.events.length - eventsBefore) / seconds), looksPerSecond: round((looks - looksBefore) / seconds), tasks: watching.length },
    longestTaskMs: { clock: most(watching, 'clock'), thread: most(watching, 'thread') },
    mainThreadBusyPercent: round((sum(watching) / (seconds * 1000)) * 100),
    keys: { pressed: keys.length, delayMs: { median: at('delay', 0.5), p95: at('delay', 0.95) }, toFrameMs: { median: at('frame', 0.5), p95: at('frame', 0.95), max: at('frame', 1) } },
    limit: LIMIT, load: round(loadavg()[0]),
  };
  console.log(`  ${result.hosts} hosts, ${result.steps} steps, the run is ${result.runKilobytes} kB of JSON; load of the machine ${result.load}`);
  console.log(
    `  first render: ${result.firstRenderMs.sinceNavigation} ms after the address was opened, ${result.firstRenderMs.sinceRunCame} ms after the run had come; ` +
      `the page's own thread needed ${result.firstRenderMs.thread} ms for all of it, ${result.firstRenderMs.longestTaskThread} ms for the longest task`,
  );
  console.log(`  ${seconds} s of updates: ${result.updates.eventsPerSecond} events/s, ${result.updates.looksPerSecond} looks/s at the whole run; the thread was busy ${result.mainThreadBusyPercent} % of the time`);
  console.log(`  longest task: ${result.longestTaskMs.clock} ms by the clock, ${result.longestTaskMs.thread} ms of the page's own thread`);
  console.log(
    `  ${keys.length} keys: handled after ${result.keys.delayMs.median} ms (95 %: ${result.keys.delayMs.p95}), ` +
      `answered by a frame after ${result.keys.toFrameMs.median} ms (95 %: ${result.keys.toFrameMs.p95}, largest ${result.keys.toFrameMs.max})`,
  );
  const ok =
    result.firstRenderMs.thread <= LIMIT.firstRenderThread &&
    result.longestTaskMs.thread <= LIMIT.longestTaskThread &&
    keys.length >= seconds &&
    result.keys.toFrameMs.p95 <= LIMIT.keyToFrame95;
  console.log(JSON.stringify({ ok, ...result }));
  process.exitCode = ok ? 0 : 1;
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}

/** The tasks of the page's main thread meanwhile: milliseconds by the clock, and of the thread itself. */
async function traced(cdp, work) {
  const events = [];
  const collect = ({ value }) => events.push(...value);
  cdp.on('Tracing.dataCollected', collect);
  await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'] } });
  await work();
  const ended = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve));
  await cdp.send('Tracing.end');
  await ended;
  cdp.off('Tracing.dataCollected', collect);
  const main = new Set(events.filter((e) => e.name === 'thread_name' && e.args?.name === 'CrRendererMain').map((e) => `${e.pid}:${e.tid}`));
  const tasks = events.filter((e) => e.name === 'RunTask' && main.has(`${e.pid}:${e.tid}`)).map((e) => ({ clock: (e.dur ?? 0) / 1000, thread: (e.tdur ?? 0) / 1000 }));
  if (tasks.length === 0) throw new Error("The browser's trace names no task of the page's main thread: nothing was measured.");
  return tasks;
}
