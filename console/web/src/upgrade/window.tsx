import { Stack, Text } from '@mantine/core';
import { duration, utc, viewersZone } from '../components/time';
import { inZone } from './zones';

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
