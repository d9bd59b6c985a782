import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { upgrades } from '../api/client';
import { useEventStream, type StreamedEvent, type Wire } from '../api/events';
import { LIVE } from '../api/queries';
import type { Run } from '../api/types';
import { applied, isEnd, OVER } from './live';

/** Events that come together are drawn together. */
const TOGETHER = 200;
/** The shortest time between two looks at the whole run: at most two a second. */
const BETWEEN_LOOKS = 500;
/** Of a run that is large or a service that is slow, looks take at most this share of the time. */
const SHARE = 5;
/** What may have happened while a look was under way. */
const REMEMBERED = 1_000;

/**
 * A run as it is now: its events are applied at once, and the whole is asked for again soon after, for what events do not say.
 * Nothing is lost by a lost connection: the stream goes on from the last event, and the page keeps what it had.
 */
export function useRun(id: string) {
  const client = useQueryClient();
  const key = useRef<readonly string[]>([]);
  key.current = ['upgrades', 'run', id];
  const recent = useRef<StreamedEvent[]>([]);
  const lastLook = useRef({ ended: 0, took: 0 });
  const [events, setEvents] = useState<StreamedEvent[]>([]);

  const query = useQuery({
    queryKey: ['upgrades', 'run', id],
    queryFn: async ({ signal }) => {
      const began = performance.now();
      const { data } = await upgrades.GET('/api/v1/runs/{id}', { params: { path: { id } }, signal });
      const run = applied(data!, recent.current);
      const ended = performance.now();
      lastLook.current = { ended, took: ended - began };
      return run;
    },
    refetchInterval: ({ state }) => (state.data && ['completed', 'aborted'].includes(state.data.status) ? false : LIVE),
  });

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const lookTimer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const waiting = useRef<StreamedEvent[]>([]);

  const lookSoon = useCallback(() => {
    if (lookTimer.current !== undefined) return;
    const { ended, took } = lastLook.current;
    const pause = Math.max(BETWEEN_LOOKS, SHARE * took) - (performance.now() - ended);
    lookTimer.current = setTimeout(() => {
      lookTimer.current = undefined;
      void client.refetchQueries({ queryKey: key.current, exact: true }, { cancelRefetch: false });
    }, Math.max(0, pause));
  }, [client]);

  const onEvents = useCallback(
    (news: StreamedEvent[]) => {
      waiting.current.push(...news);
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        const all = waiting.current;
        waiting.current = [];
        recent.current = [...recent.current, ...all].slice(-REMEMBERED);
        const before = client.getQueryData<Run>(key.current);
        if (before) {
          const after = applied(before, all);
          if (after !== before) {
            client.setQueryData<Run>(key.current, after);
            lookSoon();
          }
        }
        setEvents((told) => [...told, ...all]);
      }, TOGETHER);
    },
    [client, lookSoon],
  );

  useEffect(() => {
    recent.current = [];
    waiting.current = [];
    setEvents([]);
    return () => {
      clearTimeout(timer.current);
      clearTimeout(lookTimer.current);
      timer.current = undefined;
      lookTimer.current = undefined;
    };
  }, [id]);

  // A failed run that somebody retries tells on: its story gets another chapter.
  const [chapter, setChapter] = useState(0);
  const status = query.data?.status;
  const was = useRef(status);
  useEffect(() => {
    if (was.current === 'failed' && status && !OVER.includes(status)) setChapter((n) => n + 1);
    was.current = status;
  }, [status]);

  const known = useRef(0);
  known.current = query.data?.lastEvent ?? 0;
  const wire: Wire = useEventStream(
    query.data === undefined ? null : `/api/upgrades/v1/runs/${id}/events`,
    onEvents,
    (event) => isEnd(event) && event.id >= known.current,
    chapter,
  );
  return { query, events, wire };
}
