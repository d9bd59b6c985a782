import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { ProblemAlert } from './states';

interface AskProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will happen, before it is asked for. */
  children: ReactNode;
  /** The label of the field for the reason; none is asked without it. */
  reason?: string;
  reasonOptional?: boolean;
  /** How long the reason may be, as the service has it. */
  reasonMost?: number;
  confirm: string;
  danger?: boolean;
  /** Rejected with a problem, the dialogue stays and shows it. */
  onConfirm: (reason: string) => Promise<unknown>;
}

/** Says what a command will mean, asks for the reason that the audit log keeps, and shows a refusal where it was asked. */
export function Ask({ opened, onClose, title, children, reason, reasonOptional = false, reasonMost = 1000, confirm, danger = false, onConfirm }: AskProps) {
  const [text, setText] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const missing = reason !== undefined && !reasonOptional && text.trim() === '';

  const close = () => {
    setText('');
    setError(null);
    onClose();
  };
  const go = async () => {
    if (missing || busy) return;
    setBusy(true);
    setError(null);
    try {
      await onConfirm(text.trim());
      close();
    } catch (e) {
      setError(e);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal opened={opened} onClose={close} title={<Text fw={650}>{title}</Text>} size="lg">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void go();
        }}
      >
        <Stack>
          <Text component="div" size="sm">
            {children}
          </Text>
          {reason !== undefined && (
            <Textarea
              label={reason}
              description="Kept in the audit log under your name."
              required={!reasonOptional}
              withAsterisk={!reasonOptional}
              maxLength={reasonMost}
              autosize
              minRows={2}
              value={text}
              onChange={(e) => setText(e.currentTarget.value)}
              data-autofocus
            />
          )}
          {error !== null && <ProblemAlert error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" color={danger ? 'red.9' : undefined} loading={busy} disabled={missing}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
