import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Ask } from '../components/ask';

interface RetireProps {
  what: 'host' | 'deployment';
  name: string;
  opened: boolean;
  onClose: () => void;
  retire: (body: { reason: string }) => Promise<unknown>;
  onDone?: () => void;
  /** What it will mean. */
  children: ReactNode;
}

/** Takes something out of the inventory for good. */
export function Retire({ what, name, opened, onClose, retire, onDone, children }: RetireProps) {
  const client = useQueryClient();
  return (
    <Ask
      opened={opened}
      onClose={onClose}
      title={`Retire ${name}`}
      reason="Reason"
      reasonMost={500}
      confirm={`Retire the ${what}`}
      danger
      onConfirm={async (reason) => {
        await retire({ reason });
        await client.invalidateQueries({ queryKey: ['inventory'] });
        onDone?.();
      }}
    >
      {children}
    </Ask>
  );
}
