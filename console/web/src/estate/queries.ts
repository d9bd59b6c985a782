import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { inventory, upgrades } from '../api/client';
import { CALM, LIVE } from '../api/queries';
import type { Deployment, Host } from '../api/types';

/** A thing with the tag that an update of it has to name. */
export interface Tagged<T> {
  value: T;
  etag: string;
}

const hostQuery = (id: string) => ({
  queryKey: ['inventory', 'host', id],
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Tagged<Host>> => {
    const { data, response } = await inventory.GET('/api/v1/hosts/{id}', { params: { path: { id } }, signal });
    return { value: data!, etag: response.headers.get('ETag') ?? '' };
  },
});

/** @param quick while something is about to change on it */
export function useHost(id: string, quick = false) {
  return useQuery({ ...hostQuery(id), refetchInterval: quick ? 1_000 : CALM });
}

/** Hosts by id, each by its own request: for the members of one deployment. */
export function useHosts(ids: readonly string[]): Map<string, Host> {
  return useQueries({
    queries: ids.map((id) => ({ ...hostQuery(id), refetchInterval: CALM, staleTime: 5_000 })),
    combine: (found) => new Map(found.flatMap((each) => (each.data ? [[each.data.value.hostId, each.data.value] as const] : []))),
  });
}

export async function fetchDeployment(id: string, signal?: AbortSignal): Promise<Tagged<Deployment>> {
  const { data, response } = await inventory.GET('/api/v1/deployments/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) });
  return { value: data!, etag: response.headers.get('ETag') ?? '' };
}

export function useDeployment(id: string) {
  return useQuery({
    queryKey: ['inventory', 'deployment', id],
    queryFn: ({ signal }) => fetchDeployment(id, signal),
    refetchInterval: CALM,
  });
}

/** Hosts that nobody may restart now (P9). */
export function useLocks() {
  return useQuery({
    queryKey: ['upgrades', 'locks'],
    queryFn: async ({ signal }) => (await upgrades.GET('/api/v1/locks', { signal })).data ?? [],
    refetchInterval: CALM,
  });
}

/** By host id, the step at which it must not be restarted. */
export function useLocked(): Map<string, string> {
  const { data = [] } = useLocks();
  return new Map(data.map((lock) => [lock.hostId, lock.step]));
}

/** Hosts whose name or address has this part, for choosing one. */
export function useHostNames(part: string) {
  return useQuery({
    queryKey: ['inventory', 'host-names', part],
    queryFn: async ({ signal }) =>
      ((await inventory.GET('/api/v1/hosts', { params: { query: { limit: 20, ...(part ? { q: part } : {}) } }, signal })).data?.items ?? []).map(
        (host) => host.name,
      ),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** The estate in numbers. */
export function useEstate() {
  return useQuery({
    queryKey: ['inventory', 'estate'],
    queryFn: async ({ signal }) => (await inventory.GET('/api/v1/estate', { signal })).data!,
    refetchInterval: CALM,
  });
}

/** What runs now, and what of it waits for whom. */
export function useActivity() {
  return useQuery({
    queryKey: ['upgrades', 'activity'],
    queryFn: async ({ signal }) => (await upgrades.GET('/api/v1/activity', { signal })).data!,
    refetchInterval: LIVE,
  });
}
