import { memo, useEffect, useRef, type KeyboardEvent, type MouseEvent } from 'react';
import type { Run } from '../api/types';
import type { RunStep, Swimlane } from './live';
import { stepState } from './words';

/** A shape for each state, so that the colour is not needed. */
export const marks: Record<string, string> = { pending: '·', waiting: '?', running: '▸', succeeded: '✓', failed: '!', skipped: '–' };

/** The name by which people who do not see the cell, and the tests, know a step. */
export const stepName = (step: RunStep): string => `${step.title}: ${(stepState[step.state] ?? step.state).toLowerCase()}`;

/** From here on, lanes that are out of sight are not laid out; fewer are always there, for print and pictures, too. */
const MANY = 40;

/** As wide as its steps and the longest word of its name need; wider while there is room. */
const track = (steps: number, name: string): string => {
  const word = Math.max(...name.split(/\s/).map((part) => part.length));
  const least = Math.max(5, steps * 1.75 + 0.75, word / 2 + 0.75);
  return `minmax(${least}rem, ${Math.max(least, 9)}rem)`;
};

interface LanesProps {
  run: Run;
  lanes: readonly Swimlane[];
  onOpen: (stepId: string) => void;
}

/**
 * Hosts × stages. One stop for the tab key; arrows go from step to step, Home and End to a lane's ends, Ctrl with them to the first and
 * last. A lane of which nothing changed is not drawn again, and one that is out of sight is not laid out.
 */
export const Lanes = memo(function Lanes({ run, lanes, onOpen }: LanesProps) {
  const grid = useRef<HTMLDivElement>(null);
  const widths = run.stages.map((_, at) => Math.max(1, ...lanes.map((lane) => lane.stages[at]?.length ?? 0)));

  useEffect(() => {
    const cells = grid.current;
    if (cells && !cells.querySelector('button[tabindex="0"]')) cells.querySelector('button')?.setAttribute('tabindex', '0');
  });

  const open = (event: MouseEvent) => {
    const id = (event.target as Element).closest<HTMLElement>('[data-step]')?.dataset['step'];
    if (id) onOpen(id);
  };
  return (
    <div
      className="lanes"
      data-many={lanes.length > MANY || undefined}
      role="grid"
      aria-label="Hosts and their steps by stage"
      aria-rowcount={lanes.length + 1}
      ref={grid}
      onClick={open}
      onKeyDown={move}
      onFocus={(event) => {
        if (event.target instanceof HTMLButtonElement) stopAt(event.currentTarget, event.target);
      }}
      style={{ ['--lanes' as string]: `minmax(11.5rem, 14rem) ${widths.map((steps, at) => track(steps, run.stages[at]?.name ?? '')).join(' ')}` }}
    >
      <div role="row" className="lane lane-head">
        <div role="columnheader">Host</div>
        {run.stages.map((stage, i) => (
          <div role="columnheader" key={`${i}-${stage.name}`} title={stage.name}>
            {stage.name}
          </div>
        ))}
      </div>
      {lanes.map((lane) => (
        <LaneRow key={lane.hostId} lane={lane} />
      ))}
    </div>
  );
});

const LaneRow = memo(function LaneRow({ lane }: { lane: Swimlane }) {
  return (
    <div role="row" className="lane">
      <div role="rowheader" className="lane-host" title={lane.host}>
        {lane.host}
      </div>
      {lane.stages.map((steps, at) => (
        <div role="gridcell" key={at}>
          {steps.map((step) => (
            <Cell key={step.stepId} step={step} />
          ))}
        </div>
      ))}
    </div>
  );
});

const Cell = memo(function Cell({ step }: { step: RunStep }) {
  return (
    <button type="button" className="cell" tabIndex={-1} data-step={step.stepId} data-state={step.state} aria-label={stepName(step)} title={stepName(step)}>
      {marks[step.state] ?? '·'}
    </button>
  );
});

function stopAt(grid: Element, button: HTMLButtonElement) {
  for (const other of grid.querySelectorAll('button[tabindex="0"]')) if (other !== button) other.setAttribute('tabindex', '-1');
  button.setAttribute('tabindex', '0');
}

function move(event: KeyboardEvent<HTMLDivElement>) {
  const grid = event.currentTarget;
  const here = (event.target as Element).closest('button');
  const row = here?.closest('.lane');
  if (!here || !row) return;
  const inRow = [...row.querySelectorAll('button')];
  const at = inRow.indexOf(here);
  const beside = (by: number): HTMLButtonElement | undefined => {
    const rows = [...grid.querySelectorAll('.lane:not(.lane-head)')];
    const other = rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(row) + by))];
    const steps = [...(other?.querySelectorAll('button') ?? [])];
    return steps[Math.min(at, steps.length - 1)];
  };
  const all = () => [...grid.querySelectorAll('button')];
  const to = {
    ArrowRight: () => inRow[at + 1],
    ArrowLeft: () => inRow[at - 1],
    ArrowDown: () => beside(1),
    ArrowUp: () => beside(-1),
    PageDown: () => beside(10),
    PageUp: () => beside(-10),
    Home: () => (event.ctrlKey ? all()[0] : inRow[0]),
    End: () => (event.ctrlKey ? all().at(-1) : inRow.at(-1)),
  }[event.key];
  if (!to) return;
  event.preventDefault();
  to()?.focus();
}

/** The same as a list, for phones and for who would rather read: a host at a time. */
export const LaneList = memo(function LaneList({ run, lanes, onOpen }: LanesProps) {
  return (
    <ul className="plain lane-list" data-many={lanes.length > MANY || undefined} aria-label="Hosts and their steps">
      {lanes.map((lane) => (
        <LaneItem key={lane.hostId} lane={lane} stages={run.stages.map((stage) => stage.name).join('\n')} onOpen={onOpen} single={lanes.length === 1} />
      ))}
    </ul>
  );
});

const LaneItem = memo(function LaneItem({ lane, stages, onOpen, single }: { lane: Swimlane; stages: string; onOpen: (id: string) => void; single: boolean }) {
  const steps = lane.stages.flat();
  const done = steps.filter((step) => step.state === 'succeeded' || step.state === 'skipped').length;
  const now = steps.find((step) => step.state === 'failed') ?? steps.find((step) => step.state === 'waiting') ?? steps.find((step) => step.state === 'running');
  const names = stages.split('\n');
  return (
    <li>
      <details open={single || undefined}>
        <summary>
          <span className="lane-host">{lane.host}</span>
          <span>
            {done} of {steps.length} steps
            {now && (
              <>
                ,{' '}
                <span className="status" data-tone={toneOfState(now.state)}>
                  {marks[now.state]} {now.title}
                </span>
              </>
            )}
          </span>
        </summary>
        {lane.stages.map((of, at) =>
          of.length === 0 ? null : (
            <div key={at} className="lane-stage">
              <h4>{names[at]}</h4>
              <ol>
                {of.map((step) => (
                  <li key={step.stepId}>
                    <button type="button" className="step-line" data-state={step.state} aria-label={stepName(step)} onClick={() => onOpen(step.stepId)}>
                      <span className="cell" data-state={step.state} aria-hidden>
                        {marks[step.state]}
                      </span>
                      <span>{step.title}</span>
                      <span className="step-line-state">{stepState[step.state] ?? step.state}</span>
                    </button>
                  </li>
                ))}
              </ol>
            </div>
          ),
        )}
      </details>
    </li>
  );
});

export const toneOfState = (state: string): 'ok' | 'run' | 'wait' | 'bad' | 'off' =>
  ({ succeeded: 'ok', running: 'run', waiting: 'wait', failed: 'bad' } as const)[state as 'succeeded'] ?? 'off';
