import { useQuery } from '@tanstack/react-query';
import { upgrades } from '../api/client';
import { CALM, LIVE } from '../api/queries';

/** What products are called. Interlock's ids are their machine names. */
export function useProducts() {
  return useQuery({
    queryKey: ['upgrades', 'products'],
    queryFn: async ({ signal }) => (await upgrades.GET('/api/v1/products', { signal })).data?.items ?? [],
    staleTime: 600_000,
  });
}

export function useProductTitle(): (product: string) => string {
  const { data } = useProducts();
  return (product) => data?.find((p) => p.id === product)?.title ?? product.replaceAll('-', ' ');
}

export function usePlan(id: string) {
  return useQuery({
    queryKey: ['upgrades', 'plan', id],
    queryFn: async ({ signal }) => (await upgrades.GET('/api/v1/plans/{id}', { params: { path: { id } }, signal })).data!,
    // somebody may be waiting for somebody else's word
    refetchInterval: ({ state }) => (state.data && ['planned', 'approved'].includes(state.data.status) ? LIVE : CALM),
  });
}

/** A plan that is only looked up: what it says of its steps never changes. */
export function usePlanText(id: string | undefined) {
  return useQuery({
    queryKey: ['upgrades', 'plan-text', id],
    queryFn: async ({ signal }) => (await upgrades.GET('/api/v1/plans/{id}', { params: { path: { id: id! } }, signal })).data!,
    enabled: id !== undefined,
    staleTime: Infinity,
  });
}
