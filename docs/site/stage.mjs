// Lays out what the site is made of in target/stage: the pages of docs/, the changelog, and a page for each OpenAPI document.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, relative, resolve } from 'node:path'
import { apiPage } from './openapi-page.mjs'

const site = import.meta.dirname
export const repository = resolve(site, '../..')
const docs = resolve(repository, 'docs')
const openapi = resolve(repository, 'contracts/openapi')

/** Every file that a built site depends on, in the repository. */
export function inputs() {
  return [
    ...filesBelow(docs).filter((file) => !inSite(file) || isSource(file)),
    ...filesBelow(openapi),
    resolve(repository, 'CHANGELOG.md'),
  ]
    .filter(existsSync)
    .sort()
}

export function stage() {
  const out = join(site, 'target/stage')
  rmSync(out, { recursive: true, force: true })
  mkdirSync(join(out, 'public'), { recursive: true })
  const pages = {}
  const files = {}

  const write = (page, file, markdown) => {
    pages[page] = file
    mkdirSync(dirname(join(out, page)), { recursive: true })
    writeFileSync(join(out, page), markdown)
  }
  for (const path of filesBelow(docs).filter((file) => !inSite(file))) {
    const name = relative(docs, path).split('\\').join('/')
    const file = `docs/${name}`
    if (extname(name) === '.md') {
      const wide = name === 'conformance.md' ? '---\naside: false\npageClass: wide\n---\n' : ''
      write(name, file, wide + readFileSync(path, 'utf8'))
    } else if (/\.(png|svg|jpg|webp)$/.test(name)) {
      cpSync(path, join(out, name)) // the pages that show it take it along
    } else {
      files[name] = file
      cpSync(path, join(out, 'public', name))
    }
  }
  write('changelog.md', 'CHANGELOG.md', readFileSync(resolve(repository, 'CHANGELOG.md'), 'utf8'))

  const titled = () => Object.fromEntries(Object.keys(pages).map((page) => [page, title(readFileSync(join(out, page), 'utf8'), page)]))
  for (const folder of ['adr', 'problems']) {
    const index = `${folder}/index.md`
    const listed = Object.entries(titled()).filter(([page]) => page.startsWith(`${folder}/`))
    if (!pages[index] && listed.length > 0) {
      const heading = folder === 'adr' ? 'Decisions' : 'Problem types'
      const lines = listed.sort().map(([page, text]) => `- [${text}](${page.slice(folder.length + 1)})`)
      write(index, `docs/${index}`, `# ${heading}\n\n${lines.join('\n')}\n`)
    }
  }
  const apis = []
  for (const path of existsSync(openapi) ? filesBelow(openapi).filter((file) => /\.ya?ml$/.test(file)) : []) {
    const file = relative(repository, path).split('\\').join('/')
    const name = path.split(/[\\/]/).at(-1)
    const service = name.replace(/\.ya?ml$/, '').replace(/-(service|monitor)$/, '')
    files[`openapi/${name}`] = file
    mkdirSync(join(out, 'public/openapi'), { recursive: true })
    cpSync(path, join(out, 'public/openapi', name))
    const known = (slug) => (pages[`problems/${slug}.md`] ? `../problems/${slug}.md` : undefined)
    const heading = service === 'platform' ? 'API of every service' : `${service[0].toUpperCase()}${service.slice(1)} API`
    const page = apiPage(readFileSync(path, 'utf8'), heading, `../../${file}`, known)
    write(`api/${service}.md`, `docs/api/${service}.md`, page)
    apis.push(`- [${heading}](api/${service}.md)`)
  }
  if (apis.length > 0) {
    const said = pages['api.md'] ? readFileSync(join(out, 'api.md'), 'utf8') : '# APIs\n'
    write('api.md', 'docs/api.md', `${said}\n## Every operation\n\n${apis.join('\n')}\n`)
  }
  cpSync(join(site, 'public'), join(out, 'public'), { recursive: true })

  const titles = Object.fromEntries(Object.entries(titled()).map(([page, text]) => [page.replace(/\.md$/, ''), text]))
  writeFileSync(join(site, 'target/stage.json'), JSON.stringify({ pages, files, titles }, null, 2))
  return Object.keys(pages).length
}

function title(markdown, page) {
  const said = /^---\n[\s\S]*?^title: *(.+)$[\s\S]*?^---$/m.exec(markdown)?.[1] ?? /^# +(.+)$/m.exec(markdown)?.[1]
  if (!said) throw new Error(`${page} has no heading of the first level, which would be its name in the navigation`)
  return said.replace(/[`*]|\s*\{#.*\}$/g, '').trim()
}

function inSite(file) {
  return file.startsWith(site)
}

function isSource(file) {
  return !/^(node_modules|target|src)[\\/]/.test(relative(site, file))
}

function filesBelow(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.name === 'node_modules' || entry.name === 'target') return []
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}
