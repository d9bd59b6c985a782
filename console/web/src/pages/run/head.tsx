import { Progress, Text, VisuallyHidden } from '@mantine/core';
import type { Run } from '../../api/types';
import { Fact } from '../../components/facts';
import { duration, Time } from '../../components/time';
import { tally } from '../../upgrade/live';
import { Since } from '../../upgrade/step-panel';
import { runStatus } from '../../upgrade/words';

/** How far a run is. */
export function Head({ run, expected, maximum }: { run: Run; expected: number | undefined; maximum: number | undefined }) {
  const sum = tally(run);
  const part = (n: number) => (100 * n) / Math.max(1, sum.steps);
  return (
    <section className="surface" aria-label="Progress">
      <VisuallyHidden role="status">
        {run.updatedNodes} of {run.nodes} hosts updated. {runStatus[run.status] ?? run.status}.
      </VisuallyHidden>
      <dl className="facts run-facts">
        <Fact name="Hosts updated" big>
          {run.updatedNodes} of {run.nodes}
        </Fact>
        <Fact name="Steps done" big>
          {sum.done} of {sum.steps}
        </Fact>
        <Fact name="Under way">
          {sum.running} running, {sum.waiting} waiting for a person, {sum.failed} failed
        </Fact>
        <Fact name={run.endedAt ? 'Took' : 'For'}>
          {run.startedAt ? run.endedAt ? duration((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000) : <Since at={run.startedAt} /> : 'not begun'}
          {expected !== undefined && maximum !== undefined && (
            <Text span size="sm" c="dimmed">
              {' '}
              (expected {duration(expected)}, at most {duration(maximum)})
            </Text>
          )}
        </Fact>
        <Fact name={run.endedAt ? 'Ended' : 'Started'}>
          <Time at={run.endedAt ?? run.startedAt} />
        </Fact>
      </dl>
      <Progress.Root size="lg" mt="sm" aria-hidden>
        <Progress.Section value={part(sum.done)} color="var(--tone-ok)" />
        <Progress.Section value={part(sum.running)} color="var(--tone-run)" />
        <Progress.Section value={part(sum.waiting)} color="var(--tone-wait)" />
        <Progress.Section value={part(sum.failed)} color="var(--tone-bad)" />
      </Progress.Root>
    </section>
  );
}
