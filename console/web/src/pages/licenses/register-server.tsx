import { Radio, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { licenses } from '../../api/client';
import { useDraft } from '../../components/draft';
import { FormDialog } from '../../components/form-dialog';

interface Dialogue {
  opened: boolean;
  onClose: () => void;
}

const empty = { name: '', kind: 'native', address: '', baseUrl: '', credential: '', hostId: '' };

export function RegisterServer({ opened, onClose }: Dialogue) {
  const client = useQueryClient();
  const { now: form, key, text, field, forget, sending } = useDraft(empty);
  const flexnet = form.kind === 'flexnet';
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      onLeft={forget}
      title="Register a license server"
      submit="Register"
      disabled={!form.name || (flexnet && (!form.baseUrl || !form.credential))}
      onSubmit={sending(async () => {
        await licenses.POST('/api/v1/license-servers', {
          body: {
            name: form.name,
            kind: form.kind,
            ...(form.address ? { address: form.address } : {}),
            ...(flexnet ? { baseUrl: form.baseUrl, credential: form.credential, ...(form.hostId ? { hostId: form.hostId } : {}) } : {}),
          } as never,
          headers: { 'Idempotency-Key': key },
        });
        await client.invalidateQueries({ queryKey: ['license-servers'] });
      })}
    >
      <TextInput label="Name" required {...text('name')} data-autofocus />
      <Radio.Group label="Who counts its sessions" {...field('kind')}>
        <Stack gap="xs" mt="xs">
          <Radio value="native" label="Interlock itself (native)" />
          <Radio value="flexnet" label="The server itself, which Interlock reads and drives (flexnet)" />
        </Stack>
      </Radio.Group>
      <TextInput label="Address for agents" description="Where agents reach it." {...text('address')} />
      {flexnet && (
        <>
          <TextInput label="Base URL of its REST API" placeholder="http://host:7070" required {...text('baseUrl')} />
          <TextInput label="Credential" description="The name of its administrator’s password, never the password." required {...text('credential')} />
          <TextInput label="Host id in the inventory" description="To drive it over SSH; without it, it can only be read." {...text('hostId')} />
        </>
      )}
    </FormDialog>
  );
}
