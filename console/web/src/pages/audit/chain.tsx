import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { platformOf, type Domain } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { AuditVerification } from '../../api/types';
import { count } from '../../components/count';
import { Status } from '../../components/status';
import { Time } from '../../components/time';

/** The last row of a chain as this browser knows it: with it a cut-off end shows, too. */
interface Known {
  rows: number;
  head: string;
}

const memory = (domain: Domain) => `interlock-audit-${domain}`;

function remembered(domain: Domain): Known | null {
  try {
    const known: unknown = JSON.parse(localStorage.getItem(memory(domain)) ?? 'null');
    return typeof known === 'object' && known !== null && 'rows' in known && 'head' in known ? (known as Known) : null;
  } catch {
    return null;
  }
}

function remember(domain: Domain, known: Known | null) {
  try {
    if (known) localStorage.setItem(memory(domain), JSON.stringify(known));
    else localStorage.removeItem(memory(domain));
  } catch {
    // storage is closed to us: the chain is checked in itself
  }
}

/** The proof that nobody has changed a service's log. */
export function Chain({ domain, label }: { domain: Domain; label: string }) {
  const check = useQuery({
    queryKey: [domain, 'audit-verification'],
    queryFn: async ({ signal }): Promise<{ found: AuditVerification; since: Known | null; at: string }> => {
      const since = remembered(domain);
      const { data } = await platformOf[domain].GET('/api/v1/audit/verification', {
        params: { query: since ? { seq: since.rows, hash: since.head } : {} },
        signal,
      });
      const found = data!;
      if (found.intact && found.rows > 0) remember(domain, { rows: found.rows, head: found.head });
      return { found, since, at: new Date().toISOString() };
    },
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  const said = check.data;
  return (
    <li>
      <Group justify="space-between" align="flex-start" gap="sm" mih={48}>
        <Stack gap={2} style={{ flex: '1 1 16rem', minWidth: 0 }}>
          <Text size="sm" fw={600}>
            {label}
          </Text>
          {check.isError ? (
            <Text size="sm" className="status" data-tone="wait" style={{ whiteSpace: 'normal' }}>
              Not verified: {asProblem(check.error).title.toLowerCase()}. Try again when the service answers.
            </Text>
          ) : !said ? (
            <Text size="sm" c="dimmed">
              Every row is computed anew …
            </Text>
          ) : said.found.intact ? (
            <>
              <Status word="verified" tone="ok" label={`Chain verified: ${count(said.found.rows, 'row')}`} />
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                head <span className="mono">{said.found.head.slice(0, 16)}…</span> at <Time at={said.at} as="clock" />
                {said.since ? `; still has row ${said.since.rows}, which this browser knew` : ''}
              </Text>
            </>
          ) : (
            <Alert color="red" variant="outline" title={`The chain breaks at row ${said.found.brokenAt ?? '?'}`} mt={4}>
              <Stack gap="xs" align="flex-start">
                <Text size="sm">
                  {said.found.problem}; {count(said.found.rows, 'row')} before it {said.found.rows === 1 ? 'is' : 'are'} as written. Keep the database as
                  it is, compare it with a backup and with the copy in your SIEM, and find out who had access.
                </Text>
                {said.since && (
                  <>
                    <Text size="sm" c="dimmed">
                      This browser had seen {count(said.since.rows, 'row')}. If this installation was set up anew since, that is why.
                    </Text>
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() => {
                        remember(domain, null);
                        void check.refetch();
                      }}
                    >
                      Forget what this browser knew
                    </Button>
                  </>
                )}
              </Stack>
            </Alert>
          )}
        </Stack>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconShieldCheck size={14} aria-hidden />}
          loading={check.isFetching}
          onClick={() => void check.refetch()}
          aria-label={`Verify the chain of ${label}`}
        >
          Verify
        </Button>
      </Group>
    </li>
  );
}
