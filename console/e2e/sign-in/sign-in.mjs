// Somebody signs in at the console by an identity provider, and out again, in a real browser. Exit code 0 only if all held; the last
// line is JSON.
//
//   node sign-in.mjs CONSOLE      the console's address; its identity provider is that of provider.mjs
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [ofConsole] = process.argv.slice(2);
if (!ofConsole) throw new Error('node sign-in.mjs CONSOLE');
const executablePath = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (place) => place && existsSync(place),
);
if (!executablePath) throw new Error('There is no Chromium: install it, or name it in CHROMIUM.');

const held = [];
function hold(good, sentence) {
  if (!good) throw new Error(`Not so: ${sentence}`);
  held.push(sentence);
  console.log(`  ✓ ${sentence}`);
}

const browser = await chromium.launch({ executablePath, headless: true, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
const context = await browser.newContext({ baseURL: ofConsole, locale: 'en-GB' });
context.setDefaultTimeout(60_000);
// the provider's pages ask for fonts from elsewhere
await context.route((url) => !['localhost', '127.0.0.1'].includes(url.hostname), (route) => route.abort());
const page = await context.newPage();
const complaints = [];
const tokensSeen = [];
page.on('pageerror', (error) => complaints.push(error.message));
page.on('console', (message) => {
  // the provider's pages are its own; of the services only one is there
  const ours = message.location().url.startsWith(ofConsole) && !/status of 50[234]/.test(message.text());
  if (message.type() === 'error' && ours) complaints.push(message.text());
});
page.on('response', async (response) => {
  if (!response.url().startsWith(ofConsole) || !/json/.test(response.headers()['content-type'] ?? '')) return;
  const body = await response.text().catch(() => '');
  if (body.includes('eyJ')) tokensSeen.push(response.url());
});

/** The next answer of the console at a path. What goes wrong before it comes is told instead of it. */
function seen(path) {
  const answer = page.waitForResponse((response) => response.url().startsWith(ofConsole + path));
  answer.catch(() => undefined);
  return answer;
}

const toProvider = page.getByRole('link', { name: 'Continue with your organisation’s sign-in' });
const login = page.getByPlaceholder('Enter any login');
const olga = page.getByRole('button', { name: 'Signed in as olga' });

try {
  await page.goto('/hosts?status=retired');
  await toProvider.click();
  await login.fill('olga');
  hold(new URL(page.url()).origin !== ofConsole, 'the person logs in at the provider, not at the console');
  const sentBack = seen('/session/callback');
  const listed = seen('/api/inventory/v1/hosts');
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await olga.waitFor();
  await page.getByRole('heading', { level: 1, name: 'Hosts' }).waitFor();
  const back = new URL((await sentBack).url()).searchParams;
  hold(back.has('code') && back.has('state'), 'the provider sent the browser back with a code');
  hold(page.url() === `${ofConsole}/hosts?status=retired`, 'the page that was wanted is there');
  const status = (await listed).status();
  hold(status === 200, `the service takes the provider's token: ${status}`);
  hold(
    await page.evaluate(() => document.cookie === '' && !JSON.stringify({ ...localStorage, ...sessionStorage }).includes('eyJ')),
    'no token is where a script finds it',
  );

  await page.reload();
  await olga.waitFor();
  hold(true, 'the session survives a reload');

  // as a control of what follows: the provider knows her
  await context.clearCookies({ name: /^interlock-/ });
  await page.goto('/hosts');
  await toProvider.click();
  await olga.waitFor();
  hold(true, 'who is known to the provider is not asked for a password again');

  await olga.click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  await toProvider.waitFor();
  hold(page.url() === `${ofConsole}/`, 'after signing out the provider sends the browser back to the console');
  hold(!(await context.cookies(ofConsole)).some(({ name }) => name.startsWith('interlock-')), 'nothing of the session is left in the browser');
  await toProvider.click();
  await login.waitFor();
  hold(new URL(page.url()).origin !== ofConsole, "the provider's session has ended, too: it asks who is there");

  hold(tokensSeen.length === 0, `no answer to the page has a token in it ${tokensSeen}`);
  hold(complaints.length === 0, `the browser had nothing to complain of ${complaints.slice(0, 3)}`);
} catch (failure) {
  console.error(`The browser was at ${page.url()}; it showed: ${await page.locator('body').innerText({ timeout: 1000 }).catch(() => 'nothing')}`);
  console.error(failure);
  process.exitCode = 1;
} finally {
  await browser.close();
}
console.log(JSON.stringify({ ok: process.exitCode !== 1, held: held.length }));
