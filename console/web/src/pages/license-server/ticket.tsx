import { Button, Code, CopyButton, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { given, licenses } from '../../api/client';
import { Section } from '../../components/page';
import { ProblemAlert } from '../../components/states';

const abouts = [
  { value: 'licenses-lost', label: 'Licences were lost with a machine' },
  { value: 'cannot-transfer-files', label: 'Files cannot be carried out of the house' },
  { value: 'portal-access', label: 'No access to the portal' },
];

/** The text of a ticket for the vendor's support; nothing is sent. */
export function Ticket({ id, codes }: { id: string; codes: string[] }) {
  const [about, setAbout] = useState('licenses-lost');
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const ticket = useMutation({
    mutationFn: async () =>
      (
        await licenses.GET('/api/v1/license-servers/{id}/ticket', {
          params: {
            path: { id },
            query: { about, ...given({ activationCode: codes[0], contactName: name, contactEmail: email }) } as never,
          },
        })
      ).data!,
  });
  return (
    <Section title="A ticket for the vendor’s support">
      <Stack>
        <div className="filters">
          <NativeSelect label="About" style={{ flex: '2 1 20rem' }} data={abouts} value={about} onChange={(e) => setAbout(e.currentTarget.value)} />
          <TextInput label="Contact" value={name} onChange={(e) => setName(e.currentTarget.value)} />
          <TextInput label="E-mail" type="email" value={email} onChange={(e) => setEmail(e.currentTarget.value)} />
          <Button variant="default" onClick={() => ticket.mutate()} loading={ticket.isPending}>
            Write it
          </Button>
        </div>
        {ticket.isError && <ProblemAlert error={ticket.error} />}
        {ticket.data && (
          <>
            <Text size="sm">
              Case reason: <Code>{ticket.data.caseReason}</Code> Subject: <Code>{ticket.data.subject}</Code>
            </Text>
            <pre className="output" tabIndex={0} aria-label="The ticket’s text">
              {ticket.data.text}
            </pre>
            <Group>
              <CopyButton value={ticket.data.text}>
                {({ copied, copy }) => (
                  <Button variant="default" onClick={copy}>
                    {copied ? 'Copied' : 'Copy the text'}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </>
        )}
      </Stack>
    </Section>
  );
}
