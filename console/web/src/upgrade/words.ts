/** The API's words for people. */
export const planStatus: Record<string, string> = {
  planned: 'Waits for approval',
  approved: 'Approved',
  rejected: 'Rejected',
  drifted: 'No longer fits',
};

export const runStatus: Record<string, string> = {
  queued: 'Waits in line',
  running: 'Running',
  pausing: 'Pausing',
  paused: 'Paused',
  aborting: 'Aborting',
  aborted: 'Aborted',
  completed: 'Completed',
  failed: 'Failed',
};

export const stepState: Record<string, string> = {
  pending: 'Not begun',
  waiting: 'Waits for a person',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  skipped: 'Skipped',
};

export const traitWords: Record<string, { label: string; means: string }> = {
  OUTAGE: { label: 'Outage', means: 'The service does not answer its users while this is going on.' },
  NEVER_REBOOT: { label: 'Never reboot', means: 'Nobody may restart the host while this is going on (P9).' },
  NEEDED: { label: 'Cannot be skipped', means: 'What follows would do harm without it: it can be retried, not skipped.' },
  DESTROYS: { label: 'Destroys the machine', means: 'The machine is gone after it, and with it what is only there.' },
};
