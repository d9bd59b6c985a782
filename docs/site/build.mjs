// Builds the site into target/classes/docs-site, unless it is there already and made of the same files.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
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
  const pages = stage()
  await build(site)
  writeFileSync(stamp, now)
  console.log(`${pages} pages of documentation built.`)
}
