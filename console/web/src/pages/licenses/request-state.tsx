import { Status } from '../../components/status';

const requestStates: Record<string, { tone: 'ok' | 'run' | 'wait' | 'off'; label: string }> = {
  open: { tone: 'wait', label: 'waits for its answer' },
  answered: { tone: 'wait', label: 'answered, to be applied' },
  applying: { tone: 'run', label: 'being applied' },
  applied: { tone: 'ok', label: 'applied' },
  superseded: { tone: 'off', label: 'superseded by a later one' },
};

export function RequestState({ state }: { state: string }) {
  const known = requestStates[state];
  return <Status word={state} {...(known ?? {})} />;
}
