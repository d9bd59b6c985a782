import { MantineProvider, TextInput } from '@mantine/core';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { ProblemError } from '../api/problem';
import { useDraft } from './draft';
import { FormDialog } from './form-dialog';

const refusal = () =>
  new ProblemError({
    type: '/problems/invalid',
    title: 'The host is not as it must be',
    status: 400,
    errors: [{ field: 'name', problem: 'is taken', next: 'Choose another.' }],
  });

interface Sent {
  name: string;
  key: string;
}

/** A form that a service answers as the test wants. */
function Form({ answer, sent }: { answer: () => Promise<unknown>; sent: Sent[] }) {
  const [opened, setOpened] = useState(true);
  const { now, key, text, forget, sending } = useDraft({ name: '' });
  return (
    <MantineProvider env="test">
      <FormDialog
        opened={opened}
        onClose={() => setOpened(false)}
        onLeft={forget}
        title="Register a host"
        submit="Register"
        wish={key}
        onSubmit={sending(() => {
          sent.push({ name: now.name, key });
          return answer();
        })}
      >
        <TextInput label="Name" {...text('name')} />
      </FormDialog>
      <button onClick={() => setOpened(true)}>Open again</button>
    </MantineProvider>
  );
}

const field = () => screen.getByLabelText<HTMLInputElement>('Name');
const type = (value: string) => fireEvent.change(field(), { target: { value } });
/** Presses a button, and lets what that begins come to its end. */
const press = (name: string) => act(async () => fireEvent.click(screen.getByText(name)));

test('a form that was refused keeps what was typed, and says at the field what is wrong', async () => {
  render(<Form answer={() => Promise.reject(refusal())} sent={[]} />);
  type('kcm-01');
  await press('Register');

  expect(screen.getByText('The host is not as it must be')).toBeTruthy();
  expect(field().value).toBe('kcm-01');
  expect(field().getAttribute('aria-invalid')).toBe('true');
});

test('sent again as it was it has the same key; changed it is another wish, and the old refusal is gone', async () => {
  const sent: Sent[] = [];
  render(<Form answer={() => Promise.reject(refusal())} sent={sent} />);
  type('kcm-01');
  await press('Register');
  await press('Register');
  type('kcm-02');

  expect(screen.queryByText('The host is not as it must be')).toBeNull();
  await press('Register');
  expect(sent.map(({ name }) => name)).toEqual(['kcm-01', 'kcm-01', 'kcm-02']);
  expect(sent[0]!.key).toBe(sent[1]!.key);
  expect(sent[2]!.key).not.toBe(sent[0]!.key);
});

test('a form that was taken closes, and is empty when it is opened again', async () => {
  render(<Form answer={() => Promise.resolve()} sent={[]} />);
  type('kcm-01');
  await press('Register');

  expect(screen.queryByLabelText('Name')).toBeNull();
  await press('Open again');
  expect(field().value).toBe('');
});

test('a dialogue that shows what came of it stays', async () => {
  render(<Form answer={() => Promise.resolve(false)} sent={[]} />);
  await press('Register');

  expect(screen.getByText('Register a host')).toBeTruthy();
});
