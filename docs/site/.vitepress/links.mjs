// How Markdown is read for the site, so that the same files read well on a code forge and here.
import { existsSync, statSync } from 'node:fs'
import { dirname, posix, relative, resolve } from 'node:path'
import { slug } from 'github-slugger'

/** Tags that a page may use; anything else in angle brackets, such as <run>, is meant as text. */
const TAGS = new Set(['br', 'kbd', 'sub', 'sup', 'details', 'summary', 'img', 'p', 'div', 'span', 'b', 'i', 'em', 'strong', 'a'])

export const slugify = slug

/**
 * @param repository the folder of the whole repository
 * @param stage what stage.mjs has laid out: pages (page in the site → file in the repository) and files (published as they are)
 * @param forge address of the repository's files, for links to what is not on the site; empty: they are shown without a link
 */
export function readMarkdown(md, { repository, stage, forge, base }) {
  const pageOf = new Map(Object.entries(stage.pages).map(([page, file]) => [file, page]))
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
