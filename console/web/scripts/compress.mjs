// Compresses each text file of the built page once, so that the edge sends it as it is, and holds each page to its limit: the
// JavaScript that a browser which comes to it first has to fetch, with what the page itself fetches later (charts, say).
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../dist', import.meta.url).pathname;
const limit = 350 * 1024;
const sizes = new Map();
for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(js|css|html|svg|json)$/.test(entry.name) || entry.parentPath.endsWith('.vite')) continue;
  const file = join(entry.parentPath, entry.name);
  const plain = await readFile(file);
  const zipped = gzipSync(plain, { level: 9 });
  await writeFile(`${file}.gz`, zipped);
  await writeFile(`${file}.br`, brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  sizes.set(file.slice(dist.length + 1), zipped.length);
}

const manifest = JSON.parse(await readFile(join(dist, '.vite/manifest.json'), 'utf8'));
await rm(join(dist, '.vite'), { recursive: true });

/** The chunks that come with `key`, with `later` those that it fetches afterwards, too; the frame's later ones are the other pages. */
function closure(key, later, into = new Set()) {
  if (into.has(key)) return into;
  into.add(key);
  const chunk = manifest[key];
  for (const next of [...(chunk.imports ?? []), ...(later && !chunk.isEntry ? (chunk.dynamicImports ?? []) : [])]) closure(next, later, into);
  return into;
}

const weight = (chunks) => [...chunks].reduce((sum, key) => sum + (sizes.get(manifest[key].file) ?? 0), 0);
const frame = closure('index.html', false);
const pages = Object.keys(manifest)
  .filter((key) => /^src\/pages\/[^/]+\.tsx$/.test(key) && manifest[key].isDynamicEntry)
  .map((key) => ({ page: key.replace(/^src\/pages\/|\.tsx$/g, ''), bytes: weight(new Set([...frame, ...closure(key, true)])) }))
  .sort((a, b) => b.bytes - a.bytes);
const kB = (bytes) => `${Math.round(bytes / 1024)} kB`;
console.log(`JavaScript, compressed: the frame has ${kB(weight(frame))}, and with it ${pages.map((p) => `${p.page} ${kB(p.bytes)}`).join(', ')}`);
if (pages.length === 0 || pages[0].bytes > limit) {
  console.error(`A page may have ${kB(limit)}: see what grew with \`npx vite-bundle-visualizer\`.`);
  process.exit(1);
}
