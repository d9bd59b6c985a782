import { describe, expect, it } from 'vitest';
import { sameFingerprint } from './accept-key';
import { changesOf, type Decided } from './changed';
import { formatOf } from './import-dialog';
import { fromLines, toLines } from './pairs';
import { bytes, millis, stateOf } from './words';

const deployment = (part: Partial<Decided>): Decided => ({
  name: 'kcm-eu',
  members: [
    { hostId: 'a', host: 'kcm-01', role: 'node' },
    { hostId: 'b', host: 'kcm-02', role: 'node' },
  ],
  settings: { location: 'cloud' },
  ...part,
});

describe('what somebody else changed of a deployment', () => {
  it('is nothing when it says the same', () => expect(changesOf(deployment({}), deployment({}))).toEqual([]));

  it('names each field with what it was and is', () => {
    const now = deployment({
      name: 'kcm-emea',
      members: [
        { hostId: 'a', host: 'kcm-01', role: 'leader' },
        { hostId: 'c', host: 'kcm-03', role: 'node' },
      ],
      settings: { zone: 'b' },
    });
    expect(changesOf(deployment({}), now).map((c) => `${c.what}: ${c.before} > ${c.now}`)).toEqual([
      'Name: kcm-eu > kcm-emea',
      'Member kcm-01: node > leader',
      'Member kcm-02: node > no member',
      'Member kcm-03: no member > node',
      'Setting location: cloud > not set',
      'Setting zone: not set > b',
    ]);
  });

  it('sees another order, which counts for some products', () => {
    const now = deployment({ members: [...deployment({}).members].reverse() });
    expect(changesOf(deployment({}), now).map((c) => c.what)).toEqual(['Order of the members']);
  });
});

describe('labels and settings as lines', () => {
  it('come back as they were', () => {
    const pairs = { site: 'Hamburg', note: 'a = b' };
    expect(fromLines(toLines(pairs))).toEqual({ pairs, problem: null });
  });
  it('say which line is none', () => expect(fromLines('site = a\n\nfoo').problem).toBe('Line 3 is no name = value.'));
  it('say what is named twice', () => expect(fromLines('a=1\na=2').problem).toBe('Line 2 names a a second time.'));
});

describe('a fingerprint read on the host', () => {
  const shown = 'SHA256:abc+/def';
  it('is found in the line that ssh-keygen prints', () => expect(sameFingerprint('256 SHA256:abc+/def root@kcm-01 (ED25519)', shown)).toBe(true));
  it('is another one if it is only a part', () => expect(sameFingerprint('SHA256:abc+/de', shown)).toBe(false));
  it('is another one if only the case differs', () => expect(sameFingerprint('SHA256:ABC+/DEF', shown)).toBe(false));
});

describe('words', () => {
  it('tell a host that waits for its key from one that nobody has looked at', () => {
    expect(stateOf({ status: 'new', presentedHostKey: 'ssh-ed25519 A' }).label).toBe('Key to be accepted');
    expect(stateOf({ status: 'new', presentedHostKey: null }).label).toBe('New');
  });
  it('say milliseconds and bytes as a person does', () => {
    expect([millis(12), millis(-1_350), millis(200_000), millis(60_000)]).toEqual(['12 ms', '−1.35 s', '3 min 20 s', '1 min']);
    expect([bytes(512), bytes(1_536), bytes(42 * 1024 ** 3)]).toEqual(['512 B', '1.5 KiB', '42 GiB']);
  });
  it('guess a file’s format by its name', () =>
    expect(['hosts.csv', 'inventory.yml', 'hosts', 'hosts.ini'].map(formatOf)).toEqual(['csv', 'ansible-yaml', 'ansible-ini', 'ansible-ini']));
});
