import { Status } from '../../components/status';

const requestStates: Record<string, { tone: 'ok' | 'run' | 'wait' | 'off'; label: string }> = {
  open: { tone: 'wait', label: 'Waits for its answer' },
  answered: { tone: 'wait', label: 'Answered, to be applied' },
  applying: { tone: 'run', label: 'Being applied' },
  applied: { tone: 'ok', label: 'Applied' },
  superseded: { tone: 'off', label: 'Superseded by a later one' },
};

export function RequestState({ state }: { state: string }) {
  const known = requestStates[state];
  return <Status word={state} {...(known ?? {})} />;
}
