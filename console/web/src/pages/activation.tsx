import { Alert, Anchor, Button, Code, FileButton, Group, List, Stack, Stepper, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconDownload, IconUpload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { licenses } from '../api/client';
import { LIVE } from '../api/queries';
import { problemOf } from '../api/problem';
import { useMay } from '../api/session';
import { Clause } from '../components/clause';
import { Page, Section } from '../components/page';
import { Of, ProblemAlert } from '../components/states';
import { DataTable } from '../components/table';
import { Left, Time } from '../components/time';
import { RequestState } from './licenses/request-state';

type Request = Awaited<ReturnType<typeof fetchRequest>>;

const fetchRequest = async (id: string) => (await licenses.GET('/api/v1/activation-requests/{id}', { params: { path: { id } } })).data!;

const stepOf: Record<string, number> = { open: 1, answered: 2, applying: 2, applied: 3, superseded: 3 };

/** A request for licences on its way: to the portal and back, each hand it goes through on record (L20–L32). */
export function ActivationPage() {
  const { id = '' } = useParams();
  const request = useQuery({ queryKey: ['activation-request', id], queryFn: () => fetchRequest(id), refetchInterval: LIVE });
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

function Steps({ request }: { request: Request }) {
  const client = useQueryClient();
  const operator = useMay('operator');
  const narrow = useMediaQuery('(max-width: 48em)');
  const step = stepOf[request.state] ?? 0;
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: ['activation-request', request.requestId] });
    await client.invalidateQueries({ queryKey: ['pools'] });
  };

  const upload = useMutation({
    mutationFn: async (file: File) => {
      const response = await fetch(`/api/licenses/v1/activation-requests/${request.requestId}/response`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/octet-stream' },
        body: file,
      });
      if (!response.ok) throw await problemOf(response);
    },
    onSettled: refresh,
  });
  const apply = useMutation({
    mutationFn: () => licenses.POST('/api/v1/activation-requests/{id}/application', { params: { path: { id: request.requestId } } }),
    onSettled: refresh,
  });

  return (
    <Stack>
      <Stepper active={step} orientation={narrow ? 'vertical' : 'horizontal'} size="sm" allowNextStepsSelect={false}>
        <Stepper.Step label="Made" description={`by ${request.madeBy}`} />
        <Stepper.Step label="Carried" description="request.bin there, response.bin back" />
        <Stepper.Step label="Applied" description="Nothing is activated before" />
      </Stepper>
      {step <= 1 && (
        <Stack>
          <List type="ordered" size="sm" spacing="xs">
            <List.Item>Download the request and copy it to a machine that reaches the portal.</List.Item>
            <List.Item>
              Upload it there; the portal answers with a file that works on the machine <Code>{request.requestHostId}</Code> only <Clause id="L25" />.
            </List.Item>
            <List.Item>
              Bring the answer here in time <Clause id="L28" />: it lives as long as it says, 24 hours if it says nothing.
            </List.Item>
          </List>
          {operator ? (
            <Group>
              <Button
                component="a"
                href={`/api/licenses/v1/activation-requests/${request.requestId}/request.bin`}
                download="request.bin"
                leftSection={<IconDownload size={16} aria-hidden />}
                onClick={() => setTimeout(() => void refresh(), 1500)}
              >
                Download request.bin
              </Button>
              <Upload busy={upload.isPending} onFile={(file) => upload.mutate(file)} />
            </Group>
          ) : (
            <Text size="sm" c="dimmed">
              Somebody with the role operator carries the files.
            </Text>
          )}
        </Stack>
      )}
      {upload.isError && <ProblemAlert error={upload.error} />}
      {(request.state === 'answered' || request.state === 'applying') && (
        <Answer request={request}>
          {apply.isError && <ProblemAlert error={apply.error} />}
          {operator && (
            <Group>
              <Button loading={apply.isPending || request.state === 'applying'} onClick={() => apply.mutate()}>
                Apply the answer
              </Button>
              <Upload busy={upload.isPending} onFile={(file) => upload.mutate(file)} label="Upload another answer" />
            </Group>
          )}
        </Answer>
      )}
      {request.state === 'applied' && (
        <Alert variant="outline" color="green" title="Applied and verified by a list">
          <Text size="sm">
            {request.closedBy} applied it; the server was found to have {request.total} licences of this purchase. <Clause id="L29" />
          </Text>
        </Alert>
      )}
      {request.state === 'superseded' && (
        <Alert variant="outline" color="gray" title="A later request took its place">
          <Text size="sm">
            Its answer will not be taken any more. <Clause id="L24" />
          </Text>
        </Alert>
      )}
    </Stack>
  );
}

function Upload({ busy, onFile, label = 'Upload response.bin' }: { busy: boolean; onFile: (file: File) => void; label?: string }) {
  return (
    <FileButton
      onChange={(file) => {
        if (file) onFile(file);
      }}
      inputProps={{ 'aria-label': label }}
    >
      {(props) => (
        <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />} loading={busy}>
          {label}
        </Button>
      )}
    </FileButton>
  );
}

/** What the answer holds, before it does anything (L26). */
function Answer({ request, children }: { request: Request; children: ReactNode }) {
  const operator = useMay('operator');
  const [shown, setShown] = useState(false);
  const inspection = useQuery({
    queryKey: ['activation-response', request.requestId, request.responseSha256],
    queryFn: async () => (await licenses.GET('/api/v1/activation-requests/{id}/response', { params: { path: { id: request.requestId } } })).data!,
    enabled: operator && shown,
    retry: false,
  });
  return (
    <Stack>
      <Text size="sm">
        An answer that fits is here
        {request.responseExpiresAt && (
          <>
            , good for another <Left until={request.responseExpiresAt} />
          </>
        )}
        . SHA-256 <span className="mono">{request.responseSha256}</span>
      </Text>
      {operator && !shown && (
        <Group>
          <Button variant="default" onClick={() => setShown(true)}>
            Show what the answer holds
          </Button>
        </Group>
      )}
      {shown && (
        <Of query={inspection} what="answer" rows={3}>
          {(found) => (
            <Table variant="vertical" layout="fixed" aria-label="What the answer holds">
              <Table.Tbody>
                <Table.Tr>
                  <Table.Th w="35%">Issued by</Table.Th>
                  <Table.Td>{found.issuer}</Table.Td>
                </Table.Tr>
                <Table.Tr>
                  <Table.Th>Good until</Table.Th>
                  <Table.Td>
                    <Time at={found.expiresAt} />
                  </Table.Td>
                </Table.Tr>
                <Table.Tr>
                  <Table.Th>Works on the machine</Table.Th>
                  <Table.Td className="mono">{found.requestHostId}</Table.Td>
                </Table.Tr>
                {Object.entries(found.contents ?? {}).map(([name, value]) => (
                  <Table.Tr key={name}>
                    <Table.Th>{name}</Table.Th>
                    <Table.Td className="mono">{String(value)}</Table.Td>
                  </Table.Tr>
                ))}
                {!found.acceptable && (
                  <Table.Tr>
                    <Table.Th>Cannot be applied now</Table.Th>
                    <Table.Td>
                      {found.problem} {found.next}
                    </Table.Td>
                  </Table.Tr>
                )}
              </Table.Tbody>
            </Table>
          )}
        </Of>
      )}
      {children}
    </Stack>
  );
}
