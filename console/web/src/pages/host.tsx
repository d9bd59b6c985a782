import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconKey, IconLock, IconRadar2 } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useParams } from 'react-router';
import { inventory } from '../api/client';
import { useMay } from '../api/session';
import type { Host } from '../api/types';
import { Ask } from '../components/ask';
import { Clause } from '../components/clause';
import { More } from '../components/more';
import { Page, Section } from '../components/page';
import { usePaged } from '../components/paged';
import { Empty, Of, ProblemAlert } from '../components/states';
import { DataTable } from '../components/table';
import { TextLink } from '../components/text-link';
import { Time } from '../components/time';
import { AcceptKey } from '../estate/accept-key';
import '../estate/estate.css';
import { HostDialog } from '../estate/host-dialog';
import { HostState } from '../estate/host-state';
import { useHost, useLocks } from '../estate/queries';
import { bytes, count, millis, productTitle } from '../estate/words';

/** One host: what people say of it, what was found on it and when, and what it needs. */
export function HostPage() {
  const { id = '' } = useParams();
  const client = useQueryClient();
  const operator = useMay('operator');
  const [open, setOpen] = useState<'key' | 'change' | 'retire' | null>(null);
  // the end of the last probe when another was asked for: once that changes, the answer is there
  const [asked, setAsked] = useState<{ before: string | null } | null>(null);
  const query = useHost(id, asked !== null);
  const host = query.data?.value;

  useEffect(() => {
    if (!asked || !host || (host.probedAt ?? null) === asked.before) return;
    setAsked(null);
    void client.invalidateQueries({ queryKey: ['inventory', 'facts', id] });
  }, [asked, host, client, id]);

  const probe = useMutation({
    mutationFn: (updates: boolean) => inventory.POST('/api/v1/hosts/{id}/probes', { params: { path: { id }, query: { updates } } }),
    onSuccess: () => setAsked({ before: host?.probedAt ?? null }),
  });
  const live = host !== undefined && host.status !== 'retired';

  return (
    <Page
      title={host?.name ?? 'Host'}
      intro={
        host && (
          <Group gap="sm">
            <HostState host={host} soft />
            <span>
              {host.address}:{host.port}
            </span>
            <span>
              seen <Time at={host.seenAt} as="ago" />
            </span>
          </Group>
        )
      }
      actions={
        operator &&
        live && (
          <>
            {host.presentedHostKey && (
              <Button color={host.hostKey ? 'red.9' : undefined} leftSection={<IconKey size={16} aria-hidden />} onClick={() => setOpen('key')}>
                Accept key
              </Button>
            )}
            <Button
              variant="default"
              leftSection={<IconRadar2 size={16} aria-hidden />}
              loading={probe.isPending || asked !== null}
              onClick={() => probe.mutate(true)}
            >
              Probe now
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
      <Text size="sm" role="status" className={asked ? 'status' : 'visually-hidden'} data-tone="run" data-soft={asked ? true : undefined}>
        {asked ? 'The probe is asked for. What it finds appears here by itself.' : ''}
      </Text>
      {probe.isError && <ProblemAlert error={probe.error} />}
      <Of query={query} what="facts of the host" rows={12}>
        {({ value }) => <Details host={value} operator={operator} acceptKey={() => setOpen('key')} />}
      </Of>
      {host && <History id={id} />}
      {host && query.data && (
        <>
          <AcceptKey host={host} opened={open === 'key'} onClose={() => setOpen(null)} onAccepted={() => setAsked({ before: host.probedAt ?? null })} />
          <HostDialog
            opened={open === 'change'}
            onClose={() => setOpen(null)}
            of={query.data}
            onDone={() => setAsked({ before: host.probedAt ?? null })}
          />
          <Ask
            opened={open === 'retire'}
            onClose={() => setOpen(null)}
            title={`Retire ${host.name}`}
            reason="Reason"
            reasonMost={500}
            confirm="Retire the host"
            danger
            onConfirm={async (reason) => {
              await inventory.POST('/api/v1/hosts/{id}/retirement', { params: { path: { id } }, body: { reason } });
              await client.invalidateQueries({ queryKey: ['inventory'] });
            }}
          >
            It is taken out of the inventory and probed no more; what was found on it stays readable. Its name and address are free for another
            host. This is refused while it is a member of a deployment.
          </Ask>
        </>
      )}
    </Page>
  );
}

function Details({ host, operator, acceptKey }: { host: Host; operator: boolean; acceptKey: () => void }) {
  const locks = useLocks();
  const lock = locks.data?.find((each) => each.hostId === host.hostId);
  return (
    <Stack gap="md">
      {lock && (
        <Alert variant="outline" color="orange" className="attention" icon={<IconLock aria-hidden />} title="Nobody may restart this host now">
          A run is at a step that must not be cut off: {lock.step}, since <Time at={lock.since} as="ago" />. <Clause id={lock.clause} />{' '}
          <TextLink to={`/runs/${lock.runId}`}>See the run</TextLink>
        </Alert>
      )}
      {host.trouble && (
        <Alert
          variant="outline"
          color={host.trouble.reason === 'host-key-unknown' ? 'orange' : 'red'}
          className={host.trouble.reason === 'host-key-unknown' ? 'attention' : undefined}
          icon={<IconAlertTriangle aria-hidden />}
          title={troubleTitle(host)}
        >
          <Stack gap="xs" align="flex-start">
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {host.trouble.detail}
            </Text>
            <Text size="sm" fw={600}>
              {host.presentedHostKey
                ? operator
                  ? 'Compare the fingerprint with the one on the host itself, then accept the key.'
                  : 'Ask somebody with the role operator to compare the fingerprint on the host and to accept the key.'
                : host.trouble.next}
            </Text>
            <Text size="sm" c="dimmed">
              Since <Time at={host.trouble.since} as="ago" />, {count(host.trouble.failures, 'probe')} in a row.
              {host.nextProbeAt ? (
                <>
                  {' '}
                  The next one is <Time at={host.nextProbeAt} as="ago" />.
                </>
              ) : (
                ' No other is made until a person has decided.'
              )}
            </Text>
            {host.presentedHostKey && operator && (
              <Button size="xs" variant="default" leftSection={<IconKey size={14} aria-hidden />} onClick={acceptKey}>
                Compare and accept the key
              </Button>
            )}
          </Stack>
        </Alert>
      )}
      {host.conflicts.map((conflict) => (
        <Alert key={conflict.rule} variant="outline" color="red" icon={<IconAlertTriangle aria-hidden />} title={conflict.detail}>
          {conflict.next} <Clause id={conflict.clause} />
        </Alert>
      ))}
      <div className="columns">
        <Section title="Machine">
          <dl className="pairs">
            <dt>System</dt>
            <dd>{host.osName ? `${host.osName} ${host.osVersion ?? ''}` : 'not read yet'}</dd>
            <dt>Kernel</dt>
            <dd>{host.facts ? `${host.facts.kernel} (${host.facts.architecture})` : '–'}</dd>
            <dt>Processors</dt>
            <dd>{host.facts?.cores ?? '–'}</dd>
            <dt>Memory</dt>
            <dd>
              {host.facts?.memoryBytes ? bytes(host.facts.memoryBytes) : '–'}
              {host.availableMemoryBytes != null && `, ${bytes(host.availableMemoryBytes)} available`}
            </dd>
            <dt>Free disk</dt>
            <dd>{host.freeDiskBytes == null ? '–' : bytes(host.freeDiskBytes)}</dd>
            <dt>Clock</dt>
            <dd>
              {host.clock ? (
                <>
                  <span className={host.clock.skewed ? 'status' : undefined} data-tone={host.clock.skewed ? 'bad' : undefined}>
                    {millis(host.clock.offsetMillis)} ± {millis(host.clock.errorMillis)}
                  </span>{' '}
                  {host.clock.skewed ? (
                    <>
                      too far off <Clause id="G5" />
                      <Text size="sm" fw={600}>
                        {host.clock.next}
                      </Text>
                    </>
                  ) : (
                    'against this service’s clock'
                  )}
                </>
              ) : (
                '–'
              )}
            </dd>
            <dt>Last seen</dt>
            <dd>
              <Time at={host.seenAt} />
            </dd>
            <dt>Last probe</dt>
            <dd>
              <Time at={host.probedAt} />
            </dd>
            <dt>Next probe</dt>
            <dd>{host.nextProbeAt ? <Time at={host.nextProbeAt} as="ago" /> : 'when a person has decided'}</dd>
          </dl>
        </Section>
        <Section title="Access">
          <dl className="pairs">
            <dt>Address</dt>
            <dd>
              {host.address}:{host.port}
            </dd>
            <dt>User</dt>
            <dd>{host.user}</dd>
            <dt>Credential</dt>
            <dd>{host.credential}</dd>
            <dt>Host key</dt>
            <dd>
              {host.hostKeyFingerprint ? <span className="fingerprint">{host.hostKeyFingerprint}</span> : 'none is accepted yet'}
              {host.presentedHostKeyFingerprint && (
                <>
                  <br />
                  it shows <span className="fingerprint">{host.presentedHostKeyFingerprint}</span>
                </>
              )}
            </dd>
            <dt>Known since</dt>
            <dd>
              <Time at={host.createdAt} />, by {host.foundBy === 'api' ? 'registration' : `import (${host.foundBy})`}
            </dd>
            <dt>Labels</dt>
            <dd>
              {Object.keys(host.labels).length === 0 ? (
                'none'
              ) : (
                <Group gap={6}>
                  {Object.entries(host.labels)
                    .sort(([a], [b]) => a.localeCompare(b))
                    .map(([name, value]) => (
                      <Badge key={name} variant="default" tt="none" fw={500}>
                        {value ? `${name}: ${value}` : name}
                      </Badge>
                    ))}
                </Group>
              )}
            </dd>
          </dl>
        </Section>
        <Section title="Products">
          {host.components.length === 0 ? (
            <Text size="sm" c="dimmed">
              {host.facts ? 'None of the products that Interlock knows was found.' : 'Nothing was read from this host yet.'}
            </Text>
          ) : (
            <DataTable
              caption="Products on this host"
              rows={host.components}
              keyOf={(c) => c.product}
              columns={[
                { header: 'Product', cell: (c) => productTitle(c.product) },
                { header: 'Version', cell: (c) => <b>{c.version}</b> },
                { header: 'Variant', cell: (c) => c.variant },
              ]}
            />
          )}
          <Memberships id={host.hostId} />
          <Updates host={host} />
        </Section>
      </div>
      {host.facts && (
        <Section title="Facts">
          <Stack gap="xs">
            <Many title={`Packages (${Object.keys(host.facts.packages).length})`} pairs={host.facts.packages} />
            <Many title={`Units (${Object.keys(host.facts.units).length})`} pairs={host.facts.units} />
            <Text size="sm">
              <b>Open ports:</b> {host.facts.ports.length > 0 ? host.facts.ports.join(', ') : 'none'}
            </Text>
          </Stack>
        </Section>
      )}
    </Stack>
  );
}

function troubleTitle(host: Host): string {
  switch (host.trouble?.reason) {
    case 'host-key-unknown':
      return 'Its key waits for a person’s word';
    case 'host-key-changed':
      return 'Its key has changed: nothing is sent to it';
    default:
      return 'It cannot be read';
  }
}

/** Deployments that the host belongs to. There is one of a product at most. */
function Memberships({ id }: { id: string }) {
  const { data } = useQuery({
    queryKey: ['inventory', 'deployments', 'all'],
    queryFn: async ({ signal }) => {
      const all = [];
      let after: string | undefined;
      do {
        const { data: page } = await inventory.GET('/api/v1/deployments', { params: { query: { limit: 200, ...(after ? { after } : {}) } }, signal });
        all.push(...(page?.items ?? []));
        after = page?.next ?? undefined;
      } while (after);
      return all;
    },
    staleTime: 30_000,
  });
  const mine = (data ?? []).flatMap((d) => d.members.filter((m) => m.hostId === id).map((m) => ({ ...d, role: m.role })));
  return (
    <Text size="sm" mt="sm" mih="1.5em">
      {data &&
        (mine.length === 0
          ? 'It belongs to no deployment.'
          : mine.map((d, i) => (
              <span key={d.deploymentId}>
                {i === 0 ? 'Belongs to ' : ', '}
                <TextLink to={`/deployments/${d.deploymentId}`}>{d.name}</TextLink>{' '}
                as {d.role}
              </span>
            )))}
    </Text>
  );
}

function Updates({ host }: { host: Host }) {
  if (!host.pendingUpdates) return null;
  const n = Object.keys(host.pendingUpdates).length;
  return (
    <div>
      <Text size="sm" c="dimmed" mt="xs">
        {n === 0 ? 'Its repositories offer no updates' : `Its repositories offer ${count(n, 'update')}`} <Clause id="K3" /> (read{' '}
        <Time at={host.pendingUpdatesAt} as="ago" />)
      </Text>
      {n > 0 && <Many title="Pending updates" pairs={host.pendingUpdates} />}
    </div>
  );
}

function Many({ title, pairs }: { title: string; pairs: Record<string, string> }) {
  return (
    <details>
      <summary className="summary">{title}</summary>
      <dl className="pairs mono" style={{ marginTop: '0.5rem', maxHeight: '20rem', overflow: 'auto' }} tabIndex={0} aria-label={title}>
        {Object.entries(pairs)
          .sort(([a], [b]) => a.localeCompare(b))
          .map(([name, value]) => [<dt key={`${name} name`}>{name}</dt>, <dd key={`${name} value`}>{value}</dd>])}
      </dl>
    </details>
  );
}

/** What was found on it, and what changed each time. */
function History({ id }: { id: string }) {
  const facts = usePaged(['inventory', 'facts', id], async (after) =>
    (await inventory.GET('/api/v1/hosts/{id}/facts', { params: { path: { id }, query: { limit: 20, ...(after ? { after } : {}) } } })).data!,
  );
  return (
    <Section title="History">
      <Of query={{ ...facts, data: facts.items }} what="former facts" rows={3}>
        {(items) =>
          items.length === 0 ? (
            <Empty title="Nothing was found on it yet">The first probe that succeeds writes the first entry.</Empty>
          ) : (
            <>
              <ol className="log" aria-label="What changed on this host, newest first">
                {items.map((entry, at) => (
                  <li key={entry.observedAt + at}>
                    <Text size="sm" fw={600}>
                      <Time at={entry.observedAt} />{' '}
                      <Text span c="dimmed" size="sm">
                        {entry.changes.length === 0 ? 'first read' : count(entry.changes.length, 'change')}
                      </Text>
                    </Text>
                    {entry.changes.length === 0 ? (
                      <Text size="sm" c="dimmed">
                        {entry.os ? `${entry.os.name} ${entry.os.version}, ` : ''}
                        {count(Object.keys(entry.facts.packages).length, 'package')}
                      </Text>
                    ) : (
                      <Changes changes={entry.changes} />
                    )}
                  </li>
                ))}
              </ol>
              <More
                shown={count(items.length, 'entry', 'entries')}
                has={facts.hasNextPage}
                loading={facts.isFetchingNextPage}
                load={() => void facts.fetchNextPage()}
              />
            </>
          )
        }
      </Of>
    </Section>
  );
}

const FEW = 8;

function Changes({ changes }: { changes: { fact: string; before?: string | null; after?: string | null }[] }) {
  const line = (c: (typeof changes)[number]) => (
    <li key={c.fact}>
      <b>{c.fact}</b>: {c.before ? <del className="was">{c.before}</del> : <span className="was">none</span>} →{' '}
      {c.after ? <ins className="is" style={{ textDecoration: 'none' }}>{c.after}</ins> : <span className="is">none</span>}
    </li>
  );
  return (
    <>
      <ul className="mono" style={{ margin: '0.25rem 0 0', paddingLeft: '1.2rem', overflowWrap: 'anywhere' }}>
        {changes.slice(0, FEW).map(line)}
      </ul>
      {changes.length > FEW && (
        <details>
          <summary className="summary">{count(changes.length - FEW, 'more change')}</summary>
          <ul className="mono" style={{ margin: 0, paddingLeft: '1.2rem', overflowWrap: 'anywhere' }}>
            {changes.slice(FEW).map(line)}
          </ul>
        </details>
      )}
    </>
  );
}
