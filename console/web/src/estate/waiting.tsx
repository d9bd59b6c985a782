import { Group, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { agents, platformOf, type Domain } from '../api/client';
import { CALM } from '../api/queries';
import { useMay, useSession } from '../api/session';
import { Ask } from '../components/ask';
import { Clause } from '../components/clause';
import { count } from '../components/count';
import { Section } from '../components/page';
import { Of } from '../components/states';
import { Status } from '../components/status';
import { Time } from '../components/time';
import { useActivity, useEstate } from './queries';
import { flawedDeployments, incidents, plans, refusedCredentials, steps, troubledHosts, type Refusal, type Viewer, type Wait } from './waits';

const guarded: Domain[] = ['inventory', 'licenses', 'upgrades'];

/** Everything that stands still until somebody acts, whatever service it comes from. */
export function Waiting() {
  const estate = useEstate();
  const activity = useActivity();
  const viewer: Viewer = {
    subject: useSession().data?.subject,
    approver: useMay('approver'),
    operator: useMay('operator'),
    admin: useMay('admin'),
  };
  const client = useQueryClient();
  const [clearing, setClearing] = useState<Refusal | null>(null);
  const alerts = useQuery({
    queryKey: ['agents', 'alerts'],
    queryFn: async ({ signal }) => (await agents.GET('/api/v1/alerts', { signal })).data?.items ?? [],
    refetchInterval: CALM,
  });
  const refusals = useQuery({
    queryKey: ['credential-refusals'],
    queryFn: async ({ signal }) => {
      const answers = await Promise.all(
        guarded.map(async (domain) => (await platformOf[domain].GET('/api/v1/credential-refusals', { signal })).data?.items ?? []),
      );
      return answers.flatMap((items, at) => items.map((item) => ({ ...item, domain: guarded[at]! })));
    },
    refetchInterval: CALM,
  });

  const waits: Wait[] = [
    ...incidents(alerts.data ?? []),
    ...steps(activity.data?.waiting ?? [], viewer),
    ...refusedCredentials(refusals.data ?? [], viewer, setClearing),
    ...troubledHosts(estate.data?.troubledHosts ?? [], viewer),
    ...plans(activity.data?.plans ?? [], viewer),
    ...flawedDeployments(estate.data?.flawedDeployments ?? [], viewer),
  ];
  waits.sort((a, b) => a.rank - b.rank);
  const failed = [estate, activity, alerts, refusals].filter((query) => query.isError);
  const known = [estate, activity, alerts, refusals].every((query) => query.data !== undefined || query.isError);

  return (
    <Section
      title="Waits for somebody"
      aside={
        <Text size="sm" c="dimmed">
          {known ? (waits.length > 0 ? count(waits.length, 'thing') : '') : ''}
        </Text>
      }
    >
      <Of
        query={{
          data: known && failed.length < 4 ? waits : waits.length > 0 ? waits : undefined,
          error: failed[0]?.error,
          isError: failed.length > 0,
          refetch: () => failed.forEach((query) => void query.refetch()),
        }}
        what="things"
        rows={4}
      >
        {(list) =>
          list.length === 0 ? (
            <Status word="ok" tone="ok" label="Nothing waits for anybody" />
          ) : (
            <ul className="waits">
              {list.slice(0, MOST).map((wait) => (
                <Line key={wait.key} wait={wait} />
              ))}
              {list.length > MOST && (
                <li>
                  <details>
                    <summary className="summary">{count(list.length - MOST, 'more thing')}</summary>
                    <ul className="waits">
                      {list.slice(MOST).map((wait) => (
                        <Line key={wait.key} wait={wait} />
                      ))}
                    </ul>
                  </details>
                </li>
              )}
            </ul>
          )
        }
      </Of>
      <Ask
        opened={clearing !== null}
        onClose={() => setClearing(null)}
        title={`Allow ${clearing?.credential ?? ''} one more try`}
        confirm="Allow one more try"
        onConfirm={async () => {
          if (!clearing) return;
          await platformOf[clearing.domain].DELETE('/api/v1/credential-refusals/{credential}', { params: { path: { credential: clearing.credential } } });
          await client.invalidateQueries({ queryKey: ['credential-refusals'] });
        }}
      >
        Do this only when the stored secret is right now: it is tried once more everywhere it is used, and some products lock their
        administrator out after three wrong passwords. <Clause id="L43" />
      </Ask>
    </Section>
  );
}

const MOST = 8;

function Line({ wait }: { wait: Wait }) {
  return (
    <li>
      <div style={{ minWidth: 0 }}>
        <Group gap="xs">
          <Status word={wait.kind} label={wait.kind} tone={wait.tone} soft />
          <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
            {wait.what}
          </Text>
        </Group>
        <Text size="sm" c="dimmed" mt={4} style={{ overflowWrap: 'anywhere' }}>
          {wait.why}
        </Text>
      </div>
      <div className="whom">
        <div>{wait.whom}</div>
        {wait.since && (
          <Text size="xs" c="dimmed">
            since <Time at={wait.since} as="ago" />
          </Text>
        )}
      </div>
    </li>
  );
}
