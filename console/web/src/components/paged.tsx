import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { More } from './more';
import { Of } from './states';

interface Paged<Item> {
  items?: Item[];
  next?: string | null;
}

interface Options<Item> {
  /** Milliseconds between two looks, also by what is there; only what a command changed is looked at anew without it. */
  every?: number | ((items: Item[]) => number);
  /** Only the first page is looked at anew: what somebody reads further down stays as it is. */
  rests?: boolean;
  enabled?: boolean;
}

/** A list that the service gives page by page: what was fetched is kept in order, and looked at anew as a whole. */
export function usePaged<Item>(
  key: readonly unknown[],
  page: (after: string | undefined, signal: AbortSignal) => Promise<Paged<Item>>,
  { every, rests = false, enabled = true }: Options<Item> = {},
) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => page(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    enabled,
    refetchInterval: ({ state }) => {
      const pages = state.data?.pages ?? [];
      if (every === undefined || (rests && pages.length > 1)) return false;
      return typeof every === 'function' ? every(itemsOf(pages)) : every;
    },
  });
  return { ...query, items: query.data && itemsOf(query.data.pages) };
}

const itemsOf = <Item,>(pages: readonly Paged<Item>[]): Item[] => pages.flatMap((page) => page.items ?? []);

interface PagedListProps<Item> {
  list: ReturnType<typeof usePaged<Item>>;
  /** As in `Loading hosts`. */
  what: string;
  rows?: number;
  /** `50 hosts`. */
  shown: (n: number) => string;
  /** In the place of a list that has nothing. */
  empty: ReactNode;
  children: (items: Item[]) => ReactNode;
}

/** What there is of such a list, and the way to more of it. */
export function PagedList<Item>({ list, what, rows = 6, shown, empty, children }: PagedListProps<Item>) {
  return (
    <Of query={{ ...list, data: list.items }} what={what} rows={rows}>
      {(items) =>
        items.length === 0 ? (
          empty
        ) : (
          <>
            {children(items)}
            <More shown={shown(items.length)} has={list.hasNextPage} loading={list.isFetchingNextPage} load={() => void list.fetchNextPage()} />
          </>
        )
      }
    </Of>
  );
}
