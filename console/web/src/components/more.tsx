import { Button, Group, Text } from '@mantine/core';

interface MoreProps {
  /** How many are shown, in words: `50 hosts`. */
  shown: string;
  has: boolean;
  loading: boolean;
  load: () => void;
}

/** The end of a list that goes on: how much of it is here, and the way to more. */
export function More({ shown, has, loading, load }: MoreProps) {
  return (
    <Group justify="space-between" mt="sm" mih={36}>
      <Text size="sm" c="dimmed" role="status">
        {shown}
        {has ? ', and there are more' : ''}
      </Text>
      {has && (
        <Button variant="default" loading={loading} onClick={load}>
          Load more
        </Button>
      )}
    </Group>
  );
}
