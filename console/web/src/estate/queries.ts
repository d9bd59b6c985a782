import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { given, inventory, upgrades } from '../api/client';
import { CALM, LIVE } from '../api/queries';
import type { Deployment, Host } from '../api/types';

/** A thing with the tag that an update of it has to name. */
export interface Tagged<T> {
  value: T;
  etag: string;
}

/** @param quick while something is about to change on it */
export function useHost(id: string, quick = false) {
  return useQuery({
    queryKey: ['inventory', 'host', id],
    queryFn: async ({ signal }): Promise<Tagged<Host>> => {
      const { data, response } = await inventory.GET('/api/v1/hosts/{id}', { params: { path: { id } }, signal });
      return { value: data!, etag: response.headers.get('ETag') ?? '' };
    },
    refetchInterval: quick ? 1_000 : CALM,
  });
}

/** Every page of a list, one after another. */
async function everyPage<Item>(page: (after: string | undefined) => Promise<{ items?: Item[]; next?: string | null }>): Promise<Item[]> {
  const all: Item[] = [];
  let after: string | undefined;
  do {
    const { items = [], next } = await page(after);
    all.push(...items);
    after = next ?? undefined;
  } while (after);
  return all;
}

/** A deployment's members, by host id. */
export function useMembers(deployment: string) {
  return useQuery({
    queryKey: ['inventory', 'hosts', 'of', deployment],
    queryFn: async ({ signal }) => {
      const hosts = await everyPage(
        async (after) => (await inventory.GET('/api/v1/hosts', { params: { query: given({ limit: 200, after, deployment }) }, signal })).data!,
      );
      return new Map(hosts.map((host) => [host.hostId, host]));
    },
    refetchInterval: CALM,
  });
}

/** All deployments, by name: for choosing one. */
export function useDeployments() {
  return useQuery({
    queryKey: ['inventory', 'deployments', 'all'],
    queryFn: ({ signal }) =>
      everyPage(async (after) => (await inventory.GET('/api/v1/deployments', { params: { query: given({ limit: 200, after }) }, signal })).data!),
    staleTime: 30_000,
  });
}

/** Those that a host is a member of: there is one of a product at most. */
export function useDeploymentsOf(host: string) {
  return useQuery({
    queryKey: ['inventory', 'deployments', 'with', host],
    queryFn: async ({ signal }) => (await inventory.GET('/api/v1/deployments', { params: { query: { host } }, signal })).data?.items ?? [],
    staleTime: 30_000,
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
      ((await inventory.GET('/api/v1/hosts', { params: { query: given({ limit: 20, q: part }) }, signal })).data?.items ?? []).map(
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
