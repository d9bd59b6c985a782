import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from 'vitepress'
import { sidebar } from '../navigation.mjs'
import { readMarkdown, slugify } from './links.mjs'

const site = resolve(import.meta.dirname, '..')
const stage = JSON.parse(readFileSync(resolve(site, 'target/stage.json'), 'utf8'))
const base = '/docs/'

export default defineConfig({
  base,
  lang: 'en-GB',
  title: 'Interlock',
  titleTemplate: ':title · Interlock',
  description: 'Control plane that inventories, licenses, upgrades and monitors a remote-desktop brokering estate',
  srcDir: 'target/stage',
  outDir: 'target/classes/docs-site',
  cacheDir: 'target/cache',
  metaChunk: true,
  lastUpdated: false,
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}logo.svg` }],
    ['meta', { name: 'color-scheme', content: 'light dark' }],
  ],
  markdown: {
    anchor: { slugify },
    toc: { slugify },
    externalLinks: { rel: 'noreferrer' },
    config: (md) =>
      readMarkdown(md, {
        repository: resolve(site, '../..'),
        stage,
        forge: process.env.INTERLOCK_DOCS_FORGE ?? '',
        base,
      }),
  },
  themeConfig: {
    logo: { src: '/logo.svg', alt: '' },
    nav: [
      { text: 'First ten minutes', link: '/first-ten-minutes' },
      { text: 'Concepts', link: '/concepts' },
      { text: 'Operating', link: '/operating/upgrades', activeMatch: '^/operating/' },
      { text: 'Events', link: '/events' },
      { text: 'API', link: '/api', activeMatch: '^/api' },
    ].filter(({ link }) => stage.titles[link.slice(1)]),
    sidebar: sidebar(stage.titles),
    outline: { level: [2, 3], label: 'On this page' },
    search: {
      provider: 'local',
      options: { detailedView: false, miniSearch: { searchOptions: { fuzzy: 0.15, prefix: true, boost: { title: 4, text: 1, titles: 2 } } } },
    },
    externalLinkIcon: true,
    docFooter: { prev: 'Before', next: 'Next' },
  },
  // Scripts of its own in files, so that the edge can forbid scripts inside pages.
  transformHtml(html) {
    const inline = /<script id="(check-dark-mode|check-mac-os)">[\s\S]*?<\/script>/g
    return html.replace(inline, (_, id) => `<script src="${base}${id}.js"></script>`)
  },
  vite: { logLevel: 'warn', build: { chunkSizeWarningLimit: 4000 } },
})
