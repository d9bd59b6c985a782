import { Group, Progress, Stack, Text } from '@mantine/core';
import { count } from '../../components/count';
import { Section } from '../../components/page';
import { Of } from '../../components/states';
import { Status } from '../../components/status';
import { NameLink, TextLink } from '../../components/text-link';
import { Time, useNow } from '../../components/time';
import { useActivity } from '../../estate/queries';

/** Runs that go on. Those that failed wait for somebody, and stand above. */
export function Running() {
  const activity = useActivity();
  return (
    <Section title="Runs now">
      <Of query={activity} what="runs" rows={1}>
        {({ runs }) => {
          const going = runs.filter((run) => run.status !== 'failed');
          return going.length === 0 ? (
            <Text size="sm" c="dimmed">
              No upgrade is under way. <TextLink to="/runs">See the runs before</TextLink>.
            </Text>
          ) : (
            <Stack gap="sm">
              {going.map((run) => (
                <Going key={run.id} run={run} />
              ))}
            </Stack>
          );
        }}
      </Of>
    </Section>
  );
}

function Going({ run }: { run: NonNullable<ReturnType<typeof useActivity>['data']>['runs'][number] }) {
  const begun = useNow() - Date.parse(run.startedAt ?? '') / 1000 >= 0;
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Group gap="sm">
          <NameLink to={`/runs/${run.id}`}>
            {run.deployment}: {run.fromVersion} → {run.toVersion}
          </NameLink>
          <Status word={run.status} soft />
          {run.failedNodes > 0 && <Status word="failed" label={`${count(run.failedNodes, 'host')} failed`} soft />}
        </Group>
        <Text size="sm">
          <b>
            {run.updatedNodes} of {run.nodes}
          </b>{' '}
          {run.nodes === 1 ? 'host' : 'hosts'} updated{begun ? <>, started <Time at={run.startedAt} as="ago" /></> : ''}
        </Text>
      </Group>
      <Progress.Root size="md" mt={6}>
        <Progress.Section
          value={(100 * run.updatedNodes) / Math.max(1, run.nodes)}
          color="var(--tone-run)"
          aria-label={`${run.deployment}: ${run.updatedNodes} of ${run.nodes} hosts updated`}
        />
        <Progress.Section
          value={(100 * run.failedNodes) / Math.max(1, run.nodes)}
          color="var(--tone-bad)"
          aria-label={`${run.deployment}: ${run.failedNodes} of ${run.nodes} hosts failed`}
        />
      </Progress.Root>
    </div>
  );
}
