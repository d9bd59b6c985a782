import { Button, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { agents } from '../../api/client';
import { CALM } from '../../api/queries';
import { Section } from '../../components/page';
import { Empty, Loading, Of } from '../../components/states';
import { Status } from '../../components/status';
import { DataTable } from '../../components/table';
import { NameLink, TextLink } from '../../components/text-link';
import { Time } from '../../components/time';

/** For each license server: who could not work to the end if it went away for so long from now. */
export function Coverage({ servers, loaded }: { servers: { licenseServerId: string; name: string }[]; loaded: boolean }) {
  const [hours, setHours] = useState<number | string>(2);
  const [asked] = useDebouncedValue(hours, 300);
  return (
    <Section
      title="If a license server went away now"
      aside={
        <Group gap="xs">
          <Text size="sm" component="label" htmlFor="outage-hours">
            for hours:
          </Text>
          <NumberInput id="outage-hours" w={90} size="xs" min={0} max={8760} value={hours} onChange={setHours} />
        </Group>
      }
    >
      {!loaded ? (
        <Loading what="license servers" rows={3} />
      ) : servers.length === 0 ? (
        <Empty title="No license server is known">
          <TextLink to="/licenses">Register one</TextLink>
          ; agents name theirs.
        </Empty>
      ) : (
        <Stack>
          {servers.map((server) => (
            <ServerCoverage key={server.licenseServerId} id={server.licenseServerId} name={server.name} hours={Number(asked) || 0} />
          ))}
        </Stack>
      )}
    </Section>
  );
}

const SHOWN = 20;

function ServerCoverage({ id, name, hours }: { id: string; name: string; hours: number }) {
  const [open, setOpen] = useState(false);
  const coverage = useQuery({
    queryKey: ['coverage', id, hours, open],
    queryFn: async () =>
      (
        await agents.GET('/api/v1/coverage', {
          params: {
            query: { licenseServerId: id, from: new Date().toISOString(), outageSeconds: Math.round(hours * 3600), refused: true, limit: open ? SHOWN : 1 },
          },
        })
      ).data!,
    refetchInterval: CALM,
    placeholderData: (before) => before,
  });
  return (
    <Of query={coverage} what={`coverage of ${name}`} rows={1}>
      {(found) => (
        <div>
          <Group justify="space-between">
            <div>
              <Text fw={600}>{name}</Text>
              <Text size="sm" c="dimmed">
                {found.agents === 0
                  ? 'No agent depends on it.'
                  : `${found.agents - found.runOut} of ${found.agents} agents work on to the end.`}{' '}
                {found.coveredUntil && (
                  <>
                    The first runs out of grace <Time at={found.coveredUntil} as="ago" />.
                  </>
                )}
              </Text>
            </div>
            {found.runOut > 0 ? (
              <Group gap="xs">
                <Status word="refused" tone="bad" label={`${found.runOut} would be refused`} soft />
                <Button size="xs" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
                  {open ? 'Hide them' : 'Who'}
                </Button>
              </Group>
            ) : (
              <Status word="covered" tone="ok" label="Nobody would be refused" soft />
            )}
          </Group>
          {open && found.runOut > 0 && (
            <>
              <DataTable
                caption={`Agents of ${name} that would be refused`}
                rows={found.items}
                keyOf={(agent) => agent.agentId}
                columns={[
                  {
                    header: 'Agent',
                    cell: (agent) => <NameLink to={`/agents/${agent.agentId}`}>{agent.name}</NameLink>,
                  },
                  { header: 'Because', cell: (agent) => agent.because ?? '–' },
                  { header: 'Works until', cell: (agent) => (agent.coveredUntil ? <Time at={agent.coveredUntil} /> : 'refused at once') },
                ]}
              />
              {found.runOut > found.items.length && (
                <Text size="sm" c="dimmed" mt="xs">
                  The first {found.items.length} of {found.runOut} are shown.{' '}
                  <span className="mono">
                    interlock grace coverage {name} --outage {Math.round(hours * 3600)} --refused --all
                  </span>{' '}
                  lists all.
                </Text>
              )}
            </>
          )}
        </div>
      )}
    </Of>
  );
}
