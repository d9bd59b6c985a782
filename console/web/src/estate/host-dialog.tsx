import { Group, NumberInput, Text, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { inventory, newKey } from '../api/client';
import type { Host } from '../api/types';
import { FormDialog } from '../components/form-dialog';
import { fieldErrors } from './errors';
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
  name: string;
  address: string;
  port: number | string;
  user: string;
  credential: string;
  hostKey: string;
  labels: string;
}

const blank: Draft = { name: '', address: '', port: 22, user: '', credential: '', hostKey: '', labels: '' };

const draftOf = (host: Host): Draft => ({
  name: host.name,
  address: host.address,
  port: host.port,
  user: host.user,
  credential: host.credential,
  hostKey: '',
  labels: toLines(host.labels),
});

/** Registers a host, or changes what people say of it. */
export function HostDialog({ opened, onClose, of, onDone }: HostDialogProps) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft | null>(null);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [key, setKey] = useState(newKey);
  const now = draft ?? (of ? draftOf(of.value) : blank);
  // another content is another wish: its first answer is not to be repeated
  const set = (part: Partial<Draft>) => {
    setDraft({ ...now, ...part });
    setKey(newKey());
  };
  const labels = fromLines(now.labels);

  const send = async () => {
    setErrors({});
    const body = {
      name: now.name.trim(),
      address: now.address.trim(),
      port: typeof now.port === 'number' ? now.port : null,
      user: now.user.trim(),
      credential: now.credential.trim(),
      labels: labels.pairs,
      ...(now.hostKey.trim() ? { hostKey: now.hostKey.trim() } : {}),
    };
    try {
      let id = of?.value.hostId;
      if (of) {
        await inventory.PUT('/api/v1/hosts/{id}', {
          params: { path: { id: of.value.hostId }, header: { 'If-Match': of.etag } },
          body,
        });
      } else {
        const { response } = await inventory.POST('/api/v1/hosts', { body, headers: { 'Idempotency-Key': key } });
        id = response.headers.get('Location')?.split('/').pop();
      }
      await client.invalidateQueries({ queryKey: ['inventory'] });
      if (id) onDone(id);
    } catch (e) {
      setErrors(fieldErrors(e));
      throw e;
    }
  };

  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      title={of ? `Change ${of.value.name}` : 'Register a host'}
      submit={of ? 'Save' : 'Register'}
      onSubmit={send}
      onLeft={() => {
        setDraft(null);
        setErrors({});
      }}
      disabled={labels.problem !== null}
    >
      <TextInput label="Name" required value={now.name} onChange={(e) => set({ name: e.currentTarget.value })} error={errors.name} data-autofocus />
      <Group grow align="flex-start" preventGrowOverflow={false}>
        <TextInput
          label="Address"
          description="A name that resolves, or an IP address"
          required
          value={now.address}
          onChange={(e) => set({ address: e.currentTarget.value })}
          error={errors.address}
          style={{ flex: '3 1 12rem' }}
        />
        <NumberInput
          label="SSH port"
          description="22 as a rule"
          min={1}
          max={65535}
          allowDecimal={false}
          value={now.port}
          onChange={(port) => set({ port })}
          error={errors.port}
          style={{ flex: '1 1 7rem' }}
        />
      </Group>
      <Group grow align="flex-start">
        <TextInput
          label="User"
          description="The account that Interlock logs in with"
          required
          value={now.user}
          onChange={(e) => set({ user: e.currentTarget.value })}
          error={errors.user}
        />
        <TextInput
          label="Credential"
          description="Its name, never the secret itself"
          required
          value={now.credential}
          onChange={(e) => set({ credential: e.currentTarget.value })}
          error={errors.credential}
        />
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
        value={now.hostKey}
        onChange={(e) => set({ hostKey: e.currentTarget.value })}
        error={errors.hostKey}
        classNames={{ input: 'mono' }}
      />
      <Textarea
        label="Labels"
        description="One name = value a line"
        placeholder="site = Hamburg"
        autosize
        minRows={2}
        value={now.labels}
        onChange={(e) => set({ labels: e.currentTarget.value })}
        error={labels.problem ?? Object.entries(errors).find(([field]) => field.startsWith('labels'))?.[1]}
      />
      {of && (
        <Text size="sm" c="dimmed">
          The host is probed anew with what you say here.
        </Text>
      )}
    </FormDialog>
  );
}
