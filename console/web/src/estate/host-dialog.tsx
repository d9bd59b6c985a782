import { Group, NumberInput, Text, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { idOf, inventory } from '../api/client';
import type { Host } from '../api/types';
import { useDraft } from '../components/draft';
import { FormDialog } from '../components/form-dialog';
import { fromLines, toLines } from './pairs';
import type { Tagged } from './queries';

interface HostDialogProps {
  opened: boolean;
  onClose: () => void;
  /** The host to change; a new one is registered without it. */
  of?: Tagged<Host>;
  onDone: (id: string) => void;
}

interface Draft {
  /** What the person started from: the page goes on reading under the open dialogue. */
  from: Tagged<Host> | null;
  name: string;
  address: string;
  port: number | string;
  user: string;
  credential: string;
  hostKey: string;
  labels: string;
}

const draftOf = (of: Tagged<Host> | undefined): Draft =>
  of
    ? { ...of.value, from: of, hostKey: '', labels: toLines(of.value.labels) }
    : { from: null, name: '', address: '', port: 22, user: '', credential: '', hostKey: '', labels: '' };

/** Registers a host, or changes what people say of it. */
export function HostDialog({ opened, onClose, of, onDone }: HostDialogProps) {
  const client = useQueryClient();
  const { now, key, text, field, errors, forget, sending } = useDraft(draftOf(of));
  const labels = fromLines(now.labels);

  const send = sending(async () => {
    const body = {
      name: now.name.trim(),
      address: now.address.trim(),
      port: typeof now.port === 'number' ? now.port : null,
      user: now.user.trim(),
      credential: now.credential.trim(),
      labels: labels.pairs,
      ...(now.hostKey.trim() ? { hostKey: now.hostKey.trim() } : {}),
    };
    const { from } = now;
    const id = from
      ? from.value.hostId
      : idOf((await inventory.POST('/api/v1/hosts', { body, headers: { 'Idempotency-Key': key } })).response);
    if (from) await inventory.PUT('/api/v1/hosts/{id}', { params: { path: { id }, header: { 'If-Match': from.etag } }, body });
    await client.invalidateQueries({ queryKey: ['inventory'] });
    onDone(id);
  });

  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      title={of ? `Change ${of.value.name}` : 'Register a host'}
      submit={of ? 'Save' : 'Register'}
      onSubmit={send}
      onLeft={forget}
      disabled={labels.problem !== null}
    >
      <TextInput label="Name" required {...text('name')} data-autofocus />
      <Group grow align="flex-start" preventGrowOverflow={false}>
        <TextInput label="Address" description="A name that resolves, or an IP address" required {...text('address')} style={{ flex: '3 1 12rem' }} />
        <NumberInput
          label="SSH port"
          description="22 as a rule"
          min={1}
          max={65535}
          allowDecimal={false}
          {...field('port')}
          style={{ flex: '1 1 7rem' }}
        />
      </Group>
      <Group grow align="flex-start">
        <TextInput label="User" description="The account that Interlock logs in with" required {...text('user')} />
        <TextInput label="Credential" description="Its name, never the secret itself" required {...text('credential')} />
      </Group>
      <Textarea
        label="Host key"
        description={
          of
            ? 'Only if it is to be replaced.'
            : 'If you vouch for one: the line of ssh_host_ed25519_key.pub. Without it the host’s key is shown to you, and nothing is sent before you accept it.'
        }
        placeholder="ssh-ed25519 AAAA…"
        autosize
        minRows={1}
        {...text('hostKey')}
        classNames={{ input: 'mono' }}
      />
      <Textarea
        label="Labels"
        description="One name = value a line"
        placeholder="site = Hamburg"
        autosize
        minRows={2}
        {...text('labels')}
        error={labels.problem ?? Object.entries(errors).find(([name]) => name.startsWith('labels'))?.[1]}
      />
      {of && (
        <Text size="sm" c="dimmed">
          The host is probed anew with what you say here.
        </Text>
      )}
    </FormDialog>
  );
}
