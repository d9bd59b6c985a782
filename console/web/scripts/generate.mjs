// Writes what the page is compiled against: the types of the four APIs, from the published OpenAPI documents, and the clauses'
// sentences. Nothing of it is committed, so a service that changed its API fails the type check here.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const root = new URL('../../../', import.meta.url);
const into = new URL('../src/generated/', import.meta.url);
const documents = {
  inventory: 'inventory-service',
  licenses: 'license-service',
  upgrades: 'upgrade-service',
  agents: 'agent-monitor',
  platform: 'platform',
};

await mkdir(into, { recursive: true });
for (const [name, document] of Object.entries(documents)) {
  const types = astToString(await openapiTS(new URL(`contracts/openapi/${document}.yml`, root)));
  await writeIfNew(`${name}.ts`, `// Generated from contracts/openapi/${document}.yml.\n${types}`);
}

const [, ...lines] = (await readFile(new URL('docs/clauses.csv', root), 'utf8')).trim().split(/\r?\n/);
const clauses = Object.fromEntries(lines.map(fields).map(([clause, , , statement]) => [clause, statement]));
await writeIfNew('clauses.json', JSON.stringify(clauses));

/** Left alone when nothing changed, so that a watching build is not woken. */
async function writeIfNew(name, text) {
  const file = new URL(name, into);
  const before = await readFile(file, 'utf8').catch(() => null);
  if (before !== text) await writeFile(file, text);
}

/** The fields of a line of CSV as RFC 4180 has it. */
function fields(line) {
  const found = [];
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    found.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
  }
  return found;
}
