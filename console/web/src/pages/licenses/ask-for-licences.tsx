import { Alert, NativeSelect, NumberInput, Radio, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { licenses, newKey } from '../../api/client';
import type { Pool } from '../../api/types';
import { Clause } from '../../components/clause';
import { FormDialog } from '../../components/form-dialog';

interface AskProps {
  opened: boolean;
  onClose: () => void;
  pools: readonly Pool[];
  servers: readonly { licenseServerId: string; name: string; kind: string; retiredAt?: string | null }[];
}

const empty = { pool: '', server: '', total: '' as number | string, way: '' };

/** Sets how many licences of a purchase are on a server: at once where Interlock allots them, by files where somebody else does. */
export function AskForLicences({ opened, onClose, pools, servers }: AskProps) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [form, setForm] = useState(empty);
  const key = useRef(newKey());
  const set = (change: Partial<typeof empty>) => setForm((before) => ({ ...before, ...change }));

  const pool = pools.find((p) => p.activationCode === form.pool);
  const server = servers.find((s) => s.licenseServerId === form.server);
  const before = pool?.activations.find((held) => held.licenseServerId === form.server)?.total ?? 0;
  const onlyByFiles = pool?.authority != null || server?.kind === 'flexnet';
  const onlyDirectly = !onlyByFiles && (pool?.active ?? 0) > 0;
  const way = onlyByFiles ? 'files' : onlyDirectly ? 'here' : form.way;
  const total = form.total === '' ? undefined : Number(form.total);
  const change = total === undefined ? 0 : total - before;

  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      onLeft={() => {
        setForm(empty);
        key.current = newKey();
      }}
      title="Ask for licences"
      submit={way === 'files' ? 'Make the request' : 'Activate'}
      disabled={!pool || !server || total === undefined || !way}
      onSubmit={async () => {
        if (way === 'files') {
          const made = await licenses.POST('/api/v1/license-servers/{id}/activation-requests', {
            params: { path: { id: form.server } },
            body: { activationCode: form.pool, total: total! },
            headers: { 'Idempotency-Key': key.current },
          });
          await client.invalidateQueries({ queryKey: ['activation-requests'] });
          await navigate(`/licenses/requests/${(made.data as unknown as { requestId: string }).requestId}`);
        } else {
          await licenses.PUT('/api/v1/pools/{code}/activations/{serverId}', {
            params: { path: { code: form.pool, serverId: form.server } },
            body: { total: total! },
          });
          notifications.show({ message: `${total} licences are active on ${server?.name}.` });
        }
        await client.invalidateQueries({ queryKey: ['pools'] });
      }}
    >
      <NativeSelect label="Purchase" required value={form.pool} onChange={(e) => set({ pool: e.currentTarget.value })} data-autofocus>
        <option value="">Choose one</option>
        {pools.map((p) => (
          <option key={p.activationCode} value={p.activationCode}>
            {p.activationCode}: {p.available} of {p.seats} free
          </option>
        ))}
      </NativeSelect>
      <NativeSelect label="License server" required value={form.server} onChange={(e) => set({ server: e.currentTarget.value })}>
        <option value="">Choose one</option>
        {servers
          .filter((s) => !s.retiredAt)
          .map((s) => (
            <option key={s.licenseServerId} value={s.licenseServerId}>
              {s.name} ({s.kind})
            </option>
          ))}
      </NativeSelect>
      <NumberInput
        label="Licences in total on this server"
        description="The whole number, not an addition: a lower one returns the difference, 0 returns all."
        required
        min={0}
        allowDecimal={false}
        value={form.total}
        onChange={(value) => set({ total: value })}
      />
      {pool && server && total !== undefined && (
        <Text size="sm" role="status">
          {change === 0
            ? `It has ${before} now: nothing would change.`
            : change > 0
              ? `It has ${before} now: ${change} more.`
              : `It has ${before} now: ${-change} are returned, and carry no session from the request on.`}{' '}
          <Clause id="L14" />
        </Text>
      )}
      {pool && server && (
        <Radio.Group label="Who allots them" value={way} onChange={(value) => set({ way: value })}>
          <Stack gap="xs" mt="xs">
            <Radio value="here" disabled={onlyByFiles} label="Interlock, at once" />
            <Radio value="files" disabled={onlyDirectly} label="A vendor’s portal or an authority, by files that somebody carries" />
          </Stack>
        </Radio.Group>
      )}
      {onlyByFiles && (
        <Alert variant="outline" color="blue">
          {pool?.authority ? `The authority ${pool.authority} allots this purchase` : 'This server is given its licences by the vendor’s portal'}, so a
          request is made that you carry there.
        </Alert>
      )}
    </FormDialog>
  );
}
