import { Alert, Anchor, Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { licenses } from '../api/client';
import { CALM } from '../api/queries';
import { useMay } from '../api/session';
import { Ask } from '../components/ask';
import { Pair } from '../components/facts';
import { Page, Section } from '../components/page';
import { Empty, Of } from '../components/states';
import { Status } from '../components/status';
import { DataTable } from '../components/table';
import { TextLink } from '../components/text-link';
import { Time } from '../components/time';
import { Ticket } from './license-server/ticket';

const tone = (health: string | null | undefined) => (health === 'up' ? 'ok' : health === 'down' ? 'bad' : 'off');

export function LicenseServerPage() {
  const { id = '' } = useParams();
  const client = useQueryClient();
  const operator = useMay('operator');
  const admin = useMay('admin');
  const [retiring, retire] = useDisclosure();
  const [losing, lose] = useDisclosure();
  const server = useQuery({
    queryKey: ['license-server', id],
    queryFn: async () => (await licenses.GET('/api/v1/license-servers/{id}', { params: { path: { id } } })).data!,
    refetchInterval: CALM,
  });
  const features = useQuery({
    queryKey: ['license-server', id, 'features'],
    queryFn: async () => (await licenses.GET('/api/v1/license-servers/{id}/features', { params: { path: { id } } })).data!,
    enabled: server.data?.kind === 'flexnet' && !server.data.retiredAt,
    retry: false,
  });
  const after = () => client.invalidateQueries({ queryKey: ['license-server', id] });

  return (
    <Page
      title={server.data ? server.data.name : 'License server'}
      intro={<Anchor component={Link} to="/licenses">All licences</Anchor>}
      actions={
        server.data &&
        !server.data.retiredAt && (
          <>
            <Button component={Link} to={`/agents?server=${id}`} variant="default">
              Its agents and their grace
            </Button>
            {operator && (
              <Button variant="default" onClick={retire.open}>
                Take out of service
              </Button>
            )}
            {admin && (
              <Button variant="default" c="var(--tone-bad)" onClick={lose.open}>
                Declare it lost
              </Button>
            )}
          </>
        )
      }
    >
      <Of query={server} what="license server">
        {(it) => (
          <>
            {it.warnings.map((warning) => (
              <Alert key={warning} variant="outline" color="orange" title="This should not stay as it is">
                {warning}
              </Alert>
            ))}
            {it.lost && (
              <Alert variant="outline" color="red" title="It is gone with the licences that it held">
                They stay counted against their purchases until the vendor gives them back. The ticket below is for that.
              </Alert>
            )}
            <Section title="State" aside={<Status word={it.retiredAt ? 'retired' : (it.health ?? 'counted here')} tone={it.retiredAt ? 'off' : tone(it.health)} />}>
              <Stack gap="xs">
                {it.healthCause && <Text size="sm">{it.healthCause}</Text>}
                {it.healthNext && (
                  <Text size="sm" fw={600}>
                    {it.healthNext}
                  </Text>
                )}
                <dl className="pairs">
                  <Pair name="Kind">{it.kind}</Pair>
                  {it.version && <Pair name="Version">{it.version}</Pair>}
                  {it.address && <Pair name="Address for agents">{it.address}</Pair>}
                  {it.baseUrl && <Pair name="REST API">{it.baseUrl}</Pair>}
                  {it.credential && <Pair name="Credential">{it.credential}</Pair>}
                  {it.hostId && (
                    <Pair name="Host">
                      <TextLink to={`/hosts/${it.hostId}`}>Its host in the inventory</TextLink>
                    </Pair>
                  )}
                  {it.observedAt && (
                    <Pair name="Looked at">
                      <Time at={it.observedAt} as="ago" />
                    </Pair>
                  )}
                </dl>
              </Stack>
            </Section>
            <Section title="Licences on it">
              {it.activations.length === 0 ? (
                <Empty title="None">Ask for licences of a purchase on the page of licences.</Empty>
              ) : (
                <DataTable
                  caption="Licences on this server"
                  rows={it.activations}
                  keyOf={(held) => held.activationCode}
                  columns={[
                    { header: 'Purchase', cell: (held) => <span className="mono">{held.activationCode}</span> },
                    { header: 'In total', number: true, cell: (held) => held.total },
                    { header: 'In use', number: true, cell: (held) => held.inUse },
                    { header: 'On their way back', number: true, cell: (held) => held.returning },
                  ]}
                />
              )}
            </Section>
            {it.kind === 'flexnet' && !it.retiredAt && (
              <Section title="What it says itself">
                <Of query={features} what="features" rows={2}>
                  {(own) => (
                    <DataTable
                      caption={`Features on the machine ${own.machineId}`}
                      showCaption
                      rows={own.items}
                      keyOf={(feature) => feature.feature + feature.expires}
                      columns={[
                        { header: 'Feature', cell: (feature) => feature.feature },
                        { header: 'Licences', number: true, cell: (feature) => feature.count },
                        { header: 'In use', number: true, cell: (feature) => feature.used },
                        { header: 'Ends', cell: (feature) => feature.expires },
                      ]}
                    />
                  )}
                </Of>
              </Section>
            )}
            <Ticket id={id} codes={it.activations.map((held) => held.activationCode)} />
          </>
        )}
      </Of>
      <Ask
        opened={retiring}
        onClose={retire.close}
        title="Take the license server out of service"
        reason="Why"
        confirm="Take out of service"
        onConfirm={async (reason) => {
          await licenses.POST('/api/v1/license-servers/{id}/retirement', { params: { path: { id } }, body: { reason } });
          await after();
        }}
      >
        It authorises no session from then on. While it holds licences this is refused: with its machine they would be lost.
      </Ask>
      <Ask
        opened={losing}
        onClose={lose.close}
        title="Declare the license server lost"
        reason="What happened to it"
        confirm="Declare it lost"
        danger
        onConfirm={async (reason) => {
          await licenses.POST('/api/v1/license-servers/{id}/loss', { params: { path: { id } }, body: { reason } });
          await after();
        }}
      >
        Only if its machine is gone for good. The licences that it holds stay counted against their purchases until the vendor gives them back;
        this cannot be taken back.
      </Ask>
    </Page>
  );
}
