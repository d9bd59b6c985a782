import { Anchor, Button, CopyButton, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { newKey, upgrades } from '../api/client';
import { useMay, useSession } from '../api/session';
import type { Plan } from '../api/types';
import { Ask } from '../components/ask';

import { Page, Section } from '../components/page';
import { Loading, Of } from '../components/states';
import { Status } from '../components/status';
import { DataTable } from '../components/table';
import { duration, Time } from '../components/time';
import { contentOf, outages, stepsOf, type PlanContent } from '../upgrade/content';
import { difference, type Difference } from '../upgrade/difference';
import { Interlocks, interlockTitle } from '../upgrade/interlocks';
import { Names } from '../upgrade/names';
import { InBothZones } from '../upgrade/plan-dialog';
import { usePlan, usePlanText, useProductTitle } from '../upgrade/queries';
import { Forecast, Stages } from '../upgrade/stages';
import { planStatus } from '../upgrade/words';

/** A plan as the person reads it who has to answer for it. */
export function PlanPage() {
  const { id = '' } = useParams();
  const query = usePlan(id);
  const title = query.data ? `${query.data.deployment}: ${query.data.fromVersion} → ${query.data.targetVersion}` : 'Plan';
  const product = useProductTitle();
  return (
    <Page
      title={title}
      intro={
        query.data && (
          <Group gap="sm">
            <Status word={query.data.status} label={planStatus[query.data.status] ?? query.data.status} soft />
            <span>
              Plan of an upgrade of {product(query.data.product)}, made by {query.data.plannedBy} <Time at={query.data.plannedAt} as="ago" />
            </span>
          </Group>
        )
      }
      actions={query.data && <Decide plan={query.data} />}
    >
      <Of query={query} what="plan" rows={12}>
        {(plan) => <Whole plan={plan} />}
      </Of>
    </Page>
  );
}

function Whole({ plan }: { plan: Plan }) {
  const content = contentOf(plan);
  return (
    <Stack gap="lg">
      {plan.differences.length > 0 && (
        <Section title="Why it no longer fits">
          <ul>
            {plan.differences.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
          <Text size="sm" fw={600}>
            Make a new plan and have it approved.
          </Text>
        </Section>
      )}
      <InShort plan={plan} content={content} />
      {!plan.runId && (
        <Section title="Interlocks">
          {plan.interlocks.length === 0 ? (
            <Status word="ok" label="All interlocks hold: as things are now, nothing keeps it from starting." tone="ok" />
          ) : (
            <Interlocks findings={plan.interlocks} plan={plan} />
          )}
        </Section>
      )}
      <BlastRadius plan={plan} content={content} />
      <Section title="What will be done">
        {plan.notes.length > 0 && (
          <ul aria-label="To be known before approving">
            {plan.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        )}
        <Stages content={content} forecasts={plan.stageForecasts} />
      </Section>
      <Differences plan={plan} content={content} />
      <History plan={plan} />
    </Stack>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function InShort({ plan, content }: { plan: Plan; content: PlanContent }) {
  const { limits, window } = content;
  return (
    <Section title="In short">
      <dl className="facts">
        <Fact name="Deployment">
          <Anchor component={Link} to={`/deployments/${plan.deploymentId}`}>
            {plan.deployment}
          </Anchor>
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
        <Fact name="Maintenance window">{window ? <InBothZones start={new Date(window.start)} end={new Date(window.end)} zone={window.zone} /> : 'None: may be started at any time'}</Fact>
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

/** Who and what is touched if it is started now. */
function BlastRadius({ plan, content }: { plan: Plan; content: PlanContent }) {
  const away = outages(content);
  const { impact } = plan;
  const longest = Math.max(0, ...away.map((outage) => outage.maximum));
  const likely = Math.max(0, ...away.map((outage) => outage.expected));
  return (
    <Section title="Blast radius">
      <dl className="facts">
        <Fact name="Hosts touched">
          <Names names={content.targets.map((target) => target.name)} what={`${content.targets.length}`} />
        </Fact>
        <Fact name="Outage">
          {away.length === 0
            ? 'None: the service goes on answering.'
            : `${away.length === 1 ? away[0]?.host : `Each of ${away.length} hosts, in its turn,`} is away for about ${duration(likely)}, ${duration(longest)} at most.`}
        </Fact>
        {impact && (impact.licenseServerId || impact.agents != null) && (
          <Fact name="License server">
            <Anchor component={Link} to="/licenses" underline="always">
              {impact.licenseServer ?? impact.licenseServerId}
            </Anchor>
            {impact.outageSeconds > 0 ? ` would be away for up to ${duration(impact.outageSeconds)}` : ' stays'}
          </Fact>
        )}
        {impact && impact.agents != null && (
          <Fact name="Agents">
            {impact.agents} depend on it:{' '}
            {impact.refused === 0 && impact.outOfGrace === 0
              ? 'all would go on.'
              : [
                  impact.refused > 0 ? `${impact.refused} would be refused` : '',
                  impact.outOfGrace > 0 ? `${impact.outOfGrace} would run out of grace` : '',
                ]
                  .filter(Boolean)
                  .join(', ') + '. Their names stand at the interlocks.'}
          </Fact>
        )}
      </dl>
      <details className="names">
        <summary>The hosts as they were when this was planned</summary>
        <DataTable
          caption="Hosts of the plan"
          rows={content.targets}
          keyOf={(target) => target.hostId}
          columns={[
            {
              header: 'Host',
              cell: (target) => (
                <Anchor component={Link} to={`/hosts/${target.hostId}`}>
                  {target.name}
                </Anchor>
              ),
            },
            { header: 'Role', cell: (target) => target.role },
            { header: 'Variant', cell: (target) => target.variant },
            { header: 'Version', cell: (target) => target.version },
            { header: 'Services', cell: (target) => target.units.join(', ') || '–' },
            { header: 'Outage', cell: (target) => (away.find((o) => o.hostId === target.hostId) ? duration(away.find((o) => o.hostId === target.hostId)?.expected ?? 0) : 'none') },
          ]}
        />
      </details>
    </Section>
  );
}

function Differences({ plan, content }: { plan: Plan; content: PlanContent }) {
  const [chosen, choose] = useState<string | null>(null);
  const earlier = useQuery({
    queryKey: ['upgrades', 'plans', 'before', plan.id],
    queryFn: async ({ signal }) =>
      ((await upgrades.GET('/api/v1/plans', { params: { query: { deploymentId: plan.deploymentId, limit: 100 } }, signal })).data?.items ?? []).filter(
        (other) => other.id !== plan.id && other.plannedAt < plan.plannedAt,
      ),
    staleTime: Infinity,
  });
  const other = usePlanText(chosen ?? earlier.data?.[0]?.id);
  return (
    <Section
      title="Difference to an earlier plan"
      aside={
        earlier.data &&
        earlier.data.length > 0 && (
          <NativeSelect
            size="xs"
            w={{ base: '100%', sm: '20rem' }}
            aria-label="Earlier plan to compare with"
            value={chosen ?? earlier.data[0]?.id ?? ''}
            onChange={(e) => choose(e.currentTarget.value)}
            data={earlier.data.map((p, i) => ({ value: p.id, label: `${p.fromVersion} → ${p.targetVersion}, ${new Date(p.plannedAt).toLocaleString()}${i === 0 ? ' (the one before)' : ''}` }))}
          />
        )
      }
    >
      <Of query={earlier} what="earlier plans" rows={2}>
        {(before) => {
          if (before.length === 0) return <Text size="sm">This is the first plan of {plan.deployment}: there is nothing to compare it with.</Text>;
          if (!other.data) return <Loading what="the earlier plan" rows={3} />;
          if (other.data.hash === plan.hash) return <Text size="sm">None: the two plans have the same hash, and would do just the same.</Text>;
          return <DifferenceTable found={difference(contentOf(other.data), content)} />;
        }}
      </Of>
    </Section>
  );
}

const changes: Record<Difference['change'], string> = { added: 'New', removed: 'Gone', changed: 'Changed', moved: 'Another order' };

function DifferenceTable({ found }: { found: Difference[] }) {
  if (found.length === 0) return <Text size="sm">Nothing that is done differs.</Text>;
  const rows = found.map((each, i) => ({ ...each, key: `${i}` }));
  return (
    <DataTable
      caption={`${found.length} ${found.length === 1 ? 'difference' : 'differences'}`}
      showCaption
      rows={rows}
      keyOf={(row) => row.key}
      columns={[
        { header: 'What', cell: (row) => row.what },
        { header: 'Change', cell: (row) => changes[row.change] },
        { header: 'Then', cell: (row) => row.then ?? '–' },
        { header: 'Now', cell: (row) => row.now ?? '–' },
      ]}
    />
  );
}

function History({ plan }: { plan: Plan }) {
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
              It was started: <Anchor component={Link} to={`/runs/${plan.runId}`} underline="always">see the run</Anchor>.
            </Text>
          </li>
        )}
      </ol>
    </Section>
  );
}

type Asking = 'approve' | 'reject' | 'start' | null;

/** What may be decided of it now, and by whom; what may not is shown with the sentence why. */
function Decide({ plan }: { plan: Plan }) {
  const [asking, ask] = useState<Asking>(null);
  const [key, setKey] = useState(newKey);
  const { data: session } = useSession();
  const approver = useMay('approver');
  const operator = useMay('operator');
  const client = useQueryClient();
  const navigate = useNavigate();
  const own = session?.subject === plan.plannedBy;
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
        onConfirm={async (comment) => {
          try {
            await upgrades.POST('/api/v1/plans/{id}/approval', { params: { path: { id: plan.id } }, body: { hash: plan.hash, ...(comment ? { comment } : {}) } });
          } finally {
            await refresh();
          }
        }}
      >
        <p>
          {plan.plannedBy}’s plan brings {plan.nodes} {plan.nodes === 1 ? 'host' : 'hosts'} of {plan.deployment} from {plan.fromVersion} to {plan.targetVersion}. Your word is for exactly the text with the hash{' '}
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
        onConfirm={async (reason) => {
          try {
            await upgrades.POST('/api/v1/plans/{id}/rejection', { params: { path: { id: plan.id } }, body: { hash: plan.hash, reason } });
          } finally {
            await refresh();
          }
        }}
      >
        It can never be started after that; a new plan can be made.
      </Ask>
      <Ask
        opened={asking === 'start'}
        onClose={() => ask(null)}
        title={`Start the upgrade of ${plan.deployment}`}
        confirm="Start run"
        onConfirm={async () => {
          try {
            const { data } = await upgrades.POST('/api/v1/runs', { headers: { 'Idempotency-Key': key }, body: { planId: plan.id } });
            void navigate(`/runs/${(data as unknown as { id: string }).id}`);
          } finally {
            void refresh();
          }
        }}
      >
        <p>
          From now on hosts are changed: {plan.nodes} {plan.nodes === 1 ? 'host' : 'hosts'} from {plan.fromVersion} to {plan.targetVersion}, for about {duration(plan.expectedSeconds)}, {duration(plan.maximumSeconds)} at most.
        </p>
        <p>The estate is compared with the plan, and the interlocks are checked, once more before anything is done.</p>
      </Ask>
    </Stack>
  );
}

