import { NumberInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { licenses } from '../../api/client';
import { useDraft } from '../../components/draft';
import { FormDialog } from '../../components/form-dialog';

interface Dialogue {
  opened: boolean;
  onClose: () => void;
}

const empty = { code: '', seats: '' as number | string, feature: 'pcoip-session', until: '' };

export function RegisterPool({ opened, onClose }: Dialogue) {
  const client = useQueryClient();
  const { now: form, key, text, field, forget, sending } = useDraft(empty);
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      onLeft={forget}
      title="Register a purchase"
      submit="Register"
      disabled={!form.code || !form.seats || !form.feature || !form.until}
      onSubmit={sending(async () => {
        await licenses.POST('/api/v1/pools', {
          body: { activationCode: form.code, seats: Number(form.seats), feature: form.feature, expiresAt: new Date(form.until).toISOString() },
          headers: { 'Idempotency-Key': key },
        });
        await client.invalidateQueries({ queryKey: ['pools'] });
      })}
    >
      <TextInput
        label="Activation code"
        description="Exactly as it was received, with its dashes and its case."
        required
        autoComplete="off"
        spellCheck={false}
        {...text('code')}
        data-autofocus
      />
      <NumberInput label="Licences" description="The whole purchase." required min={1} max={1_000_000} allowDecimal={false} {...field('seats')} />
      <TextInput label="Feature" required {...text('feature')} />
      <TextInput label="Ends" description="No session is authorised from then on. In your time zone." type="datetime-local" required {...text('until')} />
    </FormDialog>
  );
}
