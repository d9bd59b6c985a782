import { Group, Text } from '@mantine/core';
import type { Pool } from '../api/types';

export interface Part {
  key: string;
  label: string;
  count: number;
  kind: 'active' | 'used' | 'returning' | 'lost' | 'asked' | 'free';
}

/**
 * A purchase as what it consists of now. The counts add up to its seats, always: a licence is free, asked for, on one server, on its
 * way back from one, or lost with one (L10, L12, L17).
 */
export function partsOf(pool: Pool): Part[] {
  const parts: Part[] = [];
  for (const held of pool.activations ?? []) {
    const name = held.licenseServer;
    const usable = held.total - held.returning;
    if (held.lost) {
      parts.push({ key: `${held.licenseServerId}-lost`, label: `lost with ${name}`, count: usable, kind: 'lost' });
    } else {
      parts.push({ key: `${held.licenseServerId}-used`, label: `in use on ${name}`, count: held.inUse, kind: 'used' });
      parts.push({ key: `${held.licenseServerId}-active`, label: `active on ${name}, not in use`, count: usable - held.inUse, kind: 'active' });
    }
  }
  const { asked, returning } = pool.inTransit;
  const free = pool.available - asked - returning;
  parts.push({ key: 'returning', label: 'on their way back, not yet confirmed', count: returning, kind: 'returning' });
  // Requests may ask for what is still on its way back: no licence is counted twice.
  parts.push({ key: 'asked', label: 'asked for in requests on their way', count: asked + Math.min(0, free), kind: 'asked' });
  parts.push({ key: 'free', label: 'free', count: Math.max(0, free), kind: 'free' });
  return parts.filter((part) => part.count > 0);
}

const fill: Record<Part['kind'], string> = {
  used: 'var(--tone-run)',
  active: 'color-mix(in srgb, var(--tone-run) 45%, var(--interlock-surface))',
  returning: 'repeating-linear-gradient(45deg, var(--tone-wait) 0 4px, transparent 4px 8px)',
  asked: 'repeating-linear-gradient(-45deg, var(--tone-run) 0 3px, transparent 3px 8px)',
  lost: 'var(--tone-bad)',
  free: 'transparent',
};

export function PoolBar({ pool }: { pool: Pool }) {
  const parts = partsOf(pool);
  const words = parts.map((part) => `${part.count} ${part.label}`).join(', ');
  return (
    <div>
      <div
        role="img"
        aria-label={`${pool.seats} licences: ${words}`}
        style={{ display: 'flex', height: '1.1rem', borderRadius: 6, overflow: 'hidden', border: '1px solid var(--tone-off)', minWidth: 140 }}
      >
        {parts.map((part) => (
          <div key={part.key} title={`${part.count} ${part.label}`} style={{ flex: `${part.count} 0 0`, background: fill[part.kind], minWidth: 2 }} />
        ))}
      </div>
      <Group gap="sm" mt={4}>
        {parts.map((part) => (
          <Text key={part.key} size="xs" c="dimmed">
            <span
              aria-hidden
              style={{
                display: 'inline-block', width: '0.7em', height: '0.7em', marginRight: '0.35em', border: '1px solid var(--tone-off)', background: fill[part.kind],
              }}
            />
            {part.count} {part.label}
          </Text>
        ))}
      </Group>
    </div>
  );
}
