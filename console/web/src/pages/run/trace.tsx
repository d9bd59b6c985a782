import { Button, Stack } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { upgrades } from '../../api/client';
import type { Run } from '../../api/types';
import { download } from '../../components/download';
import { ProblemAlert } from '../../components/states';

/** The whole story, signed, to be kept and checked elsewhere. */
export function Trace({ run }: { run: Run }) {
  const trace = useMutation({
    mutationFn: async () => {
      const { data } = await upgrades.GET('/api/v1/runs/{id}/trace', { params: { path: { id: run.id } }, parseAs: 'blob' });
      download(`run-${run.id}.trace.ndjson`, data as unknown as Blob);
    },
  });
  return (
    <Stack gap="xs" align="flex-end">
      <Button
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        loading={trace.isPending}
        onClick={() => trace.mutate()}
        title="Lines of JSON, signed: interlock verify-trace checks it off-line"
      >
        Download the signed trace
      </Button>
      {trace.isError && <ProblemAlert error={trace.error} />}
    </Stack>
  );
}
