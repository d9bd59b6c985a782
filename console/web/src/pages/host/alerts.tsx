import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconKey, IconLock } from '@tabler/icons-react';
import type { Host } from '../../api/types';
import { Clause } from '../../components/clause';
import { count } from '../../components/count';
import { TextLink } from '../../components/text-link';
import { Time } from '../../components/time';
import { useLocks } from '../../estate/queries';

/** What must be known of a host before anything else: it must not be restarted, it cannot be read, or it contradicts itself. */
export function HostAlerts({ host, operator, acceptKey }: { host: Host; operator: boolean; acceptKey: () => void }) {
  const locks = useLocks();
  const lock = locks.data?.find((each) => each.hostId === host.hostId);
  return (
    <>
      {lock && (
        <Alert variant="outline" color="orange" icon={<IconLock aria-hidden />} title="Nobody may restart this host now">
          A run is at a step that must not be cut off: {lock.step}, since <Time at={lock.since} as="ago" />. <Clause id={lock.clause} />{' '}
          <TextLink to={`/runs/${lock.runId}`}>See the run</TextLink>
        </Alert>
      )}
      {host.trouble && (
        <Alert
          variant="outline"
          color={host.trouble.reason === 'host-key-unknown' ? 'orange' : 'red'}
          icon={<IconAlertTriangle aria-hidden />}
          title={troubleTitle(host)}
        >
          <Stack gap="xs" align="flex-start">
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {host.trouble.detail}
            </Text>
            <Text size="sm" fw={600}>
              {host.presentedHostKey
                ? operator
                  ? 'Compare the fingerprint with the one on the host itself, then accept the key.'
                  : 'Ask somebody with the role operator to compare the fingerprint on the host and to accept the key.'
                : host.trouble.next}
            </Text>
            <Text size="sm" c="dimmed">
              Since <Time at={host.trouble.since} as="ago" />, {count(host.trouble.failures, 'probe')} in a row.
              {host.nextProbeAt ? (
                <>
                  {' '}
                  The next one is <Time at={host.nextProbeAt} as="ago" />.
                </>
              ) : (
                ' No other is made until a person has decided.'
              )}
            </Text>
            {host.presentedHostKey && operator && (
              <Button size="xs" variant="default" leftSection={<IconKey size={14} aria-hidden />} onClick={acceptKey}>
                Compare and accept the key
              </Button>
            )}
          </Stack>
        </Alert>
      )}
      {host.conflicts.map((conflict) => (
        <Alert key={conflict.rule} variant="outline" color="red" icon={<IconAlertTriangle aria-hidden />} title={conflict.detail}>
          {conflict.next} <Clause id={conflict.clause} />
        </Alert>
      ))}
    </>
  );
}

function troubleTitle(host: Host): string {
  switch (host.trouble?.reason) {
    case 'host-key-unknown':
      return 'Its key waits for a person’s word';
    case 'host-key-changed':
      return 'Its key has changed: nothing is sent to it';
    default:
      return 'It cannot be read';
  }
}

