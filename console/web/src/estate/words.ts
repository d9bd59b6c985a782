import type { Host } from '../api/types';
import type { Tone } from '../components/status';

/** The products that Interlock knows, by the names that the APIs use. */
export const products: { value: string; label: string }[] = [
  { value: 'keeper-connection-manager', label: 'Keeper Connection Manager' },
  { value: 'pcoip-connection-manager', label: 'PCoIP Connection Manager' },
  { value: 'pcoip-license-server', label: 'PCoIP License Server' },
  { value: 'igel-ums', label: 'IGEL UMS' },
  { value: 'parallels-secure-workspace', label: 'Parallels Secure Workspace' },
];

export const productTitle = (product: string): string => products.find((p) => p.value === product)?.label ?? product.replaceAll('-', ' ');

export const hostStatuses: { value: string; label: string; tone: Tone }[] = [
  { value: 'reachable', label: 'Reachable', tone: 'ok' },
  { value: 'unreachable', label: 'Unreachable', tone: 'bad' },
  { value: 'host-key-changed', label: 'Key changed', tone: 'bad' },
  { value: 'new', label: 'New', tone: 'off' },
  { value: 'retired', label: 'Retired', tone: 'off' },
];

/** A host's state for people: one that only waits for its key is another thing than one that nobody has looked at yet. */
export function stateOf(host: Pick<Host, 'status' | 'presentedHostKey'>): { label: string; tone: Tone } {
  if (host.status === 'new' && host.presentedHostKey) return { label: 'Key to be accepted', tone: 'wait' };
  const known = hostStatuses.find((s) => s.value === host.status);
  return known ?? { label: host.status, tone: 'off' };
}

/** Milliseconds as a person says them: `12 ms`, `1.35 s`, `3 min 20 s`. */
export function millis(ms: number): string {
  const size = Math.abs(ms);
  const sign = ms < 0 ? '−' : '';
  if (size < 1_000) return `${sign}${size} ms`;
  if (size < 60_000) return `${sign}${(size / 1000).toFixed(2).replace(/\.?0+$/, '')} s`;
  const s = Math.round(size / 1000);
  return `${sign}${Math.floor(s / 60)} min${s % 60 ? ` ${s % 60} s` : ''}`;
}

const sizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function bytes(n: number): string {
  let value = n;
  let unit = 0;
  while (value >= 1024 && unit < sizes.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${sizes[unit]}`;
}
