import { Anchor, Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { Run } from '../../api/types';
import { Section } from '../../components/page';
import { Repair } from '../../upgrade/commands';
import type { PlanContent } from '../../upgrade/content';
import type { RunStep } from '../../upgrade/live';
import { Failure } from '../../upgrade/step-panel';

interface StepOfHost {
  step: RunStep;
  host: string;
}

/** The steps that stand still until somebody acts. */
export const needsAPerson = (run: Run) => {
  const gates: StepOfHost[] = [];
  const failed: StepOfHost[] = [];
  for (const stage of run.stages) {
    for (const lane of stage.lanes) {
      for (const step of lane.steps) {
        if (step.state === 'waiting') gates.push({ step, host: lane.hostName });
        else if (step.state === 'failed') failed.push({ step, host: lane.hostName });
      }
    }
  }
  return { gates, failed };
};

/** Failed steps that are told in full at once; often many have one cause. */
const FEW = 3;

interface FailedStepsProps {
  run: Run;
  plan: PlanContent | undefined;
  failed: StepOfHost[];
  onOpen: (stepId: string) => void;
}

export function FailedSteps({ run, plan, failed, onOpen }: FailedStepsProps) {
  const [all, showAll] = useState(false);
  return (
    <Section title="Failed steps">
      <ul className="plain failed">
        {(all ? failed : failed.slice(0, FEW)).map(({ step, host }) => (
          <li key={step.stepId}>
            <Anchor component="button" type="button" onClick={() => onOpen(step.stepId)} fw={600}>
              {step.title}
            </Anchor>{' '}
            <Text span size="sm" c="dimmed">
              {host}
            </Text>
            {step.failure && <Failure failure={step.failure} />}
            {plan && <Repair run={run} step={step} plan={plan} />}
          </li>
        ))}
      </ul>
      {failed.length > FEW && (
        <Button size="xs" variant="default" mt="sm" aria-expanded={all} onClick={() => showAll(!all)}>
          {all ? `Show ${FEW} only` : `Show all ${failed.length} failed steps`}
        </Button>
      )}
    </Section>
  );
}
