import { Checkbox, Group, Loader, NumberInput, Select, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { given, idOf, upgrades } from '../api/client';
import { count } from '../components/count';
import { useDraft } from '../components/draft';
import { FormDialog } from '../components/form-dialog';
import { ProblemAlert } from '../components/states';
import { TextLink } from '../components/text-link';
import { viewersZone } from '../components/time';
import { useDeployments } from '../estate/queries';
import { useProducts } from './queries';
import { InBothZones } from './window';
import { allZones, instantOf, type Moment } from './zones';

interface PlanDialogProps {
  opened: boolean;
  onClose: () => void;
  /** Chosen beforehand, as by a link from a deployment's page. */
  deploymentId: string;
}

interface Draft {
  deployment: string;
  target: string;
  concurrency: string | number;
  canary: string | number;
  threshold: string | number;
  withWindow: boolean;
  zone: string;
  start: string;
  end: string;
}

const blank = { target: '', concurrency: '', canary: '', threshold: '', withWindow: false, start: '', end: '' };

/** Asks for all that a plan needs. The service says whether there can be such a plan; nothing is done to any host. */
export function PlanDialog({ opened, onClose, deploymentId }: PlanDialogProps) {
  const draft = useDraft<Draft>({ ...blank, deployment: deploymentId, zone: viewersZone() });
  const [checked, setChecked] = useState(false);
  const navigate = useNavigate();
  const client = useQueryClient();
  const deployments = useDeployments();
  const { now } = draft;
  const window = windowOf(now);

  const send = draft.sending(async () => {
    setChecked(true);
    if (!now.deployment || !now.target || window.startProblem !== null || window.endProblem !== null) return false;
    const { response } = await upgrades.POST('/api/v1/plans', {
      headers: { 'Idempotency-Key': draft.key },
      body: {
        deploymentId: now.deployment,
        targetVersion: now.target,
        ...given({ concurrency: numberOf(now.concurrency), canary: numberOf(now.canary), failureThreshold: numberOf(now.threshold), window: window.body }),
      },
    });
    await client.invalidateQueries({ queryKey: ['upgrades', 'plans'] });
    await navigate(`/plans/${idOf(response)}`);
    // the dialogue goes with its page: to close it would be another place to go to
    return false;
  });

  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      onLeft={() => {
        draft.forget();
        setChecked(false);
      }}
      title="Plan an upgrade"
      submit={deployments.data && deployments.data.length > 0 ? 'Make the plan' : undefined}
      onSubmit={send}
      wish={draft.key}
      checks
    >
      {deployments.data === undefined ? (
        deployments.isError ? (
          <ProblemAlert error={deployments.error} retry={() => void deployments.refetch()} />
        ) : (
          <Loader aria-label="Loading deployments" />
        )
      ) : deployments.data.length === 0 ? (
        <Text>
          There is no deployment yet. <TextLink to="/deployments">Register one</TextLink>, then plan its upgrade.
        </Text>
      ) : (
        <PlanFields draft={draft} checked={checked} preset={deploymentId !== ''} />
      )}
    </FormDialog>
  );
}

const numberOf = (typed: string | number) => (typed === '' ? undefined : Number(typed));

const said: Record<'invalid' | 'skipped' | 'twice', string> = {
  invalid: 'Give a date and a time.',
  skipped: 'There is no such time in this zone: the clocks are put forward then. Choose another.',
  twice: 'This time comes twice in this zone, as the clocks are put back. Choose another time, or give the window in UTC.',
};

const problemOf = (moment: Moment): string | null => ('problem' in moment ? said[moment.problem] : null);

/** The maintenance window of a draft, if it has one that can be, and else what is wrong with it. */
function windowOf({ withWindow, start, end, zone }: Draft) {
  if (!withWindow) return { startProblem: null, endProblem: null };
  const from = instantOf(start, zone);
  const to = instantOf(end, zone);
  const whole = 'at' in from && 'at' in to ? { from: from.at, to: to.at } : undefined;
  const backwards = whole !== undefined && whole.to <= whole.from;
  return {
    startProblem: problemOf(from),
    endProblem: problemOf(to) ?? (backwards ? 'The window has to end after its start.' : null),
    ...(whole && !backwards ? { ...whole, body: { start: whole.from.toISOString(), end: whole.to.toISOString(), zone } } : {}),
  };
}

interface PlanFieldsProps {
  draft: ReturnType<typeof useDraft<Draft>>;
  /** Somebody has tried to send it: from then on what is missing is said. */
  checked: boolean;
  /** The deployment is chosen already: begin with what comes after it. */
  preset: boolean;
}

function PlanFields({ draft: { now, set, text, field }, checked, preset }: PlanFieldsProps) {
  const deployments = useDeployments();
  const products = useProducts();
  const chosen = deployments.data?.find((d) => d.deploymentId === now.deployment);
  const product = products.data?.find((p) => p.id === chosen?.product);
  const releases = useQuery({
    queryKey: ['upgrades', 'releases', chosen?.product],
    queryFn: async ({ signal }) =>
      (await upgrades.GET('/api/v1/products/{product}/releases', { params: { path: { product: chosen!.product } }, signal })).data?.items ?? [],
    enabled: chosen !== undefined,
    staleTime: 60_000,
  });
  const release = releases.data?.find((r) => r.version === now.target);
  return (
    <>
      <Select
        label="Deployment"
        required
        searchable
        allowDeselect={false}
        nothingFoundMessage="No deployment has such a name"
        data={(deployments.data ?? []).map((d) => ({ value: d.deploymentId, label: d.name }))}
        value={now.deployment || null}
        onChange={(value) => set({ deployment: value ?? '', target: '' })}
        error={checked && !now.deployment ? 'Choose the deployment to be upgraded.' : null}
        description={chosen ? `${product?.title ?? chosen.product}, ${count(chosen.members.length, 'host')}` : 'The hosts that together run one product'}
        data-autofocus={!preset || undefined}
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
        value={now.target || null}
        onChange={(value) => set({ target: value ?? '' })}
        error={checked && chosen && !now.target ? 'Choose the release that the hosts shall have.' : null}
        description={release ? releaseWords(release) : 'Those that Interlock knows, newest first'}
      />
      {releases.isError && <ProblemAlert error={releases.error} retry={() => void releases.refetch()} />}
      {releases.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          No release of this product is registered. An operator registers one with <code>POST /api/upgrades/v1/products/{chosen?.product}/releases</code>.
        </Text>
      )}
      <Group grow align="flex-start" gap="sm" className="fold">
        <NumberInput label="Hosts at once" description="As the service is set if left empty" min={1} max={1000} allowDecimal={false} {...field('concurrency')} />
        <NumberInput label="Canary hosts" description="Go first, one by one; a failure stops the run" min={0} max={1000} allowDecimal={false} {...field('canary')} />
        <NumberInput label="Stop at failed hosts" description="Left empty: the others always go on" min={1} max={100000} allowDecimal={false} {...field('threshold')} />
      </Group>
      <Checkbox
        label="Only in a maintenance window"
        description="The run starts in it, and rests at a safe point when it ends"
        checked={now.withWindow}
        onChange={(e) => set({ withWindow: e.currentTarget.checked })}
      />
      {now.withWindow && <WindowFields now={now} text={text} field={field} checked={checked} />}
    </>
  );
}

function WindowFields({ now, text, field, checked }: Pick<PlanFieldsProps['draft'], 'now' | 'text' | 'field'> & { checked: boolean }) {
  const zones = useMemo(allZones, []);
  const { startProblem, endProblem, from, to } = windowOf(now);
  return (
    <>
      <Select
        label="Time zone"
        searchable
        allowDeselect={false}
        data={zones}
        {...field('zone')}
        onChange={(zone) => field('zone').onChange(zone ?? 'UTC')}
        limit={60}
        description={`Yours is ${viewersZone()}`}
      />
      <Group grow align="flex-start" gap="sm" className="fold">
        <TextInput type="datetime-local" label="Window opens" required {...text('start')} error={checked || now.start ? startProblem : null} />
        <TextInput type="datetime-local" label="Window ends" required {...text('end')} error={checked || now.end ? endProblem : null} />
      </Group>
      {from && to && <InBothZones start={from} end={to} zone={now.zone} />}
    </>
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
