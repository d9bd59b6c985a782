import { Button, Group, SegmentedControl } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense, lazy } from 'react';
import { given, licenses } from '../api/client';
import { CALM } from '../api/queries';
import { useMay } from '../api/session';
import { count } from '../components/count';
import { useFilters } from '../components/filters';
import { Page, Section } from '../components/page';
import { PagedList, usePaged } from '../components/paged';
import { Empty } from '../components/states';
import { AskForLicences } from './licenses/ask-for-licences';
import { RegisterPool } from './licenses/register-pool';
import { RegisterServer } from './licenses/register-server';
import { LicenseServerTable, PoolTable, RequestTable } from './licenses/tables';

const Denials = lazy(async () => ({ default: (await import('./licenses/denials')).Denials }));

/** Purchases, license servers, and the files that are on their way between them. */
export function Licenses() {
  const operator = useMay('operator');
  const [asking, ask] = useDisclosure();
  const [registering, register] = useDisclosure();
  const [adding, add] = useDisclosure();
  const [filters, setFilter] = useFilters(['hours']);
  const hours = filters.hours === '168' ? 168 : 24;

  const pools = usePaged(
    ['pools'],
    async (after, signal) => (await licenses.GET('/api/v1/pools', { params: { query: given({ limit: 100, after }) }, signal })).data!,
    { every: CALM },
  );
  const servers = usePaged(
    ['license-servers'],
    async (after, signal) => (await licenses.GET('/api/v1/license-servers', { params: { query: given({ limit: 100, after }) }, signal })).data!,
    { every: CALM },
  );
  const requests = usePaged(
    ['activation-requests'],
    async (after, signal) => (await licenses.GET('/api/v1/activation-requests', { params: { query: given({ limit: 50, after }) }, signal })).data!,
    { every: CALM },
  );
  const nameOf = (id: string) => servers.items?.find((server) => server.licenseServerId === id)?.name ?? id;

  return (
    <Page
      title="Licences"
      intro="Every licence of a purchase is free, on one server, on its way, or lost: the counts always add up."
      actions={
        operator && (
          <>
            <Button onClick={ask.open}>Ask for licences</Button>
            <Button variant="default" onClick={register.open}>
              Register a purchase
            </Button>
            <Button variant="default" onClick={add.open}>
              Register a license server
            </Button>
          </>
        )
      }
    >
      <Section title="Purchases">
        <PagedList
          list={pools}
          what="purchases"
          shown={(n) => count(n, 'purchase')}
          empty={<Empty title="No purchase is known">Register one with the activation code that the vendor sent, exactly as it was sent.</Empty>}
        >
          {(items) => <PoolTable pools={items} />}
        </PagedList>
      </Section>

      <Section title="License servers">
        <PagedList
          list={servers}
          what="license servers"
          shown={(n) => count(n, 'license server')}
          empty={<Empty title="No license server is known">Register one; agents are told to ask it for their licences.</Empty>}
        >
          {(items) => <LicenseServerTable servers={items} />}
        </PagedList>
      </Section>

      <Section title="Requests and their answers">
        <PagedList
          list={requests}
          what="requests"
          shown={(n) => count(n, 'request')}
          empty={<Empty title="No file is on its way">Where a vendor’s portal or an authority allots the licences, ask for them here.</Empty>}
        >
          {(items) => <RequestTable requests={items} nameOf={nameOf} />}
        </PagedList>
      </Section>

      <Section
        title="Refused sessions"
        aside={
          <SegmentedControl
            size="xs"
            aria-label="Span of time"
            data={[
              { value: '24', label: '24 hours' },
              { value: '168', label: '7 days' },
            ]}
            value={String(hours)}
            onChange={(value) => setFilter('hours', value === '24' ? '' : value)}
          />
        }
      >
        <div style={{ minHeight: 260 }}>
          <Suspense fallback={null}>
            <Denials hours={hours} />
          </Suspense>
        </div>
      </Section>

      <Group>
        <AskForLicences opened={asking} onClose={ask.close} servers={servers.items ?? []} pools={pools.items ?? []} />
        <RegisterPool opened={registering} onClose={register.close} />
        <RegisterServer opened={adding} onClose={add.close} />
      </Group>
    </Page>
  );
}
