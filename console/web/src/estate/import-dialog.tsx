import { FileInput, Group, Select, Stack, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { inventory, type Answer, type InventoryPaths } from '../api/client';
import { count } from '../components/count';
import { FormDialog } from '../components/form-dialog';
import { DataTable } from '../components/table';

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
  const [report, setReport] = useState<Report | null>(null);
  const done = report !== null && !report.dryRun;

  const send = (dryRun: boolean) => async () => {
    setReport(null);
    const { data } = await inventory.POST('/api/v1/imports', {
      params: { query: { format, dryRun } },
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
      body: (await file!.text()) as never,
      bodySerializer: (text) => text as unknown as string,
    });
    setReport(data!);
    if (!dryRun) await client.invalidateQueries({ queryKey: ['inventory'] });
    // what became of it is shown here
    return false;
  };

  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      onLeft={() => {
        setFile(null);
        setReport(null);
      }}
      title="Import hosts"
      size="xl"
      submit={done ? undefined : 'Import'}
      also={done ? undefined : { label: 'Check only', onSubmit: send(true) }}
      onSubmit={send(false)}
      wish={`${file?.name} ${file?.lastModified} ${format}`}
      disabled={!file}
    >
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
            setReport(null);
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
            setReport(null);
          }}
          style={{ flex: '1 1 12rem' }}
        />
      </Group>
      {report && <Said report={report} />}
    </FormDialog>
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
          { header: 'Field', cell: (line) => <span className="whole">{line.field}</span> },
          { header: 'Problem', cell: (line) => line.problem },
          { header: 'What to do', cell: (line) => line.next },
        ]}
      />
    </div>
  );
}
