import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '../api/types';
import { byTopic, errorName, eventName, replayed } from './dead-letters';

const letter = (topic: string, offset: number) => ({ topic, offset }) as DeadLetter;

describe('dead letters', () => {
  it('stand by topic, in the order in which a replay takes them', () => {
    const found = byTopic([letter('b', 7), letter('a', 3), letter('b', 9)]);
    expect(found.map(({ topic, letters }) => `${topic}: ${letters.map((l) => l.offset)}`)).toEqual(['a: 3', 'b: 7,9']);
  });

  it('are named by their event, and by what they are where that is no name', () => {
    expect(eventName('dev.interlock.inventory.HostFactsChanged.v1')).toBe('HostFactsChanged');
    expect(eventName('com.example.thing')).toBe('com.example.thing');
    expect(eventName(null)).toBe('No event');
  });

  it('tell the class of an error without its package', () => {
    expect(errorName('java.lang.IllegalStateException')).toBe('IllegalStateException');
    expect(errorName('dev.interlock.platform.messaging.KafkaDeliveries$DeadAgain')).toBe('DeadAgain');
    expect(errorName('')).toBe('');
  });

  it('are told of after a replay', () => {
    expect(replayed({ delivered: 1, failed: 0 })).toBe('It was handled.');
    expect(replayed({ delivered: 3, failed: 0 })).toBe('All 3 were handled.');
    expect(replayed({ delivered: 1, failed: 2 })).toBe('1 was handled; 2 failed again and stay here with their new reasons.');
    expect(replayed({ delivered: 0, failed: 1 })).toBe('1 failed again and stays here with its new reason.');
    expect(replayed({ delivered: 0, failed: 0 })).toBe('There was none left to replay.');
  });
});
