import { Radio, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { licenses, newKey } from '../../api/client';
import { FormDialog } from '../../components/form-dialog';

interface Dialogue {
  opened: boolean;
  onClose: () => void;
}

const empty = { name: '', kind: 'native', address: '', baseUrl: '', credential: '', hostId: '' };

export function RegisterServer({ opened, onClose }: Dialogue) {
  const client = useQueryClient();
  const [form, setForm] = useState(empty);
  const key = useRef(newKey());
  const set = (change: Partial<typeof empty>) => setForm((before) => ({ ...before, ...change }));
  const flexnet = form.kind === 'flexnet';
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      onLeft={() => {
        setForm(empty);
        key.current = newKey();
      }}
      title="Register a license server"
      submit="Register"
      disabled={!form.name || (flexnet && (!form.baseUrl || !form.credential))}
      onSubmit={async () => {
        await licenses.POST('/api/v1/license-servers', {
          body: {
            name: form.name,
            kind: form.kind,
            ...(form.address ? { address: form.address } : {}),
            ...(flexnet ? { baseUrl: form.baseUrl, credential: form.credential, ...(form.hostId ? { hostId: form.hostId } : {}) } : {}),
          } as never,
          headers: { 'Idempotency-Key': key.current },
        });
        await client.invalidateQueries({ queryKey: ['license-servers'] });
      }}
    >
      <TextInput label="Name" required value={form.name} onChange={(e) => set({ name: e.currentTarget.value })} data-autofocus />
      <Radio.Group label="Who counts its sessions" value={form.kind} onChange={(kind) => set({ kind })}>
        <Stack gap="xs" mt="xs">
          <Radio value="native" label="Interlock itself (native)" />
          <Radio value="flexnet" label="The server itself, which Interlock reads and drives (flexnet)" />
        </Stack>
      </Radio.Group>
      <TextInput label="Address for agents" description="Where agents reach it." value={form.address} onChange={(e) => set({ address: e.currentTarget.value })} />
      {flexnet && (
        <>
          <TextInput
            label="Base URL of its REST API"
            placeholder="http://host:7070"
            required
            value={form.baseUrl}
            onChange={(e) => set({ baseUrl: e.currentTarget.value })}
          />
          <TextInput
            label="Credential"
            description="The name of its administrator’s password, never the password."
            required
            value={form.credential}
            onChange={(e) => set({ credential: e.currentTarget.value })}
          />
          <TextInput
            label="Host id in the inventory"
            description="To drive it over SSH; without it, it can only be read."
            value={form.hostId}
            onChange={(e) => set({ hostId: e.currentTarget.value })}
          />
        </>
      )}
    </FormDialog>
  );
}
