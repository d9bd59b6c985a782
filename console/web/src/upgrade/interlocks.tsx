import { Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { upgrades } from '../api/client';
import { useMay, useSession } from '../api/session';
import type { Plan } from '../api/types';
import { Ask } from '../components/ask';
import { Clause } from '../components/clause';
import { Status, type Tone } from '../components/status';
import { Names } from './names';

export type Finding = Plan['interlocks'][number];

const weights: Record<string, { label: string; tone: Tone }> = {
  refuses: { label: 'Can never be', tone: 'bad' },
  blocks: { label: 'Holds the run back', tone: 'bad' },
  'wants-word': { label: 'Wants an approver’s word', tone: 'wait' },
  acknowledged: { label: 'Acknowledged', tone: 'ok' },
  note: { label: 'To be known', tone: 'off' },
};

const titles: Record<string, string> = {
  'one-run': 'One run a deployment',
  'maintenance-window': 'Maintenance window',
  'never-reboot': 'Hosts that must not go down',
  orphans: 'Orphans',
  clocks: 'Clocks',
  'grace-budget': 'Grace budget',
  'refused-agents': 'Agents that would be refused',
  'licenses-at-stake': 'Licences at stake',
};

export const interlockTitle = (word: string): string => titles[word] ?? word.replaceAll('-', ' ');

/** Each interlock that does not hold: what it means, why, and what to do next. */
export function Interlocks({ findings, plan }: { findings: readonly Finding[]; plan?: Plan }) {
  return (
    <ul className="plain">
      {findings.map((finding) => (
        <li key={finding.interlock} className="finding" data-tone={weights[finding.weight]?.tone ?? 'off'}>
          <Group justify="space-between" gap="xs" align="flex-start">
            <Group gap="xs">
              <Text component="h3" fw={650} size="sm">
                {interlockTitle(finding.interlock)}
              </Text>
              <Clause id={finding.clause} />
            </Group>
            <Status word={finding.weight} label={weights[finding.weight]?.label ?? finding.weight} tone={weights[finding.weight]?.tone ?? 'off'} soft />
          </Group>
          <Text size="sm">{finding.reason}</Text>
          <Text size="sm">
            <b>Next:</b> {finding.next}
          </Text>
          {finding.subjects.length > 0 && <Names names={finding.subjects} what="It is about" />}
          {plan && finding.weight === 'wants-word' && <Acknowledge finding={finding} plan={plan} />}
        </li>
      ))}
    </ul>
  );
}

/** An approver's word, bound to the plan's hash and to just this list. */
function Acknowledge({ finding, plan }: { finding: Finding; plan: Plan }) {
  const [asking, setAsking] = useState(false);
  const { data: session } = useSession();
  const approver = useMay('approver');
  const client = useQueryClient();
  const own = session?.subject === plan.plannedBy;
  const why = !approver ? 'An approver who did not make the plan can acknowledge this.' : own ? 'You made this plan: another approver has to acknowledge this.' : null;
  const title = interlockTitle(finding.interlock);
  return (
    <Stack gap={4} align="flex-start">
      <Button size="xs" variant="default" disabled={why !== null} onClick={() => setAsking(true)} aria-label={`Acknowledge: ${title}`} aria-describedby={`why-${finding.interlock}`}>
        Acknowledge…
      </Button>
      <Text size="xs" c="dimmed" id={`why-${finding.interlock}`}>
        {why ?? 'Holds for this very plan and for just this list; a longer list asks again.'}
      </Text>
      <Ask
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Acknowledge: ${title}`}
        reason="Why this may be"
        confirm="Acknowledge"
        onConfirm={async (reason) => {
          try {
            await upgrades.POST('/api/v1/plans/{id}/acknowledgements', {
              params: { path: { id: plan.id } },
              body: { hash: plan.hash, interlock: finding.interlock, subjects: [...finding.subjects], reason },
            });
          } finally {
            await client.invalidateQueries({ queryKey: ['upgrades', 'plan', plan.id] });
          }
        }}
      >
        <Stack gap="xs">
          <span>{finding.reason}</span>
          <Names names={finding.subjects} what="Your word is for" open />
        </Stack>
      </Ask>
    </Stack>
  );
}
