import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from './problem';

/** Milliseconds between two looks at what changes by itself. */
export const LIVE = 4_000;
export const CALM = 15_000;

const signedOut = (error: unknown) => {
  if (error instanceof ProblemError && error.problem.status === 401) {
    void queryClient.invalidateQueries({ queryKey: ['session'] });
  }
};

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: signedOut }),
  mutationCache: new MutationCache({ onError: signedOut }),
  defaultOptions: {
    queries: {
      // A service that restarts is away for seconds: the page waits for it, and keeps showing what it had.
      retry: (failures, error) => {
        const status = error instanceof ProblemError ? error.problem.status : 0;
        return status === 0 || status >= 500 ? failures < 3 : false;
      },
      retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 4_000),
      staleTime: 1_000,
      refetchOnWindowFocus: true,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});
