import { Group, Text, Tooltip } from '@mantine/core';
import { IconAlertTriangleFilled, IconHandStop } from '@tabler/icons-react';
import type { Plan } from '../api/types';
import { Clauses } from '../components/clause';
import { duration } from '../components/time';
import { expectedOf, failureMeans, inWordsForAll, lasting, maximumOf, passages, type Passage, type PlanContent, type PlannedStage, type PlannedStep } from './content';
import { Names } from './names';
import { traitWords } from './words';

type StageForecast = Plan['stageForecasts'][number];

/** Steps of a kind of which something can be told. */
const ENOUGH = 20;

/** P50 and P95 by past steps; what is known of few is called a guess. */
export function Forecast({ forecast }: { forecast: Plan['forecast'] }) {
  if (!forecast) return <>No step like these was done before</>;
  return (
    <>
      P50 {duration(forecast.p50Seconds)}, P95 {duration(forecast.p95Seconds)}{' '}
      <Text span size="sm" c="dimmed">
        {forecast.samples < ENOUGH
          ? `(a guess: some kind of step was done only ${forecast.samples === 1 ? 'once' : `${forecast.samples} times`} before)`
          : `(each kind of step was done at least ${forecast.samples} times before)`}
      </Text>
    </>
  );
}

/** All stages in order, each with its hosts and its steps in words. */
export function Stages({ content, forecasts }: { content: PlanContent; forecasts: readonly StageForecast[] }) {
  return (
    <ol className="plain stages">
      {content.stages.map((stage, i) => (
        <li key={`${i}-${stage.name}`} className="stage">
          <Group justify="space-between" gap="xs">
            <Text component="h3" fw={650}>
              {i + 1}. {stage.name}
            </Text>
            <Text size="sm" c="dimmed">
              {lasting(stage, maximumOf) > 0 ? `expected ${duration(lasting(stage, expectedOf))}, at most ${duration(lasting(stage, maximumOf))}` : 'as long as people take'}
              {forecasts[i]?.forecast && `; P50 ${duration(forecasts[i].forecast.p50Seconds)}, P95 ${duration(forecasts[i].forecast.p95Seconds)}`}
            </Text>
          </Group>
          {stage.noWayBack &&
            (content.stages.findIndex((s) => s.noWayBack === stage.noWayBack) === i ? (
              <NoWayBack why={stage.noWayBack} />
            ) : (
              <p className="mark" data-tone="bad">
                <IconAlertTriangleFilled size="1em" aria-hidden /> Still no way back.
              </p>
            ))}
          {stage.haltOnFailure && (
            <p className="mark" data-tone="wait">
              <IconHandStop size="1em" aria-hidden /> A failure here stops the whole run.
            </p>
          )}
          {passages(stage).map((passage, n) => (
            <PassageView key={n} stage={stage} passage={passage} />
          ))}
        </li>
      ))}
    </ol>
  );
}

export function NoWayBack({ why }: { why: string }) {
  return (
    <p className="mark" data-tone="bad">
      <IconAlertTriangleFilled size="1em" aria-hidden /> <b>No way back from here:</b> {why}
    </p>
  );
}

function PassageView({ stage, passage }: { stage: PlannedStage; passage: Passage }) {
  const many = passage.hosts.length > 1;
  const order = stage.width === 1 ? 'one after another' : `up to ${stage.width} at once`;
  return (
    <div className="passage">
      <Names names={passage.hosts.map((lane) => lane.hostName)} what={many ? `On each of ${passage.hosts.length} hosts, ${order}` : 'On'} />
      <ol>
        {passage.kinds.map(({ sample }) => (
          <StepInWords key={sample.id} step={sample} stage={stage} host={many ? (passage.hosts[0]?.hostName ?? '') : ''} />
        ))}
      </ol>
    </div>
  );
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function StepInWords({ step, stage, host }: { step: PlannedStep; stage: PlannedStage; host: string }) {
  const words = (text: string) => sentence(inWordsForAll(text, host, 'the host'));
  const gate = step.action.kind === 'gate';
  return (
    <li className="step-in-words">
      <Group gap="xs">
        <Text span fw={600}>
          {words(step.title)}
        </Text>
        <Clauses ids={step.clauses} />
        <Text span size="sm" c="dimmed">
          {gate ? `waits for a person${maximumOf(step) > 0 ? `, ${duration(maximumOf(step))} at most` : ''}` : `expected ${duration(expectedOf(step))}, at most ${duration(maximumOf(step))}`}
        </Text>
        {step.traits.map((trait) => (
          <Tooltip key={trait} label={traitWords[trait]?.means ?? trait}>
            <span className="trait" data-tone={trait === 'DESTROYS' ? 'bad' : trait === 'OUTAGE' ? 'wait' : 'off'} tabIndex={0}>
              {traitWords[trait]?.label ?? trait}
            </span>
          </Tooltip>
        ))}
      </Group>
      {gate ? (
        <dl className="inline-facts">
          <dt>Gate</dt>
          <dd>{words(String(step.action.question ?? ''))}</dd>
          <dt>Answered by</dt>
          <dd>somebody with the role {String(step.action.role ?? 'operator')}, or an admin</dd>
          <dt>If refused</dt>
          <dd>{failureMeans(step, stage)}</dd>
        </dl>
      ) : (
        <dl className="inline-facts">
          <dt>Seen before</dt>
          <dd>{words(step.before)}</dd>
          <dt>Proven after</dt>
          <dd>{words(step.after)}</dd>
          <dt>If it fails</dt>
          <dd>{failureMeans(step, stage)}</dd>
        </dl>
      )}
    </li>
  );
}
