// A browser for several people at once, each signed in at the console as himself.
import { AxeBuilder } from '@axe-core/playwright';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const places = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium is on this machine; undefined if there is none. */
export const chromiumPath = () => places.find((place) => place && existsSync(place));

const ARGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--disable-dev-shm-usage',
];
const STARTED = { executablePath: chromiumPath(), headless: true, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false, args: ARGS };

/** A browser for who needs no person in it. It ends with us. */
export const browser = () => chromium.launch(STARTED);

/** How long something may take that a person waits for. The machine may be busy with other tests. */
export const PATIENCE = 60_000;

export class Browsers {
  #open = [];

  constructor(base) {
    this.base = base;
    // told to stop: no browser is left behind, nor a profile
    for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
      process.once(signal, () => this.close().finally(() => process.exit(code)));
    }
  }

  /** A person with a browser of his own. What the page complains of on its console is kept in `complaints`. */
  async person(token, { width = 1280, height = 900, colours = 'light', zone = 'Europe/Berlin' } = {}) {
    const entry = { profile: await mkdtemp(join(tmpdir(), 'interlock-browser-')) };
    this.#open.push(entry);
    const context = await chromium.launchPersistentContext(entry.profile, {
      ...STARTED,
      viewport: { width, height },
      colorScheme: colours,
      timezoneId: zone,
      locale: 'en-GB',
      acceptDownloads: true,
      baseURL: this.base,
    });
    entry.context = context;
    context.setDefaultTimeout(PATIENCE);
    const page = context.pages()[0] ?? (await context.newPage());
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    page.on('console', (message) => {
      // what is refused to a person on purpose is a 4xx; a service that restarts is a 502 or 503
      if (message.type() === 'error' && !/status of (4\d\d|50[23])/.test(message.text())) complaints.push(message.text());
    });
    await page.goto('/');
    await page.getByRole('textbox', { name: 'Token' }).fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    return { page, context, complaints };
  }

  async close() {
    for (const { context, profile } of this.#open.splice(0)) {
      await context?.close().catch(() => undefined);
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

/** What axe finds against WCAG 2.2 A and AA on the page as it is. */
export async function axe(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  return violations.map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`);
}

export function check(held, sentence) {
  if (!held) throw new Error(`Not so: ${sentence}`);
}
