import { Tooltip } from '@mantine/core';
import sentences from '../generated/clauses.json';

const known = sentences as Record<string, string>;

/** Some reasons rest on no clause, and have a short name in its place. */
export const isClause = (id: string): boolean => id in known;

/** The number of a rule, with its sentence on hover, focus and touch. */
export function Clause({ id }: { id: string }) {
  const sentence = known[id] ?? 'This clause is not in the list of requirements.';
  return (
    <Tooltip label={`${id}: ${sentence}`}>
      <button type="button" className="clause" aria-label={`Clause ${id}: ${sentence}`}>
        {id}
      </button>
    </Tooltip>
  );
}

export function Clauses({ ids }: { ids: readonly string[] }) {
  return (
    <span style={{ display: 'inline-flex', gap: '0.25rem', flexWrap: 'wrap' }}>
      {ids.map((id) => (
        <Clause key={id} id={id} />
      ))}
    </span>
  );
}
