// How Markdown is read for the site, so that the same files read well on a code forge and here.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, posix, relative, resolve } from 'node:path'
import { slug } from 'github-slugger'

/** Tags that a page may use; anything else in angle brackets, such as <run>, is meant as text. */
const TAGS = new Set(['br', 'kbd', 'sub', 'sup', 'details', 'summary', 'img', 'p', 'div', 'span', 'b', 'i', 'em', 'strong', 'a'])

export const slugify = slug

/** The clauses of the vendors' documents: number → sentence. */
function readClauses(repository) {
  const rows = readFileSync(resolve(repository, 'docs/clauses.csv'), 'utf8').matchAll(/^([A-Z]\d+),.*,"((?:[^"]|"")*)"\s*$/gm)
  return new Map([...rows].map(([, number, sentence]) => [number, sentence.replaceAll('""', '"').replaceAll('`', '')]))
}

/**
 * @param repository the folder of the whole repository
 * @param stage what stage.mjs has laid out: pages (page in the site → file in the repository) and files (published as they are)
 * @param forge address of the repository's files, for links to what is not on the site; empty: they are shown without a link
 */
export function readMarkdown(md, { repository, stage, forge, base }) {
  const pageOf = new Map(Object.entries(stage.pages).map(([page, file]) => [file, page]))
  const clauses = readClauses(repository)
  const publishedAs = new Map(Object.entries(stage.files).map(([published, file]) => [file, published]))

  md.core.ruler.push('repository-links', (state) => {
    const page = state.env.relativePath
    const origin = stage.pages[page]
    for (const block of state.tokens) {
      if (block.type === 'code_block') {
        block.type = 'fence' // code by indentation looks like all other code
        block.tag = 'code'
      } else if (block.type === 'html_block') {
        block.content = tagsOnly(block.content)
      }
      const plain = []
      for (const token of block.children ?? []) {
        if (token.type === 'html_inline') {
          token.content = tagsOnly(token.content)
        } else if (token.type === 'link_open') {
          const kind = link(token, page, origin)
          plain.push(kind)
          if (kind) {
            token.type = 'repository_open'
            token.tag = 'span'
          }
        } else if (token.type === 'link_close' && plain.pop()) {
          token.type = 'repository_close'
          token.tag = 'span'
        }
      }
    }
  })

  // A clause's number leads to its row on the conformance page, and shows the vendor's rule to who points at it.
  md.core.ruler.push('clauses', (state) => {
    const page = state.env.relativePath
    if (!page) return // a heading that is read for its text
    const list = page === 'conformance.md'
    const home = `${posix.relative(posix.dirname(page), 'conformance.md')}`
    let heading = false
    state.tokens.forEach((block, at) => {
      if (/^heading_/.test(block.type)) heading = block.type === 'heading_open'
      if (block.type !== 'inline' || heading) return
      const row = state.tokens[at - 1]
      if (list) {
        if (row.type === 'td_open' && clauses.has(block.content)) row.attrSet('id', block.content.toLowerCase())
        return
      }
      let inLink = 0
      block.children = block.children.flatMap((token) => {
        if (/^(link|repository)_open$/.test(token.type)) inLink++
        if (/^(link|repository)_close$/.test(token.type)) inLink--
        return token.type === 'text' && inLink === 0 ? clausesIn(state, token, home) : [token]
      })
    })
  })

  function clausesIn(state, token, home) {
    const parts = token.content.split(/\b([CLGKP][1-9]\d?)\b(?![\w.])/)
    if (parts.length === 1) return [token]
    return parts.flatMap((part, at) => {
      const text = new state.Token('text', '', 0)
      text.content = part
      const sentence = at % 2 === 1 ? clauses.get(part) : undefined
      if (!sentence) return part === '' ? [] : [text]
      const open = new state.Token('link_open', 'a', 1)
      open.attrs = [
        ['href', `${home.startsWith('.') ? home : `./${home}`}#${part.toLowerCase()}`],
        ['class', 'clause'],
        ['title', `${part}: ${sentence}`],
      ]
      return [open, text, new state.Token('link_close', 'a', -1)]
    })
  }

  /** Turns a link between files into one between pages. True if it leads to a file that is shown without a link. */
  function link(token, page, origin) {
    const href = token.attrGet('href')
    if (!href || !origin || /^([a-z][a-z0-9+.-]*:|#|\/)/i.test(href)) return false
    const [path, anchor] = href.split('#')
    const target = resolve(repository, dirname(origin), decodeURI(path))
    const file = relative(repository, target).split('\\').join('/')
    const suffix = anchor === undefined ? '' : `#${anchor}`
    const to = pageOf.get(file) ?? (isFolder(target) ? pageOf.get(`${file}/index.md`) ?? folderPage(file) : undefined)
    if (to) {
      const away = posix.relative(posix.dirname(page), to)
      token.attrSet('href', (away.startsWith('.') ? away : `./${away}`) + suffix)
      return false
    }
    const published = publishedAs.get(file)
    if (published) {
      token.attrSet('href', base + published)
      token.attrSet('target', '_self') // a file, not a page: the browser fetches it
      token.attrSet('download', '')
      return false
    }
    if (!existsSync(target)) return false // a dead link: the build says so and fails
    if (forge) {
      token.attrSet('href', `${forge.replace(/\/$/, '')}/${file}${suffix}`)
      return false
    }
    token.attrs = [['class', 'in-repository'], ['title', `${file} in the repository`]]
    return true
  }

  function folderPage(folder) {
    return Object.keys(stage.pages).find((page) => page === `${folder.replace(/^docs\//, '')}/index.md`)
  }

  // What looks like an expression of the page's template language is text, too.
  const text = md.renderer.rules.text
  md.renderer.rules.text = (...args) => text(...args).replaceAll('{{', '&#123;&#123;')
}

function tagsOnly(html) {
  return html.replace(/<(\/?)([A-Za-z][\w-]*)/g, (whole, slash, tag) => (TAGS.has(tag.toLowerCase()) ? whole : `&lt;${slash}${tag}`))
}

function isFolder(path) {
  return existsSync(path) && statSync(path).isDirectory()
}
