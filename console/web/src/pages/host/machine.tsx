import { Badge, Group, Text } from '@mantine/core';
import type { Host } from '../../api/types';
import { Clause } from '../../components/clause';
import { Pair } from '../../components/facts';
import { Section } from '../../components/page';
import { Time } from '../../components/time';
import { bytes, millis } from '../../estate/words';

/** What was found on it. */
export function Machine({ host }: { host: Host }) {
  return (
    <Section title="Machine">
      <dl className="pairs">
        <Pair name="System">{host.osName ? `${host.osName} ${host.osVersion ?? ''}` : 'not read yet'}</Pair>
        <Pair name="Kernel">{host.facts ? `${host.facts.kernel} (${host.facts.architecture})` : '–'}</Pair>
        <Pair name="Processors">{host.facts?.cores ?? '–'}</Pair>
        <Pair name="Memory">
          {host.facts?.memoryBytes ? bytes(host.facts.memoryBytes) : '–'}
          {host.availableMemoryBytes != null && `, ${bytes(host.availableMemoryBytes)} available`}
        </Pair>
        <Pair name="Free disk">{host.freeDiskBytes == null ? '–' : bytes(host.freeDiskBytes)}</Pair>
        <Pair name="Clock">
          {host.clock ? (
            <>
              <span className={host.clock.skewed ? 'status' : undefined} data-tone={host.clock.skewed ? 'bad' : undefined}>
                {millis(host.clock.offsetMillis)} ± {millis(host.clock.errorMillis)}
              </span>{' '}
              {host.clock.skewed ? (
                <>
                  too far off <Clause id="G5" />
                  <Text size="sm" fw={600}>
                    {host.clock.next}
                  </Text>
                </>
              ) : (
                'against this service’s clock'
              )}
            </>
          ) : (
            '–'
          )}
        </Pair>
        <Pair name="Last seen">
          <Time at={host.seenAt} />
        </Pair>
        <Pair name="Last probe">
          <Time at={host.probedAt} />
        </Pair>
        <Pair name="Next probe">{host.nextProbeAt ? <Time at={host.nextProbeAt} as="ago" /> : 'when a person has decided'}</Pair>
      </dl>
    </Section>
  );
}

/** What people say of it: how it is reached. */
export function Access({ host }: { host: Host }) {
  return (
    <Section title="Access">
      <dl className="pairs">
        <Pair name="Address">
          {host.address}:{host.port}
        </Pair>
        <Pair name="User">{host.user}</Pair>
        <Pair name="Credential">{host.credential}</Pair>
        <Pair name="Host key">
          {host.hostKeyFingerprint ? <span className="fingerprint">{host.hostKeyFingerprint}</span> : 'none is accepted yet'}
          {host.presentedHostKeyFingerprint && (
            <>
              <br />
              it shows <span className="fingerprint">{host.presentedHostKeyFingerprint}</span>
            </>
          )}
        </Pair>
        <Pair name="Known since">
          <Time at={host.createdAt} />, by {host.foundBy === 'api' ? 'registration' : `import (${host.foundBy})`}
        </Pair>
        <Pair name="Labels">
          {Object.keys(host.labels).length === 0 ? (
            'none'
          ) : (
            <Group gap={6}>
              {Object.entries(host.labels)
                .sort(([a], [b]) => a.localeCompare(b))
                .map(([name, value]) => (
                  <Badge key={name} variant="default" tt="none" fw={500}>
                    {value ? `${name}: ${value}` : name}
                  </Badge>
                ))}
            </Group>
          )}
        </Pair>
      </dl>
    </Section>
  );
}
