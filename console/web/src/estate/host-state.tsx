import { IconLock } from '@tabler/icons-react';
import type { Host } from '../api/types';
import { Status } from '../components/status';
import { stateOf } from './words';

export function HostState({ host, soft = false }: { host: Pick<Host, 'status' | 'presentedHostKey'>; soft?: boolean }) {
  const { label, tone } = stateOf(host);
  return <Status word={host.status} label={label} tone={tone} soft={soft} />;
}

/** P9, on a line of a list; nothing of a host that may be restarted. */
export function Locked({ step }: { step: string | undefined }) {
  if (step === undefined) return null;
  return (
    <span className="status" data-tone="wait" data-soft title={`Nobody may restart this host now: ${step}`}>
      <IconLock size="1em" aria-hidden />
      No restart now
    </span>
  );
}
