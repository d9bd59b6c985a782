import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Plan } from '../../api/types';
import { Section } from '../../components/page';
import { TextLink } from '../../components/text-link';
import { Time } from '../../components/time';
import { interlockTitle } from '../../upgrade/interlocks';

/** Who said what about it, and when. */
export function History({ plan }: { plan: Plan }) {
  const lines: { at: string; what: ReactNode }[] = [
    { at: plan.plannedAt, what: <>{plan.plannedBy} made the plan.</> },
    ...plan.acknowledgements.map((word) => ({
      at: word.at,
      what: (
        <>
          {word.by} acknowledged ‘{interlockTitle(word.interlock)}’ for {word.subjects.length === 1 ? word.subjects[0] : `${word.subjects.length} of them`}: {word.reason}
        </>
      ),
    })),
  ];
  if (plan.decidedAt) {
    lines.push({
      at: plan.decidedAt,
      what: (
        <>
          {plan.decidedBy} {plan.status === 'rejected' ? 'rejected' : 'approved'} it{plan.comment ? `: ${plan.comment}` : '.'}
        </>
      ),
    });
  }
  lines.sort((a, b) => a.at.localeCompare(b.at));
  return (
    <Section title="History">
      <ol className="plain timeline">
        {lines.map((line, i) => (
          <li key={i}>
            <Text span size="sm" c="dimmed">
              <Time at={line.at} />
            </Text>{' '}
            <Text span size="sm">
              {line.what}
            </Text>
          </li>
        ))}
        {plan.status === 'drifted' && (
          <li>
            <Text size="sm">Somebody wanted to start it, and the estate had changed: it cannot be started any more.</Text>
          </li>
        )}
        {plan.runId && (
          <li>
            <Text size="sm">
              It was started: <TextLink to={`/runs/${plan.runId}`}>see the run</TextLink>.
            </Text>
          </li>
        )}
      </ol>
    </Section>
  );
}
