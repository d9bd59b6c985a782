import { Stack, Text } from '@mantine/core';
import type { Deployment } from '../../api/types';
import { Clause } from '../../components/clause';
import { count } from '../../components/count';
import { Section } from '../../components/page';
import { Status } from '../../components/status';
import { Time } from '../../components/time';

/** What the product itself counts among its servers, and what of it does not exist (G2). */
export function Registrations({ of, registrations }: { of: Deployment; registrations: NonNullable<Deployment['registrations']> }) {
  const orphans = of.orphans ?? [];
  return (
    <Section title="Registrations" aside={<Clause id="G2" />}>
      <Stack gap="sm">
        <Text size="sm">
          {registrations.state === 'compared' && orphans.length === 0 && <Status word="ok" tone="ok" label="Everything registered is a member" />}
          {orphans.length > 0 && <Status word="orphans" tone="bad" label={`${count(orphans.length, 'orphan')}: registered, but no member`} />}
          {registrations.state === 'unreadable' && <Status word="unreadable" tone="wait" label="The list could not be read" />}
          {registrations.state === 'not-yet-compared' && <Status word="new" tone="off" label="Not compared yet" />}
        </Text>
        {registrations.detail && <Text size="sm">{registrations.detail}</Text>}
        {registrations.next && (
          <Text size="sm" fw={600}>
            {registrations.next}
          </Text>
        )}
        {orphans.length > 0 && (
          <ul className="log">
            {orphans.map((orphan) => (
              <li key={`${orphan.kind} ${orphan.orphanId}`}>
                <Text size="sm" fw={600}>
                  {orphan.registeredName}{' '}
                  <Text span size="sm" c="dimmed" fw={400}>
                    {orphan.kind}
                  </Text>
                </Text>
                <Text size="sm" c="dimmed">
                  {[
                    orphan.registeredAddress && `registered at ${orphan.registeredAddress}`,
                    orphan.registeredVersion && `version ${orphan.registeredVersion}`,
                    `id ${orphan.orphanId}`,
                  ]
                    .filter(Boolean)
                    .join(', ')}
                  ; found <Time at={orphan.since} as="ago" />
                </Text>
                <Text size="sm">{orphan.next}</Text>
              </li>
            ))}
          </ul>
        )}
        {registrations.readAt && (
          <Text size="xs" c="dimmed">
            {registrations.registered ?? 0} registered, read <Time at={registrations.readAt} as="ago" /> on {registrations.readOn}
            {registrations.readBy && (
              <>
                {' '}
                by <span className="mono">{registrations.readBy}</span>
              </>
            )}
          </Text>
        )}
      </Stack>
    </Section>
  );
}
