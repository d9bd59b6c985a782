// How fast the run page is with many hosts: the built page in Chromium, against a run that goes on by itself.
//   node bench/console-run/bench.mjs [--hosts 200] [--seconds 20] [--rate 40] [--json]
// Wants `npm run build` before, Chromium (CHROMIUM, else /usr/bin/chromium) and playwright-core (npm install --no-save playwright-core).
// On a busy machine tasks wait for the processor: so the time that the page's thread itself needed is told beside the clock's.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { loadavg } from 'node:os';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createServer as vite } from 'vite';
import { Estate } from './estate.mjs';

const { values: wish } = parseArgs({
  options: { hosts: { type: 'string', default: '200' }, seconds: { type: 'string', default: '20' }, rate: { type: 'string', default: '40' }, json: { type: 'boolean', default: false } },
});
const web = new URL('../..', import.meta.url).pathname;
const dist = join(web, 'dist');
if (!existsSync(join(dist, 'index.html'))) throw new Error('There is no built page: run `npm run build` in console/web first.');
const { chromium } = await import('playwright-core').catch(() => {
  throw new Error('playwright-core is not installed: npm install --no-save playwright-core');
});

const loader = await vite({ root: web, server: { middlewareMode: true, hmr: false, ws: false }, appType: 'custom', logLevel: 'error' });
const estate = new Estate(Number(wish.hosts), await loader.ssrLoadModule('/src/upgrade/fixtures.ts'));
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
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const opened = performance.now();
  const size = JSON.stringify(estate.run).length;
  await page.addInitScript((cells) => {
    const look = () => {
      if (document.querySelectorAll('[role=grid] button').length < cells) return requestAnimationFrame(look);
      requestAnimationFrame(() => setTimeout(() => (window.drawn = performance.now())));
    };
    requestAnimationFrame(look);
  }, estate.steps);
  await page.goto(`${base}/runs/${estate.run.id}`);
  await page.waitForFunction(() => window.drawn, undefined, { timeout: 120_000 });
  const drawn = await page.evaluate(() => ({
    sinceNavigation: window.drawn,
    sinceRunCame: window.drawn - (performance.getEntriesByType('resource').find((r) => /\/runs\/[^/]+$/.test(r.name))?.responseEnd ?? 0),
  }));

  const cdp = await page.context().newCDPSession(page);
  const traced = [];
  cdp.on('Tracing.dataCollected', ({ value }) => traced.push(...value));
  await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'] } });
  const [eventsBefore, looksBefore] = [estate.events.length, looks];
  const seconds = Number(wish.seconds);
  const until = performance.now() + seconds * 1000;
  const began = performance.now();
  let made = 0;
  while (performance.now() < until) {
    while (made < ((performance.now() - began) / 1000) * Number(wish.rate)) {
      estate.move(40);
      made += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const ended = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve));
  await cdp.send('Tracing.end');
  await ended;

  const main = new Set(traced.filter((e) => e.name === 'thread_name' && e.args?.name === 'CrRendererMain').map((e) => `${e.pid}:${e.tid}`));
  const tasks = traced.filter((e) => e.name === 'RunTask' && main.has(`${e.pid}:${e.tid}`)).map((e) => ({ clock: (e.dur ?? 0) / 1000, thread: (e.tdur ?? 0) / 1000 }));
  const round = (n) => Math.round(n * 10) / 10;
  const by = (name) => tasks.map((t) => t[name]).sort((a, b) => b - a);
  const result = {
    hosts: estate.run.nodes, steps: estate.steps, runKilobytes: Math.round(size / 1024),
    firstRenderMs: { sinceNavigation: Math.round(drawn.sinceNavigation), sinceRunCame: Math.round(drawn.sinceRunCame) },
    updates: { seconds, eventsPerSecond: round((estate.events.length - eventsBefore) / seconds), looksPerSecond: round((looks - looksBefore) / seconds), tasks: tasks.length },
    longestTaskMs: { clock: round(by('clock')[0] ?? 0), thread: round(by('thread')[0] ?? 0) },
    tasksOver100ms: { clock: tasks.filter((t) => t.clock > 100).length, thread: tasks.filter((t) => t.thread > 100).length },
    mainThreadBusyPercent: round((tasks.reduce((sum, t) => sum + t.thread, 0) / (seconds * 1000)) * 100),
    load: loadavg().map(round), tookMs: Math.round(performance.now() - opened),
  };
  if (wish.json) console.log(JSON.stringify(result));
  else {
    console.log(`${result.hosts} hosts, ${result.steps} steps, the run is ${result.runKilobytes} kB of JSON; load of the machine ${result.load[0]}`);
    console.log(`first render: ${result.firstRenderMs.sinceNavigation} ms after the address was opened, ${result.firstRenderMs.sinceRunCame} ms after the run had come`);
    console.log(`${seconds} s of updates: ${result.updates.eventsPerSecond} events/s, ${result.updates.looksPerSecond} looks/s at the whole run`);
    console.log(`longest task: ${result.longestTaskMs.clock} ms by the clock, ${result.longestTaskMs.thread} ms of the page's own thread`);
    console.log(`tasks over 100 ms: ${result.tasksOver100ms.clock} by the clock, ${result.tasksOver100ms.thread} by the thread; the thread was busy ${result.mainThreadBusyPercent} % of the time`);
  }
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}
