import { Alert, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Deployment, Host } from '../../api/types';
import { Clause } from '../../components/clause';
import { Section } from '../../components/page';
import { Empty, Of } from '../../components/states';
import { DataTable } from '../../components/table';
import { NameLink, TextLink } from '../../components/text-link';
import { Time } from '../../components/time';
import { HostState, Locked } from '../../estate/host-state';
import { useLocked, useMembers } from '../../estate/queries';
import { millis } from '../../estate/words';

/** The hosts of a deployment, and what each of them runs. */
export function Members({ of }: { of: Deployment }) {
  const found = useMembers(of.deploymentId);
  const hosts = found.data ?? new Map<string, Host>();
  const locked = useLocked();
  const version = (host: Host | undefined) => host?.components.find((c) => c.product === of.product);
  const versions = [...new Set(of.members.map((m) => version(hosts.get(m.hostId))?.version).filter((v) => v !== undefined))];
  return (
    <Section
      title="Members"
      aside={
        <Text size="sm" c="dimmed">
          {versions.length === 0 ? 'No version is known yet' : versions.length === 1 ? `All run ${versions[0]}` : `Versions differ: ${versions.join(', ')}`}
        </Text>
      }
    >
      {of.members.length === 0 ? (
        <Empty title="It has no members">Change it and add the hosts that it runs on.</Empty>
      ) : (
        <Of query={{ ...found, data: hosts }} what="members">
          {() => (
            <DataTable
              caption="Members in their order"
              rows={of.members}
              keyOf={(m) => m.hostId}
              columns={[
                { header: 'Host', cell: (m) => <NameLink to={`/hosts/${m.hostId}`}>{m.host || m.hostId}</NameLink> },
                { header: 'Role', cell: (m) => m.role },
                {
                  header: 'Version',
                  cell: (m) => {
                    const component = version(hosts.get(m.hostId));
                    return component ? (
                      <>
                        <b>{component.version}</b> {component.variant !== m.role && <Text span size="sm" c="dimmed">{component.variant}</Text>}
                      </>
                    ) : (
                      '–'
                    );
                  },
                },
                {
                  header: 'Status',
                  cell: (m) => {
                    const host = hosts.get(m.hostId);
                    return (
                      <Group gap="xs" mih={24}>
                        {host ? <HostState host={host} /> : found.isLoading ? '…' : '–'}
                        <Locked step={locked.get(m.hostId)} />
                      </Group>
                    );
                  },
                },
                { header: 'Last seen', cell: (m) => <Time at={hosts.get(m.hostId)?.seenAt} as="ago" /> },
              ]}
            />
          )}
        </Of>
      )}
    </Section>
  );
}

/** G5: the members' clocks against each other. */
export function ClockSkew({ skew }: { skew: NonNullable<Deployment['clockSkew']> }) {
  return (
    <Alert variant="outline" color="red" icon={<IconAlertTriangle aria-hidden />} title="Its members’ clocks are too far apart">
      <Stack gap="xs">
        <Text size="sm">
          <TextLink to={`/hosts/${skew.hostId}`}>{skew.host}</TextLink>{' '}
          is {millis(skew.apartMillis)} (± {millis(skew.errorMillis)}) ahead of{' '}
          <TextLink to={`/hosts/${skew.otherHostId}`}>{skew.otherHost}</TextLink>; {millis(skew.limitMillis)} are allowed. Found <Time at={skew.since} as="ago" />. <Clause id="G5" />
        </Text>
        <Text size="sm" fw={600}>
          {skew.next}
        </Text>
      </Stack>
    </Alert>
  );
}
