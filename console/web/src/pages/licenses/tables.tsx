import { Text } from '@mantine/core';
import type { Answer, LicensePaths } from '../../api/client';
import type { Pool } from '../../api/types';
import { PoolBar } from '../../components/pool-bar';
import { Status } from '../../components/status';
import { DataTable } from '../../components/table';
import { NameLink } from '../../components/text-link';
import { Time } from '../../components/time';
import { RequestState } from './request-state';

export function PoolTable({ pools }: { pools: Pool[] }) {
  return (
    <DataTable
      caption="Purchases"
      rows={pools}
      keyOf={(pool) => pool.activationCode}
      columns={[
        {
          header: 'Activation code',
          width: '20%',
          cell: (pool) => (
            <>
              <span className="mono">{pool.activationCode}</span>
              <Text size="xs" c="dimmed">
                {pool.feature}
                {pool.authority ? `, allotted by ${pool.authority}` : ''}
              </Text>
            </>
          ),
        },
        { header: 'Licences', width: '5%', number: true, cell: (pool) => pool.seats },
        { header: 'Where they are', cell: (pool) => <PoolBar pool={pool} /> },
        {
          header: 'Ends',
          width: '15%',
          cell: (pool) =>
            pool.expired ? (
              <Status word="expired" />
            ) : (
              <>
                <Time at={pool.expiresAt} as="day" />
                {Date.parse(pool.expiresAt) - Date.now() < 30 * 86_400_000 && <Status word="expiring" tone="wait" label="Soon" />}
              </>
            ),
        },
      ]}
    />
  );
}

type ListedServer = NonNullable<Answer<LicensePaths['/api/v1/license-servers']['get']>['items']>[number];

export function LicenseServerTable({ servers }: { servers: ListedServer[] }) {
  return (
    <DataTable
      caption="License servers"
      rows={servers}
      keyOf={(server) => server.licenseServerId}
      columns={[
        {
          header: 'Name',
          cell: (server) => <NameLink to={`/licenses/servers/${server.licenseServerId}`}>{server.name}</NameLink>,
        },
        { header: 'Kind', cell: (server) => server.kind },
        {
          header: 'Health',
          cell: (server) =>
            server.retiredAt ? (
              <Status word="retired" />
            ) : server.health ? (
              <Status word={server.health} tone={server.health === 'up' ? 'ok' : server.health === 'down' ? 'bad' : 'off'} />
            ) : (
              <Text size="sm" c="dimmed">
                Counted here
              </Text>
            ),
        },
        { header: 'Address', cell: (server) => server.address ?? '–' },
        { header: 'Registered', cell: (server) => <Time at={server.registeredAt} as="ago" /> },
      ]}
    />
  );
}

type Request = NonNullable<Answer<LicensePaths['/api/v1/activation-requests']['get']>['items']>[number];

export function RequestTable({ requests, nameOf }: { requests: Request[]; nameOf: (server: string) => string }) {
  return (
    <DataTable
      caption="Requests for licences, newest first"
      rows={requests}
      keyOf={(request) => request.requestId}
      columns={[
        {
          header: 'For',
          cell: (request) => (
            <NameLink to={`/licenses/requests/${request.requestId}`}>
              {request.total} of {request.activationCode} on {nameOf(request.licenseServerId)}
            </NameLink>
          ),
        },
        { header: 'State', cell: (request) => <RequestState state={request.state} /> },
        { header: 'Made by', cell: (request) => request.madeBy },
        { header: 'Made', cell: (request) => <Time at={request.madeAt} as="ago" /> },
        { header: 'Answer good until', cell: (request) => <Time at={request.state === 'answered' ? request.responseExpiresAt : null} as="ago" /> },
      ]}
    />
  );
}
