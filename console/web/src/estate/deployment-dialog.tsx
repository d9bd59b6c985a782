import { ActionIcon, Alert, Autocomplete, Button, Group, Select, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { inventory, newKey } from '../api/client';
import { ProblemError } from '../api/problem';
import type { Deployment } from '../api/types';
import { FormDialog } from '../components/form-dialog';
import { DataTable } from '../components/table';
import { changesOf, draftOf, type Draft } from './changed';
import { fieldErrors } from './errors';
import { fromLines } from './pairs';
import { useHostNames, type Tagged } from './queries';
import { products } from './words';

interface DeploymentDialogProps {
  opened: boolean;
  onClose: () => void;
  /** The deployment to change; a new one is registered without it. */
  of?: Tagged<Deployment>;
  onDone: (id: string) => void;
}

const blank: Draft = { name: '', product: '', members: [{ host: '', role: 'node' }], settings: '' };

/** Registers a deployment, or changes it; says what somebody else changed meanwhile. */
export function DeploymentDialog({ opened, onClose, of, onDone }: DeploymentDialogProps) {
  const client = useQueryClient();
  // what the person started from: the page goes on reading under the open dialogue
  const [from, setFrom] = useState<Tagged<Deployment> | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [other, setOther] = useState<Tagged<Deployment> | null>(null);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [key, setKey] = useState(newKey);
  const base = from ?? of ?? null;
  const now = draft ?? (base ? draftOf(base.value) : blank);
  const settings = fromLines(now.settings);

  const set = (part: Partial<Draft>) => {
    if (!from && of) setFrom(of);
    setDraft({ ...now, ...part });
    // another content is another wish: its first answer is not to be repeated
    setKey(newKey());
  };
  const member = (at: number, part: Partial<Draft['members'][number]>) =>
    set({ members: now.members.map((m, i) => (i === at ? { ...m, ...part } : m)) });

  const send = async () => {
    setErrors({});
    const body = {
      name: now.name.trim(),
      product: now.product,
      members: now.members.filter((m) => m.host.trim() !== '').map((m) => ({ host: m.host.trim(), role: m.role.trim() || 'node' })),
      settings: settings.pairs,
    };
    try {
      let id = base?.value.deploymentId;
      if (base && id) {
        await inventory.PUT('/api/v1/deployments/{id}', { params: { path: { id }, header: { 'If-Match': base.etag } }, body });
      } else {
        const { response } = await inventory.POST('/api/v1/deployments', { body, headers: { 'Idempotency-Key': key } });
        id = response.headers.get('Location')?.split('/').pop();
      }
      await client.invalidateQueries({ queryKey: ['inventory'] });
      if (id) onDone(id);
    } catch (e) {
      if (base && e instanceof ProblemError && e.problem.status === 412) {
        const { data, response } = await inventory.GET('/api/v1/deployments/{id}', { params: { path: { id: base.value.deploymentId } } });
        setOther({ value: data!, etag: response.headers.get('ETag') ?? '' });
      }
      setErrors(fieldErrors(e));
      throw e;
    }
  };

  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      title={of ? `Change ${of.value.name}` : 'Register a deployment'}
      submit={of ? 'Save' : 'Register'}
      onSubmit={send}
      onLeft={() => {
        setFrom(null);
        setDraft(null);
        setOther(null);
        setErrors({});
      }}
      disabled={settings.problem !== null || now.product === '' || other !== null}
    >
      {other && base && (
        <ChangedMeanwhile
          before={base.value}
          now={other.value}
          keepMine={() => {
            setDraft(now);
            setFrom(other);
            setOther(null);
          }}
          takeTheirs={() => {
            setDraft(null);
            setFrom(other);
            setOther(null);
          }}
        />
      )}
      <TextInput label="Name" required value={now.name} onChange={(e) => set({ name: e.currentTarget.value })} error={errors.name} data-autofocus />
      <Select
        label="Product"
        required
        data={products}
        value={now.product || null}
        onChange={(product) => set({ product: product ?? '' })}
        disabled={of !== undefined}
        description={of ? 'It cannot be changed: register another deployment.' : undefined}
        error={errors.product}
      />
      <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
        <Text component="legend" size="sm" fw={500} mb={4}>
          Members
        </Text>
        <Text size="xs" c="dimmed" mb="xs">
          By name, in the order in which the product counts them. A host belongs to one deployment of a product at most.
        </Text>
        <Stack gap="xs">
          {now.members.map((m, at) => (
            <MemberFields
              key={at}
              at={at}
              host={m.host}
              role={m.role}
              hostError={errors[`members[${at}].host`]}
              roleError={errors[`members[${at}].role`]}
              change={(part) => member(at, part)}
              remove={() => set({ members: now.members.filter((_, i) => i !== at) })}
            />
          ))}
          <Group>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => set({ members: [...now.members, { host: '', role: now.members.at(-1)?.role ?? 'node' }] })}
            >
              Add a member
            </Button>
          </Group>
          {errors.members && (
            <Text size="sm" className="status" data-tone="bad">
              {errors.members}
            </Text>
          )}
        </Stack>
      </fieldset>
      <Textarea
        label="Settings"
        description={
          now.product === 'pcoip-connection-manager'
            ? 'One name = value a line. location (on-premises or cloud) and securityGateway (on or off) choose the procedure.'
            : 'One name = value a line; never a secret.'
        }
        autosize
        minRows={2}
        value={now.settings}
        onChange={(e) => set({ settings: e.currentTarget.value })}
        error={settings.problem ?? Object.entries(errors).find(([field]) => field.startsWith('settings'))?.[1]}
        classNames={{ input: 'mono' }}
      />
    </FormDialog>
  );
}

interface MemberFieldsProps {
  at: number;
  host: string;
  role: string;
  hostError?: string | undefined;
  roleError?: string | undefined;
  change: (part: { host?: string; role?: string }) => void;
  remove: () => void;
}

function MemberFields({ at, host, role, hostError, roleError, change, remove }: MemberFieldsProps) {
  const [part] = useDebouncedValue(host.trim(), 200);
  const names = useHostNames(part);
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <Autocomplete
        aria-label={`Host of member ${at + 1}`}
        placeholder="Host"
        data={names.data ?? []}
        value={host}
        onChange={(value) => change({ host: value })}
        error={hostError}
        style={{ flex: 3 }}
      />
      <TextInput
        aria-label={`Role of member ${at + 1}`}
        placeholder="Role"
        value={role}
        onChange={(e) => change({ role: e.currentTarget.value })}
        error={roleError}
        style={{ flex: 2 }}
      />
      <ActionIcon variant="default" size="lg" mt={1} aria-label={`Take member ${at + 1} out`} onClick={remove}>
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

function ChangedMeanwhile({ before, now, keepMine, takeTheirs }: { before: Deployment; now: Deployment; keepMine: () => void; takeTheirs: () => void }) {
  const changes = changesOf(before, now);
  return (
    <Alert variant="outline" color="orange" className="attention" title="Somebody has changed it since you opened this">
      <Stack gap="sm">
        {changes.length === 0 ? (
          <Text size="sm">It was saved, but says the same as before.</Text>
        ) : (
          <DataTable
            caption="What changed meanwhile"
            rows={changes}
            keyOf={(c) => c.what}
            columns={[
              { header: 'What', cell: (c) => c.what },
              { header: 'When you opened this', cell: (c) => c.before },
              { header: 'Now', cell: (c) => <b>{c.now}</b> },
            ]}
          />
        )}
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={takeTheirs}>
            Begin again from what is there now
          </Button>
          <Button size="xs" variant="default" onClick={keepMine}>
            Keep what I typed, and replace theirs
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
