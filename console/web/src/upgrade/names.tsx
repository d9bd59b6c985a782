import { Text } from '@mantine/core';

const FEW = 8;

/** A list of names that may be long: the first of them, the others on demand. */
export function Names({ names, what, open = false, plain = false }: { names: readonly string[]; what: string; open?: boolean; plain?: boolean }) {
  if (names.length <= FEW) {
    if (plain) return <>{names.join(', ')}</>;
    return (
      <Text size="sm" c="dimmed">
        {what}: {names.join(', ')}
      </Text>
    );
  }
  return (
    <details className="names" open={open}>
      <summary>
        {what}: {names.slice(0, 3).join(', ')} and {names.length - 3} more
      </summary>
      <ul>
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </details>
  );
}
