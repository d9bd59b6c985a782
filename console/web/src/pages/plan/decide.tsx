import { Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { given, idOf, newKey, upgrades } from '../../api/client';
import { useMay, useSession } from '../../api/session';
import type { Plan } from '../../api/types';
import { Ask } from '../../components/ask';
import { count } from '../../components/count';
import { duration } from '../../components/time';

type Asking = 'approve' | 'reject' | 'start' | null;

/** What may be decided of it now, and by whom; what may not is shown with the sentence why. */
export function Decide({ plan }: { plan: Plan }) {
  const [asking, ask] = useState<Asking>(null);
  const [key, setKey] = useState(newKey);
  const { data: session } = useSession();
  const approver = useMay('approver');
  const operator = useMay('operator');
  const client = useQueryClient();
  const navigate = useNavigate();
  const own = session?.subject === plan.plannedBy;
  const path = { params: { path: { id: plan.id } } };
  const refresh = () => client.invalidateQueries({ queryKey: ['upgrades'] });

  if (plan.runId) {
    return (
      <Button component={Link} to={`/runs/${plan.runId}`}>
        See the run
      </Button>
    );
  }
  if (plan.status === 'rejected' || plan.status === 'drifted') {
    return (
      operator && (
        <Button component={Link} to={`/plans?deployment=${plan.deploymentId}&new=1`} variant="default">
          Plan again
        </Button>
      )
    );
  }
  const why =
    plan.status === 'planned'
      ? !approver
        ? 'Somebody with the role approver decides about it.'
        : own
          ? 'You made this plan: another person has to approve it.'
          : null
      : !operator
        ? 'Somebody with the role operator starts it.'
        : null;
  return (
    <Stack gap={4} align="flex-end" className="decide">
      <Group gap="xs">
        {plan.status === 'planned' ? (
          <>
            <Button variant="default" disabled={!approver} onClick={() => ask('reject')}>
              {own ? 'Take back' : 'Reject'}
            </Button>
            <Button disabled={why !== null} onClick={() => ask('approve')} aria-describedby={why ? 'why-not' : undefined}>
              Approve
            </Button>
          </>
        ) : (
          <Button
            disabled={why !== null}
            aria-describedby={why ? 'why-not' : undefined}
            onClick={() => {
              setKey(newKey());
              ask('start');
            }}
          >
            Start run
          </Button>
        )}
      </Group>
      {why && (
        <Text size="sm" c="dimmed" id="why-not">
          {why}
        </Text>
      )}
      <Ask
        opened={asking === 'approve'}
        onClose={() => ask(null)}
        title={`Approve the upgrade of ${plan.deployment}`}
        reason="Comment"
        reasonOptional
        confirm="Approve"
        onConfirm={(comment) =>
          upgrades.POST('/api/v1/plans/{id}/approval', { ...path, body: { hash: plan.hash, ...given({ comment }) } }).finally(refresh)
        }
      >
        <p>
          {plan.plannedBy}’s plan brings {count(plan.nodes, 'host')} of {plan.deployment} from {plan.fromVersion} to {plan.targetVersion}. Your word is for exactly the text with the hash{' '}
          <span className="mono">{plan.hash.slice(0, 16)}…</span>; an operator may start it then.
        </p>
        {plan.interlocks.some((each) => ['blocks', 'wants-word'].includes(each.weight)) && <p>Interlocks still hold it back: it cannot be started before they are cleared.</p>}
      </Ask>
      <Ask
        opened={asking === 'reject'}
        onClose={() => ask(null)}
        title={own ? 'Take your plan back' : `Reject the upgrade of ${plan.deployment}`}
        reason="Reason"
        confirm={own ? 'Take back' : 'Reject'}
        danger
        onConfirm={(reason) => upgrades.POST('/api/v1/plans/{id}/rejection', { ...path, body: { hash: plan.hash, reason } }).finally(refresh)}
      >
        It can never be started after that; a new plan can be made.
      </Ask>
      <Ask
        opened={asking === 'start'}
        onClose={() => ask(null)}
        title={`Start the upgrade of ${plan.deployment}`}
        confirm="Start run"
        onConfirm={() =>
          upgrades
            .POST('/api/v1/runs', { headers: { 'Idempotency-Key': key }, body: { planId: plan.id } })
            .then(({ response }) => navigate(`/runs/${idOf(response)}`))
            .finally(() => void refresh())
        }
      >
        <p>
          From now on hosts are changed: {count(plan.nodes, 'host')} from {plan.fromVersion} to {plan.targetVersion}, for about {duration(plan.expectedSeconds)}, {duration(plan.maximumSeconds)} at most.
        </p>
        <p>The estate is compared with the plan, and the interlocks are checked, once more before anything is done.</p>
      </Ask>
    </Stack>
  );
}
