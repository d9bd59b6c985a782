import { Text, Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { FormDialog } from './form-dialog';

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
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      onLeft={() => setText('')}
      title={title}
      submit={confirm}
      danger={danger}
      disabled={reason !== undefined && !reasonOptional && text.trim() === ''}
      onSubmit={() => onConfirm(text.trim())}
    >
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
    </FormDialog>
  );
}
