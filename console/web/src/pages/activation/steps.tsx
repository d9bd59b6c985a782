import { Alert, Button, Code, FileButton, Group, List, Stack, Stepper, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconDownload, IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { licenses } from '../../api/client';
import { problemOf } from '../../api/problem';
import { useMay } from '../../api/session';
import type { ActivationRequest } from '../../api/types';
import { Clause } from '../../components/clause';
import { download } from '../../components/download';
import { ProblemAlert } from '../../components/states';
import { Answer } from './answer';

const stepOf: Record<string, number> = { open: 1, answered: 2, applying: 2, applied: 3, superseded: 3 };

/** What has been done with the files, and what is to be done next. */
export function Steps({ request }: { request: ActivationRequest }) {
  const client = useQueryClient();
  const operator = useMay('operator');
  const narrow = useMediaQuery('(max-width: 48em)');
  const step = stepOf[request.state] ?? 0;
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: ['activation-request', request.requestId] });
    await client.invalidateQueries({ queryKey: ['pools'] });
  };

  const carry = useMutation({
    mutationFn: async () => {
      const { data } = await licenses.GET('/api/v1/activation-requests/{id}/request.bin', {
        params: { path: { id: request.requestId } },
        parseAs: 'blob',
      });
      download('request.bin', data as unknown as Blob);
    },
    onSettled: refresh, // who took the file is part of its trail
  });
  const upload = useMutation({
    mutationFn: async (file: File) => {
      const response = await fetch(`/api/licenses/v1/activation-requests/${request.requestId}/response`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/octet-stream' },
        body: file,
      });
      if (!response.ok) throw await problemOf(response);
    },
    onSettled: refresh,
  });
  const apply = useMutation({
    mutationFn: () => licenses.POST('/api/v1/activation-requests/{id}/application', { params: { path: { id: request.requestId } } }),
    onSettled: refresh,
  });

  return (
    <Stack>
      <Stepper active={step} orientation={narrow ? 'vertical' : 'horizontal'} size="sm" allowNextStepsSelect={false}>
        <Stepper.Step label="Made" description={`by ${request.madeBy}`} />
        <Stepper.Step label="Carried" description="request.bin there, response.bin back" />
        <Stepper.Step label="Applied" description="Nothing is activated before" />
      </Stepper>
      {step <= 1 && (
        <Stack>
          <List type="ordered" size="sm" spacing="xs">
            <List.Item>Download the request and copy it to a machine that reaches the portal.</List.Item>
            <List.Item>
              Upload it there; the portal answers with a file that works on the machine <Code>{request.requestHostId}</Code> only <Clause id="L25" />.
            </List.Item>
            <List.Item>
              Bring the answer here in time <Clause id="L28" />: it lives as long as it says, 24 hours if it says nothing.
            </List.Item>
          </List>
          {operator ? (
            <Group>
              <Button leftSection={<IconDownload size={16} aria-hidden />} loading={carry.isPending} onClick={() => carry.mutate()}>
                Download request.bin
              </Button>
              <Upload busy={upload.isPending} onFile={(file) => upload.mutate(file)} />
            </Group>
          ) : (
            <Text size="sm" c="dimmed">
              Somebody with the role operator carries the files.
            </Text>
          )}
        </Stack>
      )}
      {carry.isError && <ProblemAlert error={carry.error} />}
      {upload.isError && <ProblemAlert error={upload.error} />}
      {(request.state === 'answered' || request.state === 'applying') && (
        <Answer request={request}>
          {apply.isError && <ProblemAlert error={apply.error} />}
          {operator && (
            <Group>
              <Button loading={apply.isPending || request.state === 'applying'} onClick={() => apply.mutate()}>
                Apply the answer
              </Button>
              <Upload busy={upload.isPending} onFile={(file) => upload.mutate(file)} label="Upload another answer" />
            </Group>
          )}
        </Answer>
      )}
      {request.state === 'applied' && (
        <Alert variant="outline" color="green" title="Applied and verified by a list">
          <Text size="sm">
            {request.closedBy} applied it; the server was found to have {request.total} licences of this purchase. <Clause id="L29" />
          </Text>
        </Alert>
      )}
      {request.state === 'superseded' && (
        <Alert variant="outline" color="gray" title="A later request took its place">
          <Text size="sm">
            Its answer will not be taken any more. <Clause id="L24" />
          </Text>
        </Alert>
      )}
    </Stack>
  );
}

function Upload({ busy, onFile, label = 'Upload response.bin' }: { busy: boolean; onFile: (file: File) => void; label?: string }) {
  return (
    <FileButton
      onChange={(file) => {
        if (file) onFile(file);
      }}
      inputProps={{ 'aria-label': label }}
    >
      {(props) => (
        <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />} loading={busy}>
          {label}
        </Button>
      )}
    </FileButton>
  );
}
