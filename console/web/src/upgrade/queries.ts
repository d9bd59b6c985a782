import { useQuery } from '@tanstack/react-query';
import { inventory, upgrades } from '../api/client';
import { CALM } from '../api/queries';
import type { Deployment } from '../api/types';

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

/** All deployments, by name: for choosing one. */
export function useDeployments() {
  return useQuery({
    queryKey: ['inventory', 'deployments', 'all'],
    queryFn: async ({ signal }) => {
      const all: Deployment[] = [];
      let after: string | undefined;
      do {
        const { data } = await inventory.GET('/api/v1/deployments', { params: { query: { limit: 200, ...(after ? { after } : {}) } }, signal });
        all.push(...(data?.items ?? []));
        after = data?.next ?? undefined;
      } while (after);
      return all;
    },
    staleTime: 30_000,
  });
}

export function usePlan(id: string) {
  return useQuery({
    queryKey: ['upgrades', 'plan', id],
    queryFn: async ({ signal }) => (await upgrades.GET('/api/v1/plans/{id}', { params: { path: { id } }, signal })).data!,
    refetchInterval: CALM,
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
