import { Anchor, Button, Checkbox, Group, Loader, Modal, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { newKey, upgrades } from '../api/client';
import { ProblemAlert } from '../components/states';
import { duration, utc } from '../components/time';
import { useDeployments, useProducts } from './queries';
import { allZones, instantOf, inZone, viewersZone, type Moment } from './zones';

interface PlanDialogProps {
  opened: boolean;
  onClose: () => void;
  /** Chosen beforehand, as by a link from a deployment's page. */
  deploymentId: string;
}

/** Asks for all that a plan needs. The service says whether there can be such a plan; nothing is done to any host. */
export function PlanDialog({ opened, onClose, deploymentId }: PlanDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={650}>Plan an upgrade</Text>} size="lg">
      {opened && <PlanForm deploymentId={deploymentId} onClose={onClose} />}
    </Modal>
  );
}

const said: Record<'invalid' | 'skipped' | 'twice', string> = {
  invalid: 'Give a date and a time.',
  skipped: 'There is no such time in this zone: the clocks are put forward then. Choose another.',
  twice: 'This time comes twice in this zone, as the clocks are put back. Choose another time, or give the window in UTC.',
};

const problemOf = (moment: Moment): string | null => ('problem' in moment ? said[moment.problem] : null);

function PlanForm({ deploymentId, onClose }: { deploymentId: string; onClose: () => void }) {
  const [deployment, setDeployment] = useState(deploymentId);
  const [target, setTarget] = useState<string | null>(null);
  const [concurrency, setConcurrency] = useState<string | number>('');
  const [canary, setCanary] = useState<string | number>('');
  const [threshold, setThreshold] = useState<string | number>('');
  const [withWindow, setWithWindow] = useState(false);
  const [zone, setZone] = useState(viewersZone());
  const [start, setStart] = useState('');
  const [end, setEnd] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [checked, setChecked] = useState(false);
  const [key, setKey] = useState(newKey);
  const navigate = useNavigate();
  const client = useQueryClient();

  const deployments = useDeployments();
  const products = useProducts();
  const chosen = deployments.data?.find((d) => d.deploymentId === deployment);
  const product = products.data?.find((p) => p.id === chosen?.product);
  const releases = useQuery({
    queryKey: ['upgrades', 'releases', chosen?.product],
    queryFn: async ({ signal }) =>
      (await upgrades.GET('/api/v1/products/{product}/releases', { params: { path: { product: chosen!.product } }, signal })).data?.items ?? [],
    enabled: chosen !== undefined,
    staleTime: 60_000,
  });
  const release = releases.data?.find((r) => r.version === target);
  const zones = useMemo(allZones, []);

  const from = instantOf(start, zone);
  const to = instantOf(end, zone);
  const startProblem = withWindow ? problemOf(from) : null;
  const endProblem = withWindow ? (problemOf(to) ?? ('at' in from && 'at' in to && to.at <= from.at ? 'The window has to end after its start.' : null)) : null;
  const wrong = !deployment || !target || startProblem !== null || endProblem !== null;

  /** Another wish is another request: it must not get the answer to the one before. */
  const changed = <T,>(set: (value: T) => void) => (value: T) => {
    setKey(newKey());
    setError(null);
    set(value);
  };

  const send = async () => {
    setChecked(true);
    if (wrong || busy || !target) return;
    setBusy(true);
    setError(null);
    try {
      const { data } = await upgrades.POST('/api/v1/plans', {
        headers: { 'Idempotency-Key': key },
        body: {
          deploymentId: deployment,
          targetVersion: target,
          ...(concurrency === '' ? {} : { concurrency: Number(concurrency) }),
          ...(canary === '' ? {} : { canary: Number(canary) }),
          ...(threshold === '' ? {} : { failureThreshold: Number(threshold) }),
          ...(withWindow && 'at' in from && 'at' in to ? { window: { start: from.at.toISOString(), end: to.at.toISOString(), zone } } : {}),
        },
      });
      await client.invalidateQueries({ queryKey: ['upgrades', 'plans'] });
      void navigate(`/plans/${(data as unknown as { id: string }).id}`);
    } catch (e) {
      setError(e);
      setBusy(false);
    }
  };

  if (deployments.data === undefined) {
    return deployments.isError ? <ProblemAlert error={deployments.error} retry={() => void deployments.refetch()} /> : <Loader aria-label="Loading deployments" />;
  }
  if (deployments.data.length === 0) {
    return (
      <Text>
        There is no deployment yet. <Anchor component={Link} to="/deployments" underline="always">Register one</Anchor>, then plan its upgrade.
      </Text>
    );
  }
  return (
    <form
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        void send();
      }}
    >
      <Stack>
        <Select
          label="Deployment"
          required
          searchable
          allowDeselect={false}
          nothingFoundMessage="No deployment has such a name"
          data={deployments.data.map((d) => ({ value: d.deploymentId, label: d.name }))}
          value={deployment || null}
          onChange={changed((value: string | null) => {
            setDeployment(value ?? '');
            setTarget(null);
          })}
          error={checked && !deployment ? 'Choose the deployment to be upgraded.' : null}
          description={chosen ? `${product?.title ?? chosen.product}, ${chosen.members.length} ${chosen.members.length === 1 ? 'host' : 'hosts'}` : 'The hosts that together run one product'}
          data-autofocus={!deploymentId || undefined}
        />
        {product && !product.upgradable && (
          <Text size="sm" role="status" className="status" data-tone="wait" data-soft style={{ whiteSpace: 'normal' }}>
            Interlock has no procedure to upgrade {product.title} yet.
          </Text>
        )}
        <Select
          label="Target release"
          required
          searchable
          allowDeselect={false}
          disabled={!chosen || releases.isPending}
          placeholder={chosen ? 'Choose a release' : 'Choose the deployment first'}
          nothingFoundMessage="No such release is registered"
          data={[...(releases.data ?? [])].reverse().map((r) => ({ value: r.version, label: r.version }))}
          value={target}
          onChange={changed(setTarget)}
          error={checked && chosen && !target ? 'Choose the release that the hosts shall have.' : null}
          description={release ? releaseWords(release) : 'Those that Interlock knows, newest first'}
        />
        {releases.isError && <ProblemAlert error={releases.error} retry={() => void releases.refetch()} />}
        {releases.data?.length === 0 && (
          <Text size="sm" c="dimmed">
            No release of this product is registered. An operator registers one with <code>POST /api/upgrades/v1/products/{chosen?.product}/releases</code>.
          </Text>
        )}
        <Group grow align="flex-start" gap="sm" className="fold">
          <NumberInput label="Hosts at once" description="As the service is set if left empty" min={1} max={1000} allowDecimal={false} value={concurrency} onChange={changed(setConcurrency)} />
          <NumberInput label="Canary hosts" description="Go first, one by one; a failure stops the run" min={0} max={1000} allowDecimal={false} value={canary} onChange={changed(setCanary)} />
          <NumberInput label="Stop at failed hosts" description="Left empty: the others always go on" min={1} max={100000} allowDecimal={false} value={threshold} onChange={changed(setThreshold)} />
        </Group>
        <Checkbox
          label="Only in a maintenance window"
          description="The run starts in it, and rests at a safe point when it ends"
          checked={withWindow}
          onChange={(e) => changed(setWithWindow)(e.currentTarget.checked)}
        />
        {withWindow && (
          <>
            <Select label="Time zone" searchable allowDeselect={false} data={zones} value={zone} onChange={changed((value: string | null) => setZone(value ?? 'UTC'))} limit={60} description={`Yours is ${viewersZone()}`} />
            <Group grow align="flex-start" gap="sm" className="fold">
              <TextInput type="datetime-local" label="Window opens" required value={start} onChange={(e) => changed(setStart)(e.currentTarget.value)} error={checked || start ? startProblem : null} />
              <TextInput type="datetime-local" label="Window ends" required value={end} onChange={(e) => changed(setEnd)(e.currentTarget.value)} error={checked || end ? endProblem : null} />
            </Group>
            {'at' in from && 'at' in to && to.at > from.at && <InBothZones start={from.at} end={to.at} zone={zone} />}
          </>
        )}
        {error !== null && <ProblemAlert error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Make the plan
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A window as its people speak of it, and as the viewer's own clock shows it. */
export function InBothZones({ start, end, zone }: { start: Date; end: Date; zone: string }) {
  const own = viewersZone();
  return (
    <Stack gap={2}>
      {[...new Set([zone, own])].map((each) => (
        <Text size="sm" key={each} title={`${utc(start.toISOString())} to ${utc(end.toISOString())}`}>
          {inZone(start, each)} to {inZone(end, each)}{' '}
          <Text span c="dimmed" size="sm">
            ({each}
            {each === own ? ', your zone' : ''})
          </Text>
        </Text>
      ))}
      <Text size="sm" c="dimmed">
        It is {duration((end.getTime() - start.getTime()) / 1000)} long.
      </Text>
    </Stack>
  );
}

function releaseWords(release: { repository: string; note: string; assumed: boolean; packages: Record<string, string> }): string {
  const packages = Object.entries(release.packages).map(([name, version]) => `${name} ${version}`);
  return [
    `Repository ${release.repository}`,
    release.note,
    packages.length > 0 ? `packages of other versions: ${packages.join(', ')}` : '',
    release.assumed ? 'assumed: not read in a vendor’s document' : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
