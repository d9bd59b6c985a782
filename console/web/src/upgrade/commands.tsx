import { Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { upgrades } from '../api/client';
import { useMay, type Role } from '../api/session';
import type { Run } from '../api/types';
import { Ask } from '../components/ask';
import { Clauses } from '../components/clause';
import type { PlanContent } from './content';
import { abortMeans, pauseMeans, resumeMeans, retryMeans, skipMeans, type Meaning } from './meaning';
import { Time } from '../components/time';
import { OVER, type RunStep } from './live';

type Verb = 'pause' | 'resume' | 'abort';

const labels: Record<Verb, string> = { pause: 'Pause', resume: 'Resume', abort: 'Abort' };

/** What an operator may want of the run as a whole, each with what it will mean now. */
export function Steering({ run, plan }: { run: Run; plan: PlanContent }) {
  const [asking, ask] = useState<Verb | null>(null);
  const client = useQueryClient();
  const operator = useMay('operator');
  if (OVER.includes(run.status)) return null;
  const now = new Date();
  const verbs: [Verb, Meaning][] = [
    run.status === 'paused' || run.status === 'pausing' ? ['resume', resumeMeans(run, plan, now)] : ['pause', pauseMeans(run, plan)],
    ['abort', abortMeans(run, plan)],
  ];
  const refused = verbs.filter(([, meaning]) => !meaning.may);
  return (
    <div className="decide">
      <Group gap="xs" justify="flex-end">
        {verbs.map(([verb, meaning]) => (
          <Button
            key={verb}
            variant={verb === 'resume' ? 'filled' : 'default'}
            disabled={!operator || !meaning.may}
            aria-describedby={!operator || !meaning.may ? 'why-no-command' : undefined}
            onClick={() => ask(verb)}
          >
            {labels[verb]}
          </Button>
        ))}
      </Group>
      <Text size="xs" c="dimmed" id="why-no-command" ta="right" maw={480} ml="auto">
        {!operator ? 'Somebody with the role operator pauses, resumes or aborts it.' : refused.map(([verb, meaning]) => `${labels[verb]}: ${meaning.sentence}`).join(' ')}
      </Text>
      {verbs.map(([verb, meaning]) => (
        <Ask
          key={verb}
          opened={asking === verb}
          onClose={() => ask(null)}
          title={`${labels[verb]} the upgrade of ${run.deployment}`}
          reason="Reason"
          confirm={labels[verb]}
          danger={verb === 'abort'}
          onConfirm={async (reason) => {
            try {
              await upgrades.POST('/api/v1/runs/{id}/{verb}', { params: { path: { id: run.id, verb } }, body: { reason } });
            } finally {
              void client.invalidateQueries({ queryKey: ['upgrades', 'run', run.id] });
            }
          }}
        >
          {meaning.sentence}
        </Ask>
      ))}
    </div>
  );
}

/** Retry or skip a failed step. */
export function Repair({ run, step, plan }: { run: Run; step: RunStep; plan: PlanContent }) {
  const [asking, ask] = useState<'retry' | 'skip' | null>(null);
  const client = useQueryClient();
  const operator = useMay('operator');
  const now = new Date();
  const meanings = { retry: retryMeans(run, step, plan, now), skip: skipMeans(run, step, plan, now) };
  const why = !operator
    ? 'Somebody with the role operator retries or skips it.'
    : [...new Set(Object.values(meanings).filter((m) => !m.may).map((m) => m.sentence))].join(' ');
  return (
    <div>
      <Group gap="xs">
        <Button size="xs" disabled={!operator || !meanings.retry.may} onClick={() => ask('retry')} aria-label={`Retry: ${step.title}`}>
          Retry
        </Button>
        <Button size="xs" variant="default" disabled={!operator || !meanings.skip.may} onClick={() => ask('skip')} aria-label={`Skip: ${step.title}`}>
          Skip
        </Button>
      </Group>
      {why && (
        <Text size="xs" c="dimmed">
          {why}
        </Text>
      )}
      {(['retry', 'skip'] as const).map((verb) => (
        <Ask
          key={verb}
          opened={asking === verb}
          onClose={() => ask(null)}
          title={`${verb === 'retry' ? 'Retry' : 'Skip'}: ${step.title}`}
          reason="Reason"
          confirm={verb === 'retry' ? 'Retry' : 'Skip'}
          danger={verb === 'skip'}
          onConfirm={async (reason) => {
            try {
              await upgrades.POST('/api/v1/runs/{id}/steps/{stepId}/{verb}', { params: { path: { id: run.id, stepId: step.stepId, verb } }, body: { reason } });
            } finally {
              void client.invalidateQueries({ queryKey: ['upgrades', 'run', run.id] });
            }
          }}
        >
          {meanings[verb].sentence}
        </Ask>
      ))}
    </div>
  );
}

/** A gate that is open: exactly what to do, who may answer, and the answer. */
export function GateCard({ run, step, host }: { run: Run; step: RunStep; host: string }) {
  const [asking, ask] = useState<'confirm' | 'refuse' | null>(null);
  const client = useQueryClient();
  const role = (step.gate?.role ?? 'operator') as Role;
  const may = useMay(role);
  if (!step.gate) return null;
  return (
    <div className="finding" data-tone="wait">
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <Text component="h3" fw={650} size="sm">
            {step.title}
          </Text>
          <Clauses ids={step.clauses} />
        </Group>
        <Text size="sm" c="dimmed">
          {host}
          {step.since && (
            <>
              , open since <Time at={step.since} as="ago" />
            </>
          )}
        </Text>
      </Group>
      <Text size="sm">{step.gate.question}</Text>
      <Group gap="xs">
        <Button size="xs" disabled={!may} onClick={() => ask('confirm')} aria-label={`Confirm: ${step.title}`}>
          Confirm
        </Button>
        <Button size="xs" variant="default" disabled={!may} onClick={() => ask('refuse')} aria-label={`Refuse: ${step.title}`}>
          Refuse
        </Button>
        <Text size="xs" c="dimmed">
          {may ? `Answered by somebody with the role ${role}: you may.` : `Somebody with the role ${role} answers this.`}
        </Text>
      </Group>
      {(['confirm', 'refuse'] as const).map((answer) => (
        <Ask
          key={answer}
          opened={asking === answer}
          onClose={() => ask(null)}
          title={`${answer === 'confirm' ? 'Confirm' : 'Refuse'}: ${step.title}`}
          reason={answer === 'confirm' ? 'What was done or seen' : 'Why not'}
          confirm={answer === 'confirm' ? 'Confirm' : 'Refuse'}
          danger={answer === 'refuse'}
          onConfirm={async (comment) => {
            try {
              await upgrades.POST('/api/v1/runs/{id}/gates/{stepId}', {
                params: { path: { id: run.id, stepId: step.stepId } },
                body: { confirmed: answer === 'confirm', comment },
              });
            } finally {
              void client.invalidateQueries({ queryKey: ['upgrades', 'run', run.id] });
            }
          }}
        >
          <p>{step.gate?.question}</p>
          <p>{answer === 'confirm' ? 'Confirmed, the run goes on from here.' : 'Refused, the step counts as failed: it can be retried once the cause is gone.'}</p>
        </Ask>
      ))}
    </div>
  );
}
