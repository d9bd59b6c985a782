import { useInfiniteQuery } from '@tanstack/react-query';

interface Paged<Item> {
  items?: Item[];
  next?: string | null;
}

/** A list that the service gives page by page: what was fetched is kept in order, and looked at anew as a whole. */
export function usePaged<Item>(key: readonly unknown[], page: (after: string | undefined) => Promise<Paged<Item>>, refetchInterval?: number) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: refetchInterval ?? false,
  });
  return { ...query, items: query.data?.pages.flatMap((p) => p.items ?? []) };
}
