import type { StreamedEvent } from '../api/events';
import { duration } from '../components/time';

/** Which events are about single steps: of interest to who looks closely. */
export const ofStep = (event: StreamedEvent): boolean => typeof event.data['state'] === 'string';

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** An event of a run as a sentence. */
export function inWords(event: StreamedEvent, titleOf: (stepId: string) => string): string {
  const d = event.data;
  const host = text(d['hostName'] ?? d['host']);
  const step = titleOf(text(d['stepId'] ?? d['gateId']));
  switch (event.type) {
    case 'UpgradeStarted':
      return `${text(d['startedBy'])} started it: ${text(d['nodes'])} hosts, ${text(d['steps'])} steps.`;
    case 'PreflightPassed':
      return `${host || 'The deployment'} is fit for the change.`;
    case 'PreflightFailed':
      return `${host || 'The deployment'} is not fit for the change: ${text(d['reason'])}`;
    case 'BackupTaken':
      return `A backup of the ${text(d['what'])} was taken on ${host}: ${text(d['reference'])}`;
    case 'SnapshotTaken':
      return `A snapshot of ${host} was taken.`;
    case 'NodeDrained':
      return `${host} takes no more work.`;
    case 'NodeEnteredUpdateMode':
      return `${host} is in update mode: ${text(d['n'])} of ${text(d['m'])}.`;
    case 'NodeUpdated':
      return `${host} has ${text(d['toVersion'])}, and this was proven: ${text(d['n'])} of ${text(d['m'])}.`;
    case 'SchemaRenewed':
      return `${host} renewed the database’s schema: ${text(d['schemaVersion'])}.`;
    case 'NodeReturnedToNormalMode':
      return `${host} is in normal mode again: ${text(d['n'])} of ${text(d['m'])}.`;
    case 'GateOpened':
      return `It waits for a person with the role ${text(d['role'])}: ${text(d['question'])}`;
    case 'GatePassed':
      return `${text(d['passedBy'])} confirmed ‘${step}’: ${text(d['comment'])}`;
    case 'StepFailed':
      return d['state'] === undefined ? `‘${step}’ failed: ${text(d['detail'])}` : `‘${step}’ failed.`;
    case 'UpgradePaused':
      return `Paused by ${text(d['pausedBy'])}: ${text(d['reason'])}`;
    case 'UpgradeResumed':
      return `${text(d['resumedBy'])} let it go on: ${text(d['reason'])}`;
    case 'UpgradeAborted':
      return `${text(d['abortedBy'])} aborted it: ${text(d['reason'])}. ${text(d['updatedNodes'])} of ${text(d['nodes'])} hosts have the new version.`;
    case 'UpgradeCompleted':
      return `Completed in ${duration(Number(d['seconds'] ?? 0))}: ${text(d['updatedNodes'])} of ${text(d['nodes'])} hosts have the new version; ${text(d['postchecksHeld'])} post-checks held, ${text(d['postchecksFailed'])} failed.`;
    case 'UpgradeFailed':
      return `Failed: ${text(d['reason'])}. ${text(d['nextStep'])}`;
    case 'StepRunning':
      return `‘${step}’ began.`;
    case 'StepSucceeded':
      return `‘${step}’ is done.`;
    case 'StepSkipped':
      return `‘${step}’ was skipped.`;
    case 'StepWaiting':
      return `‘${step}’ waits for a person.`;
    case 'StepPending':
      return `‘${step}’ is to be tried again.`;
    default:
      return [event.type, host].filter(Boolean).join(' ');
  }
}

export const toneOfEvent = (type: string): 'ok' | 'bad' | 'wait' | 'run' | 'off' => {
  if (/Failed$/.test(type)) return 'bad';
  if (/^(GateOpened|UpgradePaused|UpgradeAborted|StepWaiting)$/.test(type)) return 'wait';
  if (/^(UpgradeStarted|UpgradeResumed|StepRunning)$/.test(type)) return 'run';
  if (/^(StepPending|StepSkipped)$/.test(type)) return 'off';
  return 'ok';
};
