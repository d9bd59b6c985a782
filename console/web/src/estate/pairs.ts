/** Labels and settings as people type them: one `name = value` a line. */

export const toLines = (pairs: Record<string, string>): string =>
  Object.entries(pairs)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, value]) => `${name} = ${value}`)
    .join('\n');

export interface Pairs {
  pairs: Record<string, string>;
  /** What is wrong with the text; null when nothing is. */
  problem: string | null;
}

export function fromLines(text: string): Pairs {
  const pairs: Record<string, string> = {};
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const equals = line.indexOf('=');
    if (equals < 1) return { pairs, problem: `Line ${at + 1} is no name = value.` };
    const name = line.slice(0, equals).trim();
    if (Object.hasOwn(pairs, name)) return { pairs, problem: `Line ${at + 1} names ${name} a second time.` };
    pairs[name] = line.slice(equals + 1).trim();
  }
  return { pairs, problem: null };
}
