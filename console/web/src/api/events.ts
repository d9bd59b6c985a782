import { useEffect, useRef, useState } from 'react';

export type Wire = 'connecting' | 'live' | 'lost' | 'ended';

export interface StreamedEvent {
  id: number;
  type: string;
  at: string;
  data: Record<string, unknown>;
}

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8_000;
/** The services write a comment at least every ten seconds; a wire that is silent for longer is dead, though nobody said so. */
const LONGEST_SILENCE = 25_000;

/**
 * Follows server-sent events that are numbered from 1, across lost connections and restarts of the services: it asks again from
 * the last event that was seen, and an event that comes twice is told once.
 *
 * EventSource itself gives up for good when a proxy answers 502 once, and cannot be told a stream's own end from a lost
 * connection, so the stream is read by fetch.
 *
 * @param over whether an event is the story's last one
 * @param chapter another one follows the same story again, from where it was left: after an end that was none
 */
export function useEventStream(
  url: string | null,
  onEvents: (events: StreamedEvent[]) => void,
  over: (event: StreamedEvent) => boolean,
  chapter = 0,
): Wire {
  const [wire, setWire] = useState<Wire>('connecting');
  const tell = useRef(onEvents);
  tell.current = onEvents;
  const isOver = useRef(over);
  isOver.current = over;
  const seen = useRef({ url, last: 0 });

  useEffect(() => {
    if (!url) return;
    if (seen.current.url !== url) seen.current = { url, last: 0 };
    const stop = new AbortController();
    void (async () => {
      let last = seen.current.last;
      let wait = FIRST_WAIT;
      while (!stop.signal.aborted) {
        const silence = watch();
        try {
          const response = await fetch(url, {
            headers: { Accept: 'text/event-stream', ...(last ? { 'Last-Event-ID': String(last) } : {}) },
            signal: AbortSignal.any([stop.signal, silence.signal]),
          });
          // too many streams are open: there is room again when another page is closed
          if (response.status >= 400 && response.status < 500 && response.status !== 429) {
            setWire('ended');
            return;
          }
          if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
          setWire('live');
          wait = FIRST_WAIT;
          for await (const events of read(response.body, silence.heard)) {
            const fresh = events.filter((event) => event.id > last);
            const newest = fresh.at(-1);
            if (!newest) continue;
            if (stop.signal.aborted) return;
            last = newest.id;
            seen.current.last = last;
            tell.current(fresh);
            if (fresh.some((event) => isOver.current(event))) {
              setWire('ended');
              return;
            }
          }
        } catch {
          // asked again below
        } finally {
          silence.end();
        }
        if (stop.signal.aborted) return;
        setWire('lost');
        await new Promise((resolve) => setTimeout(resolve, wait * (0.75 + Math.random() / 2)));
        wait = Math.min(wait * 2, LONGEST_WAIT);
      }
    })();
    return () => stop.abort();
  }, [url, chapter]);

  return wire;
}

function watch() {
  const dead = new AbortController();
  let timer = setTimeout(() => dead.abort(), LONGEST_SILENCE);
  return {
    signal: dead.signal,
    heard: () => {
      clearTimeout(timer);
      timer = setTimeout(() => dead.abort(), LONGEST_SILENCE);
    },
    end: () => clearTimeout(timer),
  };
}

/**
 * The events of a text/event-stream, those that arrive together together.
 *
 * @param heard told whenever anything comes, be it a comment
 */
export async function* read(body: ReadableStream<Uint8Array>, heard: () => void = () => undefined): AsyncGenerator<StreamedEvent[]> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    while (true) {
      const { value, done } = await reader.read();
      if (done) return;
      heard();
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? '';
      const events = blocks.map(parse).filter((event) => event !== null);
      if (events.length > 0) yield events;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parse(block: string): StreamedEvent | null {
  let id = 0;
  let type = '';
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const field = line.slice(0, colon);
    const value = line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id') id = Number(value);
    else if (field === 'event') type = value;
    else if (field === 'data') data.push(value);
  }
  if (data.length === 0 || !Number.isFinite(id)) return null;
  try {
    const body = JSON.parse(data.join('\n')) as { type?: string; at?: string; data?: Record<string, unknown> };
    return { id, type: type || (body.type ?? ''), at: body.at ?? '', data: body.data ?? {} };
  } catch {
    return null;
  }
}
