import { Button, CopyButton, Group } from '@mantine/core';
import type { Plan } from '../../api/types';
import { Fact } from '../../components/facts';
import { Section } from '../../components/page';
import { TextLink } from '../../components/text-link';
import { duration } from '../../components/time';
import { stepsOf, type PlanContent } from '../../upgrade/content';
import { Forecast } from '../../upgrade/stages';
import { InBothZones } from '../../upgrade/window';

/** The plan in figures. */
export function InShort({ plan, content }: { plan: Plan; content: PlanContent }) {
  const { limits, window } = content;
  return (
    <Section title="In short">
      <dl className="facts">
        <Fact name="Deployment">
          <TextLink to={`/deployments/${plan.deploymentId}`}>{plan.deployment}</TextLink>
        </Fact>
        <Fact name="Hosts">
          {plan.nodes}, {limits.concurrency === 1 ? 'one after another' : `up to ${limits.concurrency} at once`}
          {limits.canary > 0 && `; ${limits.canary} as canary first`}
          {limits.failureThreshold !== undefined && `; stops at ${limits.failureThreshold} failed`}
        </Fact>
        <Fact name="Steps">
          {stepsOf(content).length} in {content.stages.length} stages
        </Fact>
        <Fact name="Expected">{duration(plan.expectedSeconds)}</Fact>
        <Fact name="At most">{duration(plan.maximumSeconds)}</Fact>
        <Fact name="By past runs">
          <Forecast forecast={plan.forecast} />
        </Fact>
        <Fact name="Maintenance window">
          {window ? (
            <InBothZones start={new Date(window.start)} end={new Date(window.end)} zone={window.zone} />
          ) : (
            'None: may be started at any time'
          )}
        </Fact>
        <Fact name="Hash">
          <Group gap="xs" wrap="nowrap">
            <span className="mono" title={plan.hash}>
              {plan.hash.slice(0, 16)}…
            </span>
            <CopyButton value={plan.hash}>
              {({ copied, copy }) => (
                <Button size="compact-xs" variant="default" onClick={copy} aria-label="Copy the plan’s hash">
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
          </Group>
        </Fact>
      </dl>
    </Section>
  );
}
