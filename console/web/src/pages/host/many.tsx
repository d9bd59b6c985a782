import { Pairs } from '../../components/facts';

/** Many pairs, folded. */
export function Many({ title, pairs }: { title: string; pairs: Record<string, string> }) {
  return (
    <details>
      <summary className="summary">{title}</summary>
      <dl className="pairs mono" style={{ marginTop: '0.5rem', maxHeight: '20rem', overflow: 'auto' }} tabIndex={0} aria-label={title}>
        <Pairs of={pairs} />
      </dl>
    </details>
  );
}
