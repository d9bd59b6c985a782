import { useState, type ChangeEvent } from 'react';
import { newKey } from '../api/client';
import { fieldErrors } from '../api/problem';

type Texts<Draft> = { [Name in keyof Draft]: Draft[Name] extends string ? Name : never }[keyof Draft] & string;

/**
 * What a form holds. Until something is typed it is what it starts from, as that is now; from then on it stays what the person
 * started from. Each change is another wish with another Idempotency-Key: it must not get the answer to the one before.
 */
export function useDraft<Draft extends object>(start: Draft) {
  const [typed, setTyped] = useState<Draft | null>(null);
  const [key, setKey] = useState(newKey);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const now = typed ?? start;

  const set = (part: Partial<Draft>) => {
    setTyped((before) => ({ ...(before ?? start), ...part }));
    setKey(newKey());
  };
  return {
    now,
    key,
    set,
    /** What the service said of the fields, by their names. */
    errors,
    /** Back to the start. */
    forget: () => {
      setTyped(null);
      setKey(newKey());
      setErrors({});
    },
    /** What a field needs that holds a text. */
    text: (name: Texts<Draft>) => ({
      value: now[name] as string,
      onChange: (e: ChangeEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>) => set({ [name]: e.currentTarget.value } as Partial<Draft>),
      error: errors[name],
    }),
    /** What a field needs that gives its value itself. */
    field: <Name extends keyof Draft & string>(name: Name) => ({
      value: now[name],
      onChange: (value: Draft[Name]) => set({ [name]: value } as unknown as Partial<Draft>),
      error: errors[name],
    }),
    /** Sends the form: what the service says of single fields is kept for them. */
    sending: (send: () => Promise<unknown>) => async () => {
      setErrors({});
      try {
        return await send();
      } catch (e) {
        setErrors(fieldErrors(e));
        throw e;
      }
    },
  };
}
