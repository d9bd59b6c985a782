import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { licenses } from '../api/client';
import { LIVE } from '../api/queries';
import { Page, Section } from '../components/page';
import { Of } from '../components/states';
import { DataTable } from '../components/table';
import { Time } from '../components/time';
import { Steps } from './activation/steps';
import { RequestState } from './licenses/request-state';

/** A request for licences on its way: to the portal and back, each hand it goes through on record (L20–L32). */
export function ActivationPage() {
  const { id = '' } = useParams();
  const request = useQuery({
    queryKey: ['activation-request', id],
    queryFn: async () => (await licenses.GET('/api/v1/activation-requests/{id}', { params: { path: { id } } })).data!,
    refetchInterval: LIVE,
  });
  const server = useQuery({
    queryKey: ['license-server', request.data?.licenseServerId],
    queryFn: async () =>
      (await licenses.GET('/api/v1/license-servers/{id}', { params: { path: { id: request.data!.licenseServerId } } })).data!,
    enabled: request.data !== undefined,
  });
  return (
    <Page title="Request for licences" intro={<Anchor component={Link} to="/licenses">All licences</Anchor>}>
      <Of query={request} what="request">
        {(made) => (
          <>
            <Section title={`${made.total} of ${made.activationCode} on ${server.data?.name ?? 'a license server'}`} aside={<RequestState state={made.state} />}>
              <Steps request={made} />
            </Section>
            <Section title="Through whose hands">
              <DataTable
                caption="Custody of the files, oldest first; lines are only ever added"
                rows={made.custody ?? []}
                keyOf={(entry) => `${entry.at} ${entry.act} ${entry.actor}`}
                columns={[
                  { header: 'When', cell: (entry) => <Time at={entry.at} /> },
                  { header: 'Who', cell: (entry) => entry.actor },
                  { header: 'Did', cell: (entry) => entry.act },
                  { header: 'What', cell: (entry) => entry.detail ?? '–' },
                  { header: 'SHA-256 of the file', cell: (entry) => (entry.sha256 ? <span className="mono" title={entry.sha256}>{entry.sha256.slice(0, 16)}…</span> : '–') },
                ]}
              />
            </Section>
          </>
        )}
      </Of>
    </Page>
  );
}
