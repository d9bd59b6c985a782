import { Button, SegmentedControl, Text } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import type { StreamedEvent } from '../../api/events';
import type { Run } from '../../api/types';
import { Section } from '../../components/page';
import { Loading } from '../../components/states';
import { Time } from '../../components/time';
import { inWords, ofStep, toneOfEvent } from '../../upgrade/story';

const LATEST = 30;

/** What happened, newest first. */
export function Timeline({ run, events }: { run: Run; events: readonly StreamedEvent[] }) {
  const [everyStep, setEveryStep] = useState(false);
  const [all, setAll] = useState(false);
  const titles = useRef<{ id: string; of: Map<string, string> }>({ id: '', of: new Map() });
  if (titles.current.id !== run.id) {
    titles.current = {
      id: run.id,
      of: new Map(run.stages.flatMap((stage) => stage.lanes.flatMap((lane) => lane.steps.map((step): [string, string] => [step.stepId, step.title])))),
    };
  }
  const told = useMemo(() => (everyStep ? events : events.filter((event) => !ofStep(event))), [events, everyStep]);
  const lines = (all ? told : told.slice(-LATEST)).toReversed();
  return (
    <Section
      title="What happened"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="How much to tell"
          value={everyStep ? 'all' : 'main'}
          onChange={(value) => setEveryStep(value === 'all')}
          data={[
            { value: 'main', label: 'In short' },
            { value: 'all', label: 'Every step' },
          ]}
        />
      }
    >
      {events.length === 0 ? (
        run.lastEvent > 0 ? (
          <Loading what="events" rows={3} />
        ) : (
          <Text size="sm">Nothing yet.</Text>
        )
      ) : (
        <>
          <ol className="plain timeline events" reversed>
            {lines.map((event) => (
              <li key={event.id}>
                <Text span size="sm" c="dimmed">
                  <Time at={event.at} as="clock" />
                </Text>
                <span className="dot" data-tone={toneOfEvent(event.type)} aria-hidden />
                <Text span size="sm">
                  {inWords(event, (id) => titles.current.of.get(id) ?? id)}
                </Text>
              </li>
            ))}
          </ol>
          {told.length > LATEST && (
            <Button size="xs" variant="default" mt="xs" onClick={() => setAll(!all)}>
              {all ? `Show the latest ${LATEST} only` : `Show all ${told.length}`}
            </Button>
          )}
        </>
      )}
    </Section>
  );
}
