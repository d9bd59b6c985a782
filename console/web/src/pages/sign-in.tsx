import { Button, Code, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { useSignIn, type Session } from '../api/session';
import { ProblemAlert } from '../components/states';

/** Where there is an issuer it asks who you are; in the standalone mode a token does. */
export function SignIn({ session }: { session: Session }) {
  const [token, setToken] = useState('');
  const signIn = useSignIn();
  const { pathname, search } = useLocation();
  useEffect(() => {
    document.title = 'Sign in – Interlock';
  }, []);

  return (
    <main style={{ maxWidth: 460, margin: '12vh auto', padding: '1rem' }}>
      <Paper withBorder p="xl" style={{ background: 'var(--interlock-surface)' }}>
        <Stack>
          <img src="/favicon.svg" alt="" width={44} height={44} />
          <Title order={1} size="h2">
            Sign in to Interlock
          </Title>
          {session.login === 'oidc' ? (
            <Button component="a" href={`/session/login?to=${encodeURIComponent(pathname + search)}`}>
              Continue with your organisation’s sign-in
            </Button>
          ) : (
            <form
              onSubmit={(e) => {
                e.preventDefault();
                if (token.trim()) signIn.mutate(token.trim());
              }}
            >
              <Stack>
                <PasswordInput
                  label="Token"
                  description={
                    <>
                      <Code>./interlock up</Code> printed where the administrator’s token lies; <Code>./interlock token</Code> makes one for
                      another person.
                    </>
                  }
                  autoComplete="off"
                  required
                  value={token}
                  onChange={(e) => setToken(e.currentTarget.value)}
                  visibilityToggleButtonProps={{ 'aria-label': 'Show the token' }}
                  data-autofocus
                />
                {signIn.isError && <ProblemAlert error={signIn.error} />}
                <Button type="submit" loading={signIn.isPending}>
                  Sign in
                </Button>
              </Stack>
            </form>
          )}
          <Text size="xs" c="dimmed">
            The token is kept by the server in a cookie that this page cannot read.
          </Text>
        </Stack>
      </Paper>
    </main>
  );
}
