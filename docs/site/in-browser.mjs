// Looks at the built site as people do. Arguments: the address of the site, the browser's program, a folder for screenshots or none.
// Prints what is wrong, a line each, and ends with 1 if anything is.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const [address, program, shots] = process.argv.slice(2)
const origin = new URL(address).origin
const widths = { wide: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } }
const wrong = []
const profile = mkdtempSync(join(tmpdir(), 'docs-site-'))
const browser = await chromium.launch({
  executablePath: program,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage', `--crash-dumps-dir=${profile}`],
})
try {
  await everyPage()
  await search()
  await themes()
  await accessible()
} finally {
  await browser.close()
  rmSync(profile, { recursive: true, force: true })
}
wrong.forEach((line) => console.log(line))
process.exit(wrong.length > 0 ? 1 : 0)

async function open(width, colorScheme) {
  const context = await browser.newContext({ viewport: widths[width], colorScheme, reducedMotion: 'reduce' })
  const page = await context.newPage()
  const at = () => page.url().slice(origin.length)
  await context.route('**/*', (route) => {
    const url = route.request().url()
    if (url.startsWith(origin) || url.startsWith('data:')) return route.continue()
    wrong.push(`${at()} asks for ${url}`)
    return route.abort()
  })
  page.on('pageerror', (error) => wrong.push(`${at()}: ${error.message}`))
  page.on('console', (message) => message.type() === 'error' && wrong.push(`${at()}: ${message.text()}`))
  page.on('response', (response) => response.status() >= 400 && wrong.push(`${response.url()} answers ${response.status()}`))
  return page
}

/** As text of the sidebar leads to them; each is loaded from the server, as from a bookmark. */
async function everyPage() {
  const page = await open('phone', 'light')
  await page.goto(address + 'first-ten-minutes.html')
  const listed = () => page.$$eval('.VPSidebar a[href]', (all) => [...new Set(all.map((a) => a.href))])
  const links = await listed()
  for (const folder of links.filter((link) => /\/(adr|problems)\/index\.html$/.test(link))) {
    await page.goto(folder)
    links.push(...(await listed()).slice(1, 6)) // they are all of one kind
  }
  if (links.length < 20) wrong.push(`the navigation has ${links.length} links only`)
  for (const link of [address, ...links]) {
    await page.goto(link, { waitUntil: 'domcontentloaded' })
    await page.waitForFunction(() => document.querySelector('#app')?.__vue_app__)
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (tooWide > 0) wrong.push(`${link.slice(origin.length)} is ${tooWide} px wider than a phone`)
    if (!(await page.title()).includes('Interlock')) wrong.push(`${link.slice(origin.length)} has no title`)
  }
  await page.context().close()
}

async function search() {
  const page = await open('wide', 'light')
  await page.goto(address + 'first-ten-minutes.html')
  await page.waitForFunction(() => document.querySelector('#app')?.__vue_app__)
  await page.click('.VPNavBarSearch button')
  await page.fill('#localsearch-input', 'grace coverage')
  const first = page.locator('.VPLocalSearchBox .result').first()
  await first.waitFor()
  await first.click()
  await page.waitForURL(/concepts|licenses-and-agents|cli/)
  await page.context().close()
}

async function themes() {
  for (const width of Object.keys(widths)) {
    for (const theme of ['light', 'dark']) {
      const page = await open(width, theme)
      for (const name of ['index', 'what-it-is', 'concepts', 'operating/igel-ums', 'events', 'api/upgrade', 'conformance']) {
        const answer = await page.request.get(`${address}${name}.html`)
        if (answer.status() === 404) continue
        await page.goto(`${address}${name}.html`)
        await page.waitForFunction(() => document.querySelector('#app')?.__vue_app__)
        const dark = await page.evaluate(() => document.documentElement.classList.contains('dark'))
        if (dark !== (theme === 'dark')) wrong.push(`${name} is ${dark ? 'dark' : 'light'} for who wants it ${theme}`)
        if (shots) {
          mkdirSync(shots, { recursive: true })
          await page.screenshot({ path: join(shots, `${name.replaceAll('/', '-')}-${width}-${theme}.png`) })
        } else if (name === 'what-it-is') break
      }
      await page.context().close()
    }
  }
}

/** As far as a program can tell: labels, contrast, order. */
async function accessible() {
  const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport: widths.wide, colorScheme, reducedMotion: 'reduce', bypassCSP: true })
    const page = await context.newPage()
    for (const name of ['index', 'operating/igel-ums', 'api/upgrade']) {
      await page.goto(`${address}${name}.html`)
      await page.waitForFunction(() => document.querySelector('#app')?.__vue_app__)
      await page.evaluate(axe)
      const found = await page.evaluate(async () => (await window.axe.run({ runOnly: ['wcag2a', 'wcag2aa'] })).violations)
      found.forEach(({ id, nodes }) => wrong.push(`${name}, ${colorScheme}: ${id} at ${nodes[0].target.join(' ')}`))
    }
    await context.close()
  }
}
