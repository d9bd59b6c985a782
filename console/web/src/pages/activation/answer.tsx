import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { licenses } from '../../api/client';
import { useMay } from '../../api/session';
import type { ActivationRequest } from '../../api/types';
import { Of } from '../../components/states';
import { Left, Time } from '../../components/time';

/** What the answer holds, before it does anything (L26). */
export function Answer({ request, children }: { request: ActivationRequest; children: ReactNode }) {
  const operator = useMay('operator');
  const [shown, setShown] = useState(false);
  const inspection = useQuery({
    queryKey: ['activation-response', request.requestId, request.responseSha256],
    queryFn: async () => (await licenses.GET('/api/v1/activation-requests/{id}/response', { params: { path: { id: request.requestId } } })).data!,
    enabled: operator && shown,
    retry: false,
  });
  return (
    <Stack>
      <Text size="sm">
        An answer that fits is here
        {request.responseExpiresAt && (
          <>
            , good for another <Left until={request.responseExpiresAt} />
          </>
        )}
        . SHA-256 <span className="mono">{request.responseSha256}</span>
      </Text>
      {operator && !shown && (
        <Group>
          <Button variant="default" onClick={() => setShown(true)}>
            Show what the answer holds
          </Button>
        </Group>
      )}
      {shown && (
        <Of query={inspection} what="answer" rows={3}>
          {(found) => (
            <Table variant="vertical" layout="fixed" aria-label="What the answer holds">
              <Table.Tbody>
                <Table.Tr>
                  <Table.Th w="35%">Issued by</Table.Th>
                  <Table.Td>{found.issuer}</Table.Td>
                </Table.Tr>
                <Table.Tr>
                  <Table.Th>Good until</Table.Th>
                  <Table.Td>
                    <Time at={found.expiresAt} />
                  </Table.Td>
                </Table.Tr>
                <Table.Tr>
                  <Table.Th>Works on the machine</Table.Th>
                  <Table.Td className="mono">{found.requestHostId}</Table.Td>
                </Table.Tr>
                {Object.entries(found.contents ?? {}).map(([name, value]) => (
                  <Table.Tr key={name}>
                    <Table.Th>{name}</Table.Th>
                    <Table.Td className="mono">{String(value)}</Table.Td>
                  </Table.Tr>
                ))}
                {!found.acceptable && (
                  <Table.Tr>
                    <Table.Th>Cannot be applied now</Table.Th>
                    <Table.Td>
                      {found.problem} {found.next}
                    </Table.Td>
                  </Table.Tr>
                )}
              </Table.Tbody>
            </Table>
          )}
        </Of>
      )}
      {children}
    </Stack>
  );
}
