import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { ProblemAlert } from './states';

interface FormDialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  submit: string;
  /** What the form is sent for; rejected with a problem, the dialogue stays and shows it. */
  onSubmit: () => Promise<unknown>;
  /** Runs when the dialogue was left, whether by success or not: forget what was typed. */
  onLeft?: () => void;
  disabled?: boolean;
  children: ReactNode;
}

/** A form in a dialogue that keeps what was typed until the service has taken it. */
export function FormDialog({ opened, onClose, title, submit, onSubmit, onLeft, disabled = false, children }: FormDialogProps) {
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const leave = () => {
    setError(null);
    onClose();
    onLeft?.();
  };
  const send = async (e: FormEvent) => {
    e.preventDefault();
    if (busy || disabled) return;
    setBusy(true);
    setError(null);
    try {
      await onSubmit();
      leave();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={leave} title={<Text fw={650}>{title}</Text>} size="lg">
      <form onSubmit={(e) => void send(e)}>
        <Stack>
          {children}
          {error !== null && <ProblemAlert error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={leave}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} disabled={disabled}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
