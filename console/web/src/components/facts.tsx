import type { ReactNode } from 'react';

/** One fact in a list of class `facts`. */
export function Fact({ name, big = false, children }: { name: string; big?: boolean; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={big ? 'big' : undefined}>{children}</dd>
    </div>
  );
}

/** One fact in a list of class `pairs`. */
export function Pair({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Facts that only have names, by these. */
export function Pairs({ of }: { of: Record<string, string> }) {
  return Object.entries(of)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, value]) => (
      <Pair key={name} name={name}>
        {value}
      </Pair>
    ));
}
