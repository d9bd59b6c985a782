import { ActionIcon, Alert, Autocomplete, Button, Group, Select, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { idOf, inventory, type InventoryPaths } from '../api/client';
import { ProblemError } from '../api/problem';
import type { Deployment } from '../api/types';
import { useDraft } from '../components/draft';
import { FormDialog } from '../components/form-dialog';
import { DataTable } from '../components/table';
import { changesOf, contentOf, type Draft } from './changed';
import { fromLines } from './pairs';
import { fetchDeployment, useHostNames, type Tagged } from './queries';
import { products } from './words';

type DeploymentBody = InventoryPaths['/api/v1/deployments/{id}']['put']['requestBody']['content']['application/json'];

interface DeploymentDialogProps {
  opened: boolean;
  onClose: () => void;
  /** The deployment to change; a new one is registered without it. */
  of?: Tagged<Deployment>;
  onDone: (id: string) => void;
}

const draftOf = (of: Tagged<Deployment> | undefined): Draft & { from: Tagged<Deployment> | null } =>
  of ? { ...contentOf(of.value), from: of } : { from: null, name: '', product: '', members: [{ host: '', role: 'node' }], settings: '' };

/** Registers a deployment, or changes it; says what somebody else changed meanwhile. */
export function DeploymentDialog({ opened, onClose, of, onDone }: DeploymentDialogProps) {
  const client = useQueryClient();
  const { now, key, set, text, errors, forget, sending } = useDraft(draftOf(of));
  const [other, setOther] = useState<Tagged<Deployment> | null>(null);
  const { from } = now;
  const settings = fromLines(now.settings);

  const member = (at: number, part: Partial<Draft['members'][number]>) =>
    set({ members: now.members.map((m, i) => (i === at ? { ...m, ...part } : m)) });

  const send = sending(async () => {
    const body = {
      name: now.name.trim(),
      product: now.product,
      members: now.members.filter((m) => m.host.trim() !== '').map((m) => ({ host: m.host.trim(), role: m.role.trim() || 'node' })),
      settings: settings.pairs,
    };
    const id = from
      ? await change(from, body)
      : idOf((await inventory.POST('/api/v1/deployments', { body, headers: { 'Idempotency-Key': key } })).response);
    await client.invalidateQueries({ queryKey: ['inventory'] });
    onDone(id);
  });

  const change = async ({ value: { deploymentId: id }, etag }: Tagged<Deployment>, body: DeploymentBody) => {
    try {
      await inventory.PUT('/api/v1/deployments/{id}', { params: { path: { id }, header: { 'If-Match': etag } }, body });
      return id;
    } catch (e) {
      if (e instanceof ProblemError && e.problem.status === 412) setOther(await fetchDeployment(id));
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
        forget();
        setOther(null);
      }}
      disabled={settings.problem !== null || now.product === '' || other !== null}
    >
      {other && from && (
        <ChangedMeanwhile
          before={from.value}
          now={other.value}
          keepMine={() => {
            set({ from: other });
            setOther(null);
          }}
          takeTheirs={() => {
            set(draftOf(other));
            setOther(null);
          }}
        />
      )}
      <TextInput label="Name" required {...text('name')} data-autofocus />
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
        {...text('settings')}
        error={settings.problem ?? Object.entries(errors).find(([name]) => name.startsWith('settings'))?.[1]}
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
    <Group gap="xs" align="flex-start">
      <Autocomplete
        aria-label={`Host of member ${at + 1}`}
        placeholder="Host"
        data={names.data ?? []}
        value={host}
        onChange={(value) => change({ host: value })}
        error={hostError}
        style={{ flex: '3 1 14rem' }}
      />
      <TextInput
        aria-label={`Role of member ${at + 1}`}
        placeholder="Role"
        value={role}
        onChange={(e) => change({ role: e.currentTarget.value })}
        error={roleError}
        style={{ flex: '2 1 8rem' }}
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
    <Alert variant="outline" color="orange" title="Somebody has changed it since you opened this">
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
