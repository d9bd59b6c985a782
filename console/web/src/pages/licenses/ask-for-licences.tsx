import { Alert, NativeSelect, NumberInput, Radio, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { idOf, licenses } from '../../api/client';
import type { Pool } from '../../api/types';
import { Clause } from '../../components/clause';
import { useDraft } from '../../components/draft';
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
  const { now: form, key, text, field, forget, sending } = useDraft(empty);

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
      onLeft={forget}
      title="Ask for licences"
      submit={way === 'files' ? 'Make the request' : 'Activate'}
      disabled={!pool || !server || total === undefined || !way}
      onSubmit={sending(async () => {
        if (way === 'files') {
          const { response } = await licenses.POST('/api/v1/license-servers/{id}/activation-requests', {
            params: { path: { id: form.server } },
            body: { activationCode: form.pool, total: total! },
            headers: { 'Idempotency-Key': key },
          });
          await client.invalidateQueries({ queryKey: ['activation-requests'] });
          await navigate(`/licenses/requests/${idOf(response)}`);
        } else {
          await licenses.PUT('/api/v1/pools/{code}/activations/{serverId}', {
            params: { path: { code: form.pool, serverId: form.server } },
            body: { total: total! },
          });
          notifications.show({ message: `${total} licences are active on ${server?.name}.` });
        }
        await client.invalidateQueries({ queryKey: ['pools'] });
      })}
    >
      <NativeSelect label="Purchase" required {...text('pool')} data-autofocus>
        <option value="">Choose one</option>
        {pools.map((p) => (
          <option key={p.activationCode} value={p.activationCode}>
            {p.activationCode}: {p.available} of {p.seats} free
          </option>
        ))}
      </NativeSelect>
      <NativeSelect label="License server" required {...text('server')}>
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
        {...field('total')}
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
        <Radio.Group label="Who allots them" {...field('way')} value={way}>
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
