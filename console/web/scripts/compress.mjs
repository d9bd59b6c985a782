// Compresses each text file of the built page once, so that the edge sends it as it is. Says what a browser has to fetch.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../dist', import.meta.url).pathname;
const limit = 350 * 1024;
let scripts = 0;
for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(js|css|html|svg|json)$/.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  const plain = await readFile(file);
  const zipped = gzipSync(plain, { level: 9 });
  await writeFile(`${file}.gz`, zipped);
  await writeFile(`${file}.br`, brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  if (entry.name.endsWith('.js')) scripts += zipped.length;
}
console.log(`JavaScript, compressed: ${Math.round(scripts / 1024)} kB in all pages together (limit ${limit / 1024} kB)`);
if (scripts > limit) {
  console.error('More JavaScript than the console may have: see what grew with `npx vite-bundle-visualizer`.');
  process.exit(1);
}
