import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { licenses } from '../../api/client';
import { CALM } from '../../api/queries';
import type { Pool } from '../../api/types';
import { count } from '../../components/count';
import { Section } from '../../components/page';
import { Of } from '../../components/states';
import { Status } from '../../components/status';
import { TextLink } from '../../components/text-link';
import { Left, useNow } from '../../components/time';

const SOON = 30 * 86_400_000;

/** How full a pool is: sessions against the licences that are active for them. */
export const nearLimit = (pool: Pick<Pool, 'active' | 'inUse'>): boolean => pool.active > 0 && pool.inUse / pool.active >= 0.9;

/** How full the purchases are, and which of them end soon. */
export function LicencesNow() {
  const pools = useQuery({
    queryKey: ['licenses', 'pools', 'overview'],
    queryFn: async ({ signal }) => {
      const { data } = await licenses.GET('/api/v1/pools', { params: { query: { limit: 500 } }, signal });
      return { items: data?.items ?? [], more: data?.next != null };
    },
    refetchInterval: CALM,
  });
  const now = useNow() * 1000;
  return (
    <Section title="Licences">
      <Of query={pools} what="pools" rows={4}>
        {({ items, more }) => {
          if (items.length === 0) {
            return (
              <Text size="sm" c="dimmed">
                No purchase is registered yet. <TextLink to="/licenses">Register one</TextLink>.
              </Text>
            );
          }
          const sum = (of: (pool: Pool) => number) => items.reduce((n, pool) => n + of(pool), 0);
          const close = items.filter((pool) => pool.expired || nearLimit(pool) || Date.parse(pool.expiresAt) - now < SOON);
          return (
            <>
              <div className="figure">
                {sum((p) => p.inUse).toLocaleString()}{' '}
                <Text span size="sm" c="dimmed" fw={400}>
                  of {sum((p) => p.active).toLocaleString()} active licences in use, in {more ? 'the first ' : ''}
                  {count(items.length, 'pool')}
                </Text>
              </div>
              {close.length === 0 ? (
                <Text size="sm" mt="xs">
                  <Status word="ok" tone="ok" label="None is near its limit or its end" />
                </Text>
              ) : (
                <ul className="waits" style={{ marginTop: '0.5rem' }}>
                  {close.slice(0, 6).map((pool) => (
                    <li key={pool.activationCode}>
                      <div style={{ minWidth: 0 }}>
                        <Text size="sm" className="fingerprint" component="div">
                          {pool.activationCode}
                        </Text>
                        <Text size="sm" c="dimmed">
                          {pool.inUse} of {pool.active} in use
                        </Text>
                      </div>
                      <div className="whom">
                        {nearLimit(pool) && <Status word="low" tone={pool.inUse >= pool.active ? 'bad' : 'wait'} label={pool.inUse >= pool.active ? 'Exhausted' : 'Nearly full'} soft />}{' '}
                        {(pool.expired || Date.parse(pool.expiresAt) - now < SOON) && (
                          <Text size="sm" component="div">
                            {pool.expired ? <Status word="expired" soft /> : <>Ends in <Left until={pool.expiresAt} /></>}
                          </Text>
                        )}
                      </div>
                    </li>
                  ))}
                </ul>
              )}
            </>
          );
        }}
      </Of>
    </Section>
  );
}
