import { Anchor, Group, NativeSelect, SegmentedControl } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useMemo, useRef } from 'react';
import type { Run } from '../../api/types';
import { Section } from '../../components/page';
import { Empty } from '../../components/states';
import { LaneList, Lanes, marks } from '../../upgrade/lanes';
import { swimlanes, type Swimlane } from '../../upgrade/live';
import { stepState } from '../../upgrade/words';

const shown: Record<string, (lane: Swimlane) => boolean> = {
  '': () => true,
  going: (lane) => lane.stages.some((steps) => steps.some((step) => step.state === 'running' || step.state === 'waiting')),
  failed: (lane) => lane.stages.some((steps) => steps.some((step) => step.state === 'failed')),
  undone: (lane) => lane.stages.some((steps) => steps.some((step) => step.state !== 'succeeded' && step.state !== 'skipped')),
};

interface SwimlanesProps {
  run: Run;
  view: string;
  show: string;
  onView: (view: string) => void;
  onShow: (show: string) => void;
  onOpen: (stepId: string) => void;
}

/** Each host and its steps, stage by stage. */
export function Swimlanes({ run, view, show, onView, onShow, onOpen }: SwimlanesProps) {
  const before = useRef<Swimlane[]>([]);
  const lanes = useMemo(() => {
    before.current = swimlanes(run, before.current);
    return before.current;
  }, [run]);
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const as = view || (narrow ? 'list' : 'lanes');
  const visible = useMemo(() => (show ? lanes.filter(shown[show] ?? shown['']!) : lanes), [lanes, show]);
  // Stages keep their names and widths for good; lanes say what changed.
  const stages = useRef(run);
  if (stages.current.id !== run.id) stages.current = run;
  return (
    <Section
      title="Hosts and stages"
      aside={
        <Group gap="xs">
          <NativeSelect
            size="xs"
            aria-label="Which hosts to show"
            value={show}
            onChange={(e) => onShow(e.currentTarget.value)}
            data={[
              { value: '', label: `All hosts (${lanes.length})` },
              { value: 'going', label: 'Where something goes on' },
              { value: 'failed', label: 'Where something failed' },
              { value: 'undone', label: 'Not done yet' },
            ]}
          />
          <SegmentedControl
            size="xs"
            aria-label="Show as"
            value={as}
            onChange={onView}
            data={[
              { value: 'lanes', label: 'Lanes' },
              { value: 'list', label: 'List' },
            ]}
          />
        </Group>
      }
    >
      {visible.length === 0 ? (
        <Empty title="No host is like that now">
          <Anchor component="button" type="button" onClick={() => onShow('')}>
            Show all hosts
          </Anchor>
        </Empty>
      ) : as === 'list' ? (
        <LaneList run={stages.current} lanes={visible} onOpen={onOpen} />
      ) : (
        <>
          <Lanes run={stages.current} lanes={visible} onOpen={onOpen} />
          <ul className="plain legend" aria-label="What the marks mean">
            {Object.entries(marks).map(([state, mark]) => (
              <li key={state}>
                <span className="cell" data-state={state} aria-hidden>
                  {mark}
                </span>{' '}
                {stepState[state]}
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}
