// Builds the site into target/classes/docs-site, unless it is there already and made of the same files.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'vitepress'
import { inputs, repository, stage } from './stage.mjs'

const site = import.meta.dirname
const stamp = join(site, 'target/site.sha256')
const out = join(site, 'target/classes/docs-site')

const hash = createHash('sha256')
hash.update(process.env.INTERLOCK_DOCS_FORGE ?? '')
for (const file of inputs()) {
  hash.update(`\0${relative(repository, file)}\0`).update(readFileSync(file))
}
const now = hash.digest('hex')

if (existsSync(join(out, 'events.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) {
  console.log('The documentation has not changed.')
} else {
  mkdirSync(join(site, 'target'), { recursive: true })
  rmSync(stamp, { force: true })
  try {
    const pages = stage()
    await build(site)
    compress()
    writeFileSync(stamp, now)
    console.log(`${pages} pages of documentation built.`)
  } catch (error) {
    // each line so marked that the summary of a failed build shows it
    console.error(`The documentation site was not built. ${error.message}`.replace(/^/gm, '[ERROR] '))
    process.exit(1)
  }
}

/** What the edge sends to browsers that take it compressed: it looks for these files beside the plain ones. */
function compress() {
  for (const name of readdirSync(out, { recursive: true }).filter((file) => /\.(html|js|css|json|svg)$/.test(file))) {
    const plain = readFileSync(join(out, name))
    if (plain.length < 1400) continue // one packet anyway
    writeFileSync(join(out, `${name}.br`), brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
    writeFileSync(join(out, `${name}.gz`), gzipSync(plain))
  }
}
