import { Text } from '@mantine/core';
import { given, inventory } from '../../api/client';
import { count } from '../../components/count';
import { Section } from '../../components/page';
import { PagedList, usePaged } from '../../components/paged';
import { Empty } from '../../components/states';
import { Time } from '../../components/time';

/** What was found on it, and what changed each time. */
export function History({ id }: { id: string }) {
  const facts = usePaged(
    ['inventory', 'facts', id],
    async (after, signal) =>
      (await inventory.GET('/api/v1/hosts/{id}/facts', { params: { path: { id }, query: given({ limit: 20, after }) }, signal })).data!,
  );
  return (
    <Section title="History">
      <PagedList
        list={facts}
        what="former facts"
        rows={3}
        shown={(n) => count(n, 'entry', 'entries')}
        empty={<Empty title="Nothing was found on it yet">The first probe that succeeds writes the first entry.</Empty>}
      >
        {(items) => (
          <ol className="log" aria-label="What changed on this host, newest first">
            {items.map((entry, at) => (
              <li key={entry.observedAt + at}>
                <Text size="sm" fw={600}>
                  <Time at={entry.observedAt} />{' '}
                  <Text span c="dimmed" size="sm">
                    {entry.changes.length === 0 ? 'first read' : count(entry.changes.length, 'change')}
                  </Text>
                </Text>
                {entry.changes.length === 0 ? (
                  <Text size="sm" c="dimmed">
                    {entry.os ? `${entry.os.name} ${entry.os.version}, ` : ''}
                    {count(Object.keys(entry.facts.packages).length, 'package')}
                  </Text>
                ) : (
                  <Changes changes={entry.changes} />
                )}
              </li>
            ))}
          </ol>
        )}
      </PagedList>
    </Section>
  );
}

const FEW = 8;

function Changes({ changes }: { changes: { fact: string; before?: string | null; after?: string | null }[] }) {
  const line = (c: (typeof changes)[number]) => (
    <li key={c.fact}>
      <b>{c.fact}</b>: {c.before ? <del className="was">{c.before}</del> : <span className="was">none</span>} →{' '}
      {c.after ? <ins className="is" style={{ textDecoration: 'none' }}>{c.after}</ins> : <span className="is">none</span>}
    </li>
  );
  return (
    <>
      <ul className="mono" style={{ margin: '0.25rem 0 0', paddingLeft: '1.2rem', overflowWrap: 'anywhere' }}>
        {changes.slice(0, FEW).map(line)}
      </ul>
      {changes.length > FEW && (
        <details>
          <summary className="summary">{count(changes.length - FEW, 'more change')}</summary>
          <ul className="mono" style={{ margin: 0, paddingLeft: '1.2rem', overflowWrap: 'anywhere' }}>
            {changes.slice(FEW).map(line)}
          </ul>
        </details>
      )}
    </>
  );
}
