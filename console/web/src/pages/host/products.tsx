import { Text } from '@mantine/core';
import type { Host } from '../../api/types';
import { Clause } from '../../components/clause';
import { count } from '../../components/count';
import { Section } from '../../components/page';
import { DataTable } from '../../components/table';
import { TextLink } from '../../components/text-link';
import { Time } from '../../components/time';
import { useDeploymentsOf } from '../../estate/queries';
import { productTitle } from '../../estate/words';
import { Many } from './many';

/** What of the products runs on it, where it belongs, and what its repositories offer. */
export function Products({ host }: { host: Host }) {
  return (
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
  );
}

/** Deployments that the host belongs to. There is one of a product at most. */
function Memberships({ id }: { id: string }) {
  const { data } = useDeploymentsOf(id);
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

