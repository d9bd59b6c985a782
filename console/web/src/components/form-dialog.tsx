import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { ProblemAlert } from './states';

interface FormDialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** The button that sends the form; without it there is nothing more to send. */
  submit?: string | undefined;
  /** What the form is sent for; rejected with a problem, the dialogue stays and shows it. It stays, too, where the answer is false. */
  onSubmit: () => Promise<unknown>;
  /** Another use of the form, after which the dialogue stays. */
  also?: { label: string; onSubmit: () => Promise<unknown> } | undefined;
  /** Runs when the dialogue was left, whether by success or not: forget what was typed. */
  onLeft?: () => void;
  /** Names what would be sent: once that is another, a problem of before is shown no more. */
  wish?: string;
  disabled?: boolean;
  danger?: boolean;
  /** The form says itself what is missing, not the browser. */
  checks?: boolean;
  size?: 'lg' | 'xl';
  children: ReactNode;
}

/** A form in a dialogue that keeps what was typed until the service has taken it. */
export function FormDialog({
  opened, onClose, title, submit, onSubmit, also, onLeft, wish, disabled = false, danger = false, checks = false, size = 'lg', children,
}: FormDialogProps) {
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState<'submit' | 'also' | null>(null);
  useEffect(() => setError(null), [wish]);
  const leave = () => {
    setError(null);
    onClose();
    onLeft?.();
  };
  const run = async (which: 'submit' | 'also', what: () => Promise<unknown>) => {
    if (busy || disabled) return;
    setBusy(which);
    setError(null);
    try {
      const answer = await what();
      if (which === 'submit' && answer !== false) leave();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(null);
    }
  };
  return (
    <Modal opened={opened} onClose={leave} title={<Text fw={650}>{title}</Text>} size={size}>
      <form
        noValidate={checks}
        onSubmit={(e: FormEvent) => {
          e.preventDefault();
          if (submit) void run('submit', onSubmit);
        }}
      >
        <Stack>
          {children}
          {error !== null && <ProblemAlert error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={leave}>
              {submit ? 'Cancel' : 'Close'}
            </Button>
            {also && (
              <Button variant="default" loading={busy === 'also'} disabled={disabled} onClick={() => void run('also', also.onSubmit)}>
                {also.label}
              </Button>
            )}
            {submit && (
              <Button type="submit" color={danger ? 'red.9' : undefined} loading={busy === 'submit'} disabled={disabled}>
                {submit}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
