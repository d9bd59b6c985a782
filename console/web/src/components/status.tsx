import {
  IconAlertTriangleFilled, IconCircleCheckFilled, IconCircleDashed, IconClockHour4, IconLoader2, IconPlayerPauseFilled,
} from '@tabler/icons-react';

export type Tone = 'ok' | 'run' | 'wait' | 'bad' | 'off';

const icons = {
  ok: IconCircleCheckFilled,
  run: IconLoader2,
  wait: IconClockHour4,
  bad: IconAlertTriangleFilled,
  off: IconCircleDashed,
};

/** The words of all state machines, and what they mean to a person. */
const tones: Record<string, Tone> = {
  // hosts
  reachable: 'ok', unreachable: 'bad', 'key-unknown': 'wait', 'key-changed': 'bad', 'not-probed': 'off', retired: 'off',
  // plans
  planned: 'wait', approved: 'ok', rejected: 'off', drifted: 'bad',
  // runs and steps
  queued: 'wait', running: 'run', pausing: 'wait', paused: 'wait', aborting: 'wait', aborted: 'off', completed: 'ok', failed: 'bad',
  pending: 'off', waiting: 'wait', succeeded: 'ok', skipped: 'off',
  // agents and grace
  licensed: 'ok', 'in-grace': 'wait', expired: 'bad', 'never-licensed': 'off', open: 'wait', ended: 'ok',
  // license servers and requests
  healthy: 'ok', unhealthy: 'bad', degraded: 'wait', unknown: 'off', active: 'ok', lost: 'bad', made: 'wait', downloaded: 'wait', answered: 'wait',
  applying: 'run', applied: 'ok', superseded: 'off',
  // audit
  done: 'ok', denied: 'bad', refused: 'wait',
};

/** As the API says it, as a person writes it: `In grace`. */
export const inWords = (word: string): string => (word.charAt(0).toUpperCase() + word.slice(1)).replaceAll('-', ' ');

export const toneOf = (word: string): Tone => tones[word] ?? 'off';

interface StatusProps {
  /** As the API says it. */
  word: string;
  /** If the words of the page are others. */
  label?: string;
  tone?: Tone;
  soft?: boolean;
}

/** A state as a shape, a word and a colour, so that none of them is needed alone. */
export function Status({ word, label, tone = toneOf(word), soft = false }: StatusProps) {
  const Icon = word === 'paused' ? IconPlayerPauseFilled : icons[tone];
  return (
    <span className="status" data-tone={tone} data-soft={soft || undefined}>
      <Icon size="1em" aria-hidden />
      {label ?? inWords(word)}
    </span>
  );
}
