import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconClipboardList } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { inventory, upgrades } from '../api/client';
import { CALM } from '../api/queries';
import { useMay } from '../api/session';
import type { Deployment, Host } from '../api/types';
import { Ask } from '../components/ask';
import { Clause } from '../components/clause';
import { Page, Section } from '../components/page';
import { Empty, Of } from '../components/states';
import { Status } from '../components/status';
import { DataTable } from '../components/table';
import { TextLink } from '../components/text-link';
import { Time } from '../components/time';
import { DeploymentDialog } from '../estate/deployment-dialog';
import '../estate/estate.css';
import { HostState, Locked } from '../estate/host-state';
import { useDeployment, useHosts, useLocks } from '../estate/queries';
import { count, millis, productTitle } from '../estate/words';

/** One deployment: its members and what they run, what was found out about it, and what was done to it. */
export function DeploymentPage() {
  const { id = '' } = useParams();
  const query = useDeployment(id);
  const operator = useMay('operator');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'change' | 'retire' | null>(null);
  const deployment = query.data?.value;

  return (
    <Page
      title={deployment?.name ?? 'Deployment'}
      intro={
        deployment && (
          <>
            {productTitle(deployment.product)}, {count(deployment.members.length, 'member')}
            {deployment.retired && ', retired'}
          </>
        )
      }
      actions={
        operator &&
        deployment &&
        !deployment.retired && (
          <>
            <Button component={Link} to={`/plans?deployment=${id}&new=1`} leftSection={<IconClipboardList size={16} aria-hidden />}>
              Plan an upgrade
            </Button>
            <Button variant="default" onClick={() => setOpen('change')}>
              Change
            </Button>
            <Button variant="default" onClick={() => setOpen('retire')}>
              Retire
            </Button>
          </>
        )
      }
    >
      <Of query={query} what="facts of the deployment" rows={10}>
        {({ value }) => <Details of={value} />}
      </Of>
      {query.data && deployment && (
        <>
          <DeploymentDialog opened={open === 'change'} onClose={() => setOpen(null)} of={query.data} onDone={() => undefined} />
          <Ask
            opened={open === 'retire'}
            onClose={() => setOpen(null)}
            title={`Retire ${deployment.name}`}
            reason="Reason"
            reasonMost={500}
            confirm="Retire the deployment"
            danger
            onConfirm={async (reason) => {
              await inventory.POST('/api/v1/deployments/{id}/retirement', { params: { path: { id } }, body: { reason } });
              await client.invalidateQueries({ queryKey: ['inventory'] });
              void navigate('/deployments');
            }}
          >
            It is taken out of the inventory: no upgrade can be planned for it any more. Its hosts stay, and may join another deployment.
          </Ask>
        </>
      )}
    </Page>
  );
}

function Details({ of }: { of: Deployment }) {
  const hosts = useHosts(of.members.map((m) => m.hostId));
  const locks = useLocks();
  const locked = new Map((locks.data ?? []).map((lock) => [lock.hostId, lock.step]));
  const version = (host: Host | undefined) => host?.components.find((c) => c.product === of.product);
  const versions = [...new Set(of.members.map((m) => version(hosts.get(m.hostId))?.version).filter((v) => v !== undefined))];

  return (
    <Stack gap="md">
      {of.clockSkew && (
        <Alert variant="outline" color="red" icon={<IconAlertTriangle aria-hidden />} title="Its members’ clocks are too far apart">
          <Stack gap="xs">
            <Text size="sm">
              <TextLink to={`/hosts/${of.clockSkew.hostId}`}>{of.clockSkew.host}</TextLink>{' '}
              is {millis(of.clockSkew.apartMillis)} (± {millis(of.clockSkew.errorMillis)}) ahead of{' '}
              <TextLink to={`/hosts/${of.clockSkew.otherHostId}`}>{of.clockSkew.otherHost}</TextLink>; {millis(of.clockSkew.limitMillis)} are allowed. Found <Time at={of.clockSkew.since} as="ago" />. <Clause id="G5" />
            </Text>
            <Text size="sm" fw={600}>
              {of.clockSkew.next}
            </Text>
          </Stack>
        </Alert>
      )}
      <Section
        title="Members"
        aside={
          <Text size="sm" c="dimmed">
            {versions.length === 0 ? 'No version is known yet' : versions.length === 1 ? `All run ${versions[0]}` : `Versions differ: ${versions.join(', ')}`}
          </Text>
        }
      >
        {of.members.length === 0 ? (
          <Empty title="It has no members">Change it and add the hosts that it runs on.</Empty>
        ) : (
          <DataTable
            caption="Members in their order"
            rows={of.members}
            keyOf={(m) => m.hostId}
            columns={[
              {
                header: 'Host',
                cell: (m) => (
                  <Anchor component={Link} to={`/hosts/${m.hostId}`} fw={600}>
                    {m.host || m.hostId}
                  </Anchor>
                ),
              },
              { header: 'Role', cell: (m) => m.role },
              {
                header: 'Version',
                cell: (m) => {
                  const found = version(hosts.get(m.hostId));
                  return found ? (
                    <>
                      <b>{found.version}</b> {found.variant !== m.role && <Text span size="sm" c="dimmed">{found.variant}</Text>}
                    </>
                  ) : (
                    '–'
                  );
                },
              },
              {
                header: 'Status',
                cell: (m) => {
                  const host = hosts.get(m.hostId);
                  return (
                    <Group gap="xs" mih={24}>
                      {host ? <HostState host={host} /> : '…'}
                      {locked.has(m.hostId) && <Locked step={locked.get(m.hostId)!} />}
                    </Group>
                  );
                },
              },
              { header: 'Last seen', cell: (m) => <Time at={hosts.get(m.hostId)?.seenAt} as="ago" /> },
            ]}
          />
        )}
      </Section>
      <div className="columns">
        <Section title="Settings">
          {Object.keys(of.settings).length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing is set.
            </Text>
          ) : (
            <dl className="pairs">
              {Object.entries(of.settings)
                .sort(([a], [b]) => a.localeCompare(b))
                .map(([name, value]) => [<dt key={`${name} name`}>{name}</dt>, <dd key={`${name} value`}>{value}</dd>])}
            </dl>
          )}
        </Section>
        {of.registrations && <Registrations of={of} registrations={of.registrations} />}
      </div>
      <Plans id={of.deploymentId} />
      <Runs id={of.deploymentId} />
    </Stack>
  );
}

/** What the product itself counts among its servers, and what of it does not exist (G2). */
function Registrations({ of, registrations }: { of: Deployment; registrations: NonNullable<Deployment['registrations']> }) {
  const orphans = of.orphans ?? [];
  return (
    <Section title="Registrations" aside={<Clause id="G2" />}>
      <Stack gap="sm">
        <Text size="sm">
          {registrations.state === 'compared' && orphans.length === 0 && <Status word="ok" tone="ok" label="Everything registered is a member" />}
          {orphans.length > 0 && <Status word="orphans" tone="bad" label={`${count(orphans.length, 'orphan')}: registered, but no member`} />}
          {registrations.state === 'unreadable' && <Status word="unreadable" tone="wait" label="The list could not be read" />}
          {registrations.state === 'not-yet-compared' && <Status word="new" tone="off" label="Not compared yet" />}
        </Text>
        {registrations.detail && <Text size="sm">{registrations.detail}</Text>}
        {registrations.next && (
          <Text size="sm" fw={600}>
            {registrations.next}
          </Text>
        )}
        {orphans.length > 0 && (
          <ul className="log">
            {orphans.map((orphan) => (
              <li key={`${orphan.kind} ${orphan.orphanId}`}>
                <Text size="sm" fw={600}>
                  {orphan.registeredName}{' '}
                  <Text span size="sm" c="dimmed" fw={400}>
                    {orphan.kind}
                  </Text>
                </Text>
                <Text size="sm" c="dimmed">
                  {[
                    orphan.registeredAddress && `registered at ${orphan.registeredAddress}`,
                    orphan.registeredVersion && `version ${orphan.registeredVersion}`,
                    `id ${orphan.orphanId}`,
                  ]
                    .filter(Boolean)
                    .join(', ')}
                  ; found <Time at={orphan.since} as="ago" />
                </Text>
                <Text size="sm">{orphan.next}</Text>
              </li>
            ))}
          </ul>
        )}
        {registrations.readAt && (
          <Text size="xs" c="dimmed">
            {registrations.registered ?? 0} registered, read <Time at={registrations.readAt} as="ago" /> on {registrations.readOn}
            {registrations.readBy && (
              <>
                {' '}
                by <span className="mono">{registrations.readBy}</span>
              </>
            )}
          </Text>
        )}
      </Stack>
    </Section>
  );
}

function Plans({ id }: { id: string }) {
  const plans = useQuery({
    queryKey: ['upgrades', 'plans', 'of', id],
    queryFn: async ({ signal }) => (await upgrades.GET('/api/v1/plans', { params: { query: { deploymentId: id, limit: 5 } }, signal })).data!,
    refetchInterval: CALM,
  });
  return (
    <Section
      title="Plans"
      aside={
        <Anchor component={Link} to={`/plans?deployment=${id}`} size="sm">
          All plans of it
        </Anchor>
      }
    >
      <Of query={plans} what="plans" rows={2}>
        {({ items = [] }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              No upgrade was planned for it yet.
            </Text>
          ) : (
            <DataTable
              caption="The newest plans of this deployment"
              rows={items}
              keyOf={(plan) => plan.id}
              columns={[
                {
                  header: 'Plan',
                  cell: (plan) => (
                    <Anchor component={Link} to={`/plans/${plan.id}`}>
                      {plan.fromVersion} → {plan.targetVersion}
                    </Anchor>
                  ),
                },
                { header: 'Status', cell: (plan) => <Status word={plan.status} /> },
                { header: 'Planned by', cell: (plan) => plan.plannedBy },
                { header: 'Decided by', cell: (plan) => plan.decidedBy ?? '–' },
                { header: 'Planned', cell: (plan) => <Time at={plan.plannedAt} as="ago" /> },
              ]}
            />
          )
        }
      </Of>
    </Section>
  );
}

function Runs({ id }: { id: string }) {
  const runs = useQuery({
    queryKey: ['upgrades', 'runs', 'of', id],
    queryFn: async ({ signal }) => (await upgrades.GET('/api/v1/runs', { params: { query: { deploymentId: id, limit: 5 } }, signal })).data!,
    refetchInterval: CALM,
  });
  return (
    <Section
      title="Runs"
      aside={
        <Anchor component={Link} to={`/runs?deployment=${id}`} size="sm">
          All runs of it
        </Anchor>
      }
    >
      <Of query={runs} what="runs" rows={2}>
        {({ items = [] }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing was run on it yet.
            </Text>
          ) : (
            <DataTable
              caption="The newest runs on this deployment"
              rows={items}
              keyOf={(run) => run.id}
              columns={[
                {
                  header: 'Run',
                  cell: (run) => (
                    <Anchor component={Link} to={`/runs/${run.id}`}>
                      {run.fromVersion} → {run.toVersion}
                    </Anchor>
                  ),
                },
                { header: 'Status', cell: (run) => <Status word={run.status} /> },
                { header: 'Hosts updated', number: true, cell: (run) => `${run.updatedNodes} of ${run.nodes}` },
                { header: 'Started by', cell: (run) => run.startedBy },
                { header: 'Started', cell: (run) => <Time at={run.startedAt ?? run.queuedAt} as="ago" /> },
              ]}
            />
          )
        }
      </Of>
    </Section>
  );
}
