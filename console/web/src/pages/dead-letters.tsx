import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconRepeat } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { platformOf, type Domain } from '../api/client';
import { CALM } from '../api/queries';
import { useMay } from '../api/session';
import type { DeadLetter } from '../api/types';
import { Ask } from '../components/ask';
import { count } from '../components/count';
import { Page, Section } from '../components/page';
import { Empty, Of } from '../components/states';
import { Status } from '../components/status';
import { DataTable } from '../components/table';
import { Time } from '../components/time';
import { services } from '../estate/audit';
import { byTopic, errorName, eventName, replayed, type Topic } from '../estate/dead-letters';

/** As many as the service gives at once. */
const MOST = 500;

/** What the services could not handle, and put aside so that the rest goes on. */
export function DeadLetters() {
  const admin = useMay('admin');
  return (
    <Page
      title="Dead letters"
      intro="Events that a service could not handle. They were put aside so that the others go on, and are kept until a replay handles them."
    >
      {admin ? (
        services.map(({ domain, label }) => <OfService key={domain} domain={domain} label={label} />)
      ) : (
        <Empty title="Only an administrator may see dead letters">
          A replay changes what the services know. Sign in as somebody with the role admin, or ask such a person.
        </Empty>
      )}
    </Page>
  );
}

function OfService({ domain, label }: { domain: Domain; label: string }) {
  const client = useQueryClient();
  const [asking, ask] = useState<Topic | null>(null);
  const [said, say] = useState('');
  const key = [domain, 'dead-letters'];
  const pending = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await platformOf[domain].GET('/api/v1/dead-letters', { params: { query: { limit: MOST } }, signal })).data?.items ?? [],
    refetchInterval: CALM,
  });
  return (
    <Section
      title={label}
      aside={
        pending.data &&
        (pending.data.length === 0 ? (
          <Status word="none" tone="ok" label="None" />
        ) : (
          <Status word="pending" tone="bad" soft label={count(pending.data.length, 'dead letter')} />
        ))
      }
    >
      <Of query={pending} what="dead letters" rows={1}>
        {(letters) =>
          letters.length === 0 ? (
            <Text size="sm" c="dimmed">
              Everything that this service heard it has handled.
            </Text>
          ) : (
            <Stack gap="lg">
              {byTopic(letters).map((topic) => (
                <OfTopic key={topic.topic} topic={topic} replay={() => ask(topic)} />
              ))}
              {letters.length === MOST && (
                <Text size="sm" c="dimmed">
                  The first {MOST} are shown, and there may be more: a replay takes all of a topic.
                </Text>
              )}
            </Stack>
          )
        }
      </Of>
      <Text size="sm" role="status" className={said ? undefined : 'visually-hidden'} mt={said ? 'sm' : undefined}>
        {said}
      </Text>
      <Ask
        opened={asking !== null}
        onClose={() => ask(null)}
        title={`Replay the dead letters of ${asking?.topic ?? ''}`}
        confirm="Replay"
        onConfirm={async () => {
          say('');
          const { data } = await platformOf[domain].POST('/api/v1/dead-letters/replay', { params: { query: { topic: asking!.topic } } });
          await client.invalidateQueries({ queryKey: key });
          say(replayed(data!));
        }}
      >
        <p>
          All pending dead letters of this topic are given to {label} again, in their order, also those that came meanwhile. Do this once their
          cause is mended: what fails again stays here with its new reason.
        </p>
        <p>Later events of the same key were handled already; each event has its effect once, however often it is replayed.</p>
      </Ask>
    </Section>
  );
}

function OfTopic({ topic: { topic, letters }, replay }: { topic: Topic; replay: () => void }) {
  return (
    <div>
      <Group justify="space-between" gap="xs" mb="xs">
        <Title order={3} size="h5" className="mono" style={{ overflowWrap: 'anywhere' }}>
          {topic}
        </Title>
        <Button size="xs" variant="default" leftSection={<IconRepeat size={14} aria-hidden />} onClick={replay} aria-label={`Replay ${topic}`}>
          Replay {count(letters.length, 'dead letter')}
        </Button>
      </Group>
      <DataTable
        caption={`Dead letters of ${topic}`}
        rows={letters}
        keyOf={(letter) => `${letter.partition}/${letter.offset}`}
        columns={[
          { header: 'Event', width: '26%', cell: (letter) => <Event letter={letter} /> },
          { header: 'Why', cell: (letter) => <Reason letter={letter} /> },
          { header: 'Put aside', cell: (letter) => <span className="whole"><Time at={letter.at} /></span> },
          { header: 'Attempts', number: true, width: '5rem', cell: (letter) => letter.attempts },
        ]}
      />
    </div>
  );
}

function Event({ letter }: { letter: DeadLetter }) {
  return (
    <>
      <b title={letter.type ?? undefined}>{eventName(letter.type)}</b>
      <Text size="xs" c="dimmed">
        {letter.key ? (
          <>
            of <span className="mono">{letter.key}</span>,{' '}
          </>
        ) : (
          ''
        )}
        partition {letter.partition}, offset {letter.offset}
      </Text>
    </>
  );
}

function Reason({ letter }: { letter: DeadLetter }) {
  return (
    <>
      {letter.message}
      <Text size="xs" c="dimmed" title={letter.error} className="mono">
        {errorName(letter.error)}
      </Text>
    </>
  );
}
