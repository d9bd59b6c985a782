import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { problemOf, unreachable } from './problem';

export type Role = 'viewer' | 'operator' | 'approver' | 'admin' | 'service';

/** Who is signed in at the edge; the token itself never comes here. */
export interface Session {
  signedIn: boolean;
  subject?: string;
  roles?: Role[];
  expiresAt?: string;
  login: 'token' | 'oidc';
  version?: string;
}

/** Where the page goes on, so that the identity provider ends its session, too. */
interface SignedOut {
  continueAt?: string;
}

async function ask<Answer = Session>(method: string, body?: object): Promise<Answer | null> {
  let response: Response;
  try {
    response = await fetch('/session', {
      method,
      headers: body ? { 'Content-Type': 'application/json' } : {},
      body: body ? JSON.stringify(body) : null,
    });
  } catch {
    throw unreachable();
  }
  if (!response.ok) throw await problemOf(response);
  return response.status === 204 ? null : ((await response.json()) as Answer);
}

export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: async () => (await ask('GET')) ?? { signedIn: false, login: 'token' as const },
    staleTime: 60_000,
    refetchInterval: 60_000,
  });
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => ask('POST', { token }),
    onSuccess: (session) => {
      forget(client);
      client.setQueryData(['session'], session);
    },
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask<SignedOut>('DELETE'),
    onSuccess: async (signedOut) => {
      if (signedOut?.continueAt) {
        window.location.assign(signedOut.continueAt);
        return;
      }
      await client.invalidateQueries({ queryKey: ['session'] });
      forget(client);
    },
  });
}

/** What another person was shown. The session stays: the frame watches it, and would never hear of another one in its place. */
const forget = (client: QueryClient) => client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });

/** Whether the person has one of the roles; an admin has all of them but that of machines. */
export function useMay(...roles: Role[]): boolean {
  const { data } = useSession();
  const has = data?.roles ?? [];
  return has.includes('admin') || roles.some((role) => has.includes(role));
}
