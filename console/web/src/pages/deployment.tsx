import { Button, Stack, Text } from '@mantine/core';
import { IconClipboardList } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { inventory } from '../api/client';
import { useMay } from '../api/session';
import { count } from '../components/count';
import { Pairs } from '../components/facts';
import { Page, Section } from '../components/page';
import { Of } from '../components/states';
import { DeploymentDialog } from '../estate/deployment-dialog';
import { useDeployment } from '../estate/queries';
import { Retire } from '../estate/retire';
import { productTitle } from '../estate/words';
import { ClockSkew, Members } from './deployment/members';
import { Registrations } from './deployment/registrations';
import { Plans, Runs } from './deployment/upgrades';

/** One deployment: its members and what they run, what was found out about it, and what was done to it. */
export function DeploymentPage() {
  const { id = '' } = useParams();
  const query = useDeployment(id);
  const operator = useMay('operator');
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
        {({ value }) => (
          <Stack gap="md">
            {value.clockSkew && <ClockSkew skew={value.clockSkew} />}
            <Members of={value} />
            <div className="columns">
              <Section title="Settings">
                {Object.keys(value.settings).length === 0 ? (
                  <Text size="sm" c="dimmed">
                    Nothing is set.
                  </Text>
                ) : (
                  <dl className="pairs">
                    <Pairs of={value.settings} />
                  </dl>
                )}
              </Section>
              {value.registrations && <Registrations of={value} registrations={value.registrations} />}
            </div>
            <Plans id={id} />
            <Runs id={id} />
          </Stack>
        )}
      </Of>
      {query.data && deployment && (
        <>
          <DeploymentDialog opened={open === 'change'} onClose={() => setOpen(null)} of={query.data} onDone={() => undefined} />
          <Retire
            what="deployment"
            name={deployment.name}
            opened={open === 'retire'}
            onClose={() => setOpen(null)}
            retire={(body) => inventory.POST('/api/v1/deployments/{id}/retirement', { params: { path: { id } }, body })}
            onDone={() => void navigate('/deployments')}
          >
            It is taken out of the inventory: no upgrade can be planned for it any more. Its hosts stay, and may join another deployment.
          </Retire>
        </>
      )}
    </Page>
  );
}
