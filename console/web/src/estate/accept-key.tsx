import { Alert, Checkbox, Code, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { inventory } from '../api/client';
import type { Host } from '../api/types';
import { FormDialog } from '../components/form-dialog';

/** Fingerprints are compared as `SHA256:…`, however much of the command's output was pasted. */
export function sameFingerprint(pasted: string, fingerprint: string): boolean {
  return (/SHA256:[A-Za-z0-9+/]+/.exec(pasted)?.[0] ?? pasted.trim()) === fingerprint;
}

interface AcceptKeyProps {
  host: Host;
  opened: boolean;
  onClose: () => void;
  onAccepted: () => void;
}

/** A person vouches for the key that a host shows, having compared it on the host itself. */
export function AcceptKey({ host, opened, onClose, onAccepted }: AcceptKeyProps) {
  const client = useQueryClient();
  const [pasted, setPasted] = useState('');
  const [compared, setCompared] = useState(false);
  const shown = host.presentedHostKeyFingerprint ?? '';
  const replaces = host.hostKeyFingerprint;
  const other = pasted.trim() !== '' && !sameFingerprint(pasted, shown);
  const kind = (host.presentedHostKey ?? '').split(' ')[0] ?? '';

  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      title={`${replaces ? 'Accept the changed host key' : 'Accept the host key'} of ${host.name}`}
      submit={replaces ? 'Accept the changed key' : 'Accept the key'}
      danger={replaces != null}
      disabled={!compared || other || !host.presentedHostKey}
      onSubmit={async () => {
        await inventory.POST('/api/v1/hosts/{id}/host-key', { params: { path: { id: host.hostId } }, body: { hostKey: host.presentedHostKey! } });
        onAccepted();
        await client.invalidateQueries({ queryKey: ['inventory'] });
      }}
      onLeft={() => {
        setPasted('');
        setCompared(false);
      }}
    >
      {replaces && (
        <Alert variant="outline" color="red" icon={<IconAlertTriangle aria-hidden />} title="This host shows another key than before">
          It was reinstalled, another machine answers at {host.address}, or somebody stands in between. Accept the new key only if you know
          why it changed. Until then nothing is sent to this host, and no run touches it.
        </Alert>
      )}
      <dl className="pairs">
        {replaces && (
          <>
            <dt>Pinned until now</dt>
            <dd className="fingerprint was">{replaces}</dd>
          </>
        )}
        <dt>{replaces ? 'Shown now' : 'Shown by the host'}</dt>
        <dd className="fingerprint">
          {shown} {kind && <Text span c="dimmed" size="xs">({kind})</Text>}
        </dd>
        <dt>Address</dt>
        <dd>
          {host.address}:{host.port}
        </dd>
      </dl>
      <Text size="sm">
        On the host itself – at its console, not over the network – run{' '}
        <Code>for f in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $f; done</Code> and compare.
      </Text>
      <TextInput
        label="Fingerprint read on the host"
        description="Paste the line here and it is compared for you."
        placeholder="SHA256:…"
        value={pasted}
        onChange={(e) => setPasted(e.currentTarget.value)}
        error={other ? 'This is not the fingerprint that the host shows over the network. Do not accept the key.' : undefined}
        classNames={{ input: 'mono' }}
        data-autofocus
      />
      {pasted.trim() !== '' && !other && (
        <Text role="status" size="sm" className="status" data-tone="ok">
          The fingerprints are the same.
        </Text>
      )}
      <Checkbox
        label="I have compared the fingerprint on the host itself"
        checked={compared}
        onChange={(e) => setCompared(e.currentTarget.checked)}
      />
      <Text size="sm" c="dimmed">
        The key counts from now on, your name stands beside it in the audit log, and the host is probed at once.
      </Text>
    </FormDialog>
  );
}
