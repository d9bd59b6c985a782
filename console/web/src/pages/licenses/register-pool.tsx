import { NumberInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { licenses, newKey } from '../../api/client';
import { FormDialog } from '../../components/form-dialog';

interface Dialogue {
  opened: boolean;
  onClose: () => void;
}

const empty = { code: '', seats: '' as number | string, feature: 'pcoip-session', until: '' };

export function RegisterPool({ opened, onClose }: Dialogue) {
  const client = useQueryClient();
  const [form, setForm] = useState(empty);
  const key = useRef(newKey());
  const set = (change: Partial<typeof empty>) => setForm((before) => ({ ...before, ...change }));
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      onLeft={() => {
        setForm(empty);
        key.current = newKey();
      }}
      title="Register a purchase"
      submit="Register"
      disabled={!form.code || !form.seats || !form.feature || !form.until}
      onSubmit={async () => {
        await licenses.POST('/api/v1/pools', {
          body: { activationCode: form.code, seats: Number(form.seats), feature: form.feature, expiresAt: new Date(form.until).toISOString() },
          headers: { 'Idempotency-Key': key.current },
        });
        await client.invalidateQueries({ queryKey: ['pools'] });
      }}
    >
      <TextInput
        label="Activation code"
        description="Exactly as it was received, with its dashes and its case."
        required
        autoComplete="off"
        spellCheck={false}
        value={form.code}
        onChange={(e) => set({ code: e.currentTarget.value })}
        data-autofocus
      />
      <NumberInput label="Licences" description="The whole purchase." required min={1} max={1_000_000} allowDecimal={false} value={form.seats} onChange={(seats) => set({ seats })} />
      <TextInput label="Feature" required value={form.feature} onChange={(e) => set({ feature: e.currentTarget.value })} />
      <TextInput
        label="Ends"
        description="No session is authorised from then on. In your time zone."
        type="datetime-local"
        required
        value={form.until}
        onChange={(e) => set({ until: e.currentTarget.value })}
      />
    </FormDialog>
  );
}
