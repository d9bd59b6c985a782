import { Button, FileInput, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { inventory, type Answer, type InventoryPaths } from '../api/client';
import { ProblemAlert } from '../components/states';
import { DataTable } from '../components/table';
import { count } from './words';

type Report = Answer<InventoryPaths['/api/v1/imports']['post']>;

const formats = [
  { value: 'csv', label: 'CSV' },
  { value: 'ansible-ini', label: 'Ansible inventory (INI)' },
  { value: 'ansible-yaml', label: 'Ansible inventory (YAML)' },
];

/** What a file is by its name; an Ansible inventory often has no ending at all. */
export function formatOf(name: string): string {
  if (/\.csv$/i.test(name)) return 'csv';
  if (/\.ya?ml$/i.test(name)) return 'ansible-yaml';
  return 'ansible-ini';
}

/** Takes hosts and deployments from a file: first it says what that would do, then it does it. */
export function ImportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [format, setFormat] = useState('csv');
  const send = useMutation({
    mutationFn: async ({ dryRun }: { dryRun: boolean }) => {
      const text = await file!.text();
      const { data } = await inventory.POST('/api/v1/imports', {
        params: { query: { format, dryRun } },
        headers: { 'Content-Type': 'text/plain; charset=utf-8' },
        body: text as never,
        bodySerializer: (body) => body as unknown as string,
      });
      return data!;
    },
    onSuccess: (report) => (report.dryRun ? undefined : client.invalidateQueries({ queryKey: ['inventory'] })),
  });
  const close = () => {
    setFile(null);
    send.reset();
    onClose();
  };
  const report = send.data;

  return (
    <Modal opened={opened} onClose={close} size="xl" title={<Text fw={650}>Import hosts</Text>}>
      <Stack>
        <Text size="sm">
          A CSV file with the columns name, address, port, user, credential, host_key, deployment, product, role and labels, or an Ansible
          inventory. Good lines take effect, bad ones are listed; the same file again changes nothing.
        </Text>
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <FileInput
            label="File"
            placeholder="Choose a file"
            required
            clearable
            clearButtonProps={{ 'aria-label': 'Take the file away' }}
            leftSection={<IconUpload size={16} aria-hidden />}
            value={file}
            onChange={(chosen) => {
              setFile(chosen);
              send.reset();
              if (chosen) setFormat(formatOf(chosen.name));
            }}
            style={{ flex: '2 1 14rem' }}
            data-autofocus
          />
          <Select
            label="Format"
            data={formats}
            allowDeselect={false}
            value={format}
            onChange={(value) => {
              setFormat(value ?? 'csv');
              send.reset();
            }}
            style={{ flex: '1 1 12rem' }}
          />
        </Group>
        {send.isError && <ProblemAlert error={send.error} />}
        {report && <Said report={report} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {report && !report.dryRun ? 'Close' : 'Cancel'}
          </Button>
          {!(report && !report.dryRun) && (
            <>
              <Button
                variant="default"
                disabled={!file}
                loading={send.isPending && send.variables.dryRun}
                onClick={() => send.mutate({ dryRun: true })}
              >
                Check only
              </Button>
              <Button disabled={!file} loading={send.isPending && !send.variables.dryRun} onClick={() => send.mutate({ dryRun: false })}>
                Import
              </Button>
            </>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function Said({ report }: { report: Report }) {
  const would = report.dryRun ? 'would be' : report.created + report.updated === 1 ? 'was' : 'were';
  return (
    <Stack gap="sm">
      <Text role="status" size="sm" fw={600}>
        {report.dryRun ? 'Nothing is changed yet. ' : ''}
        {count(report.created, 'host')} {would} registered, {report.updated} changed, {report.unchanged} left as {report.unchanged === 1 ? 'it is' : 'they are'};{' '}
        {count(report.deployments, 'deployment')} {report.dryRun ? 'would be' : report.deployments === 1 ? 'was' : 'were'} registered or changed.
      </Text>
      <Lines caption={`Lines with problems (${report.rejected.length})`} lines={report.rejected} />
      <Lines caption={`Warnings (${report.warnings.length})`} lines={report.warnings} />
    </Stack>
  );
}

function Lines({ caption, lines }: { caption: string; lines: Report['rejected'] }) {
  if (lines.length === 0) return null;
  return (
    <div style={{ maxHeight: '18rem', overflow: 'auto' }} tabIndex={0} role="group" aria-label={caption}>
      <DataTable
        caption={caption}
        showCaption
        rows={lines.map((line, at) => ({ ...line, at }))}
        keyOf={(line) => String(line.at)}
        columns={[
          { header: 'Line', number: true, cell: (line) => line.line || 'file' },
          { header: 'Field', cell: (line) => line.field },
          { header: 'Problem', cell: (line) => line.problem },
          { header: 'What to do', cell: (line) => line.next },
        ]}
      />
    </div>
  );
}
