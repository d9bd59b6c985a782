import type { DeadLetter } from '../api/types';

/** The dead letters of one topic, in the order in which a replay takes them. */
export interface Topic {
  topic: string;
  letters: DeadLetter[];
}

/** A replay takes a whole topic, so that is how they are shown. */
export function byTopic(letters: readonly DeadLetter[]): Topic[] {
  const topics = new Map<string, DeadLetter[]>();
  for (const letter of letters) topics.set(letter.topic, [...(topics.get(letter.topic) ?? []), letter]);
  return [...topics].map(([topic, of]) => ({ topic, letters: of })).sort((a, b) => a.topic.localeCompare(b.topic));
}

/** An event's name out of its type: `dev.interlock.inventory.HostFactsChanged.v1` is HostFactsChanged. */
export const eventName = (type: string | null | undefined): string => (type ? (/\.([A-Z]\w*)\.v\d+$/.exec(type)?.[1] ?? type) : 'No event');

/** A class of the service without its package. */
export const errorName = (error: string): string => error.split(/[.$]/).pop() || error;

/** What came of a replay, in words. */
export function replayed({ delivered, failed }: { delivered: number; failed: number }): string {
  if (delivered === 0 && failed === 0) return 'There was none left to replay.';
  if (failed === 0) return delivered === 1 ? 'It was handled.' : `All ${delivered} were handled.`;
  const again = failed === 1 ? '1 failed again and stays here with its new reason.' : `${failed} failed again and stay here with their new reasons.`;
  return delivered === 0 ? again : `${delivered} ${delivered === 1 ? 'was' : 'were'} handled; ${again}`;
}
