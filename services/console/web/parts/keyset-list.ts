/** Lists that come page by page, each naming where the next begins. */

import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";

export interface KeysetPage<Item> {
  readonly items: readonly Item[];
  /** For the next page; null where there is none. */
  readonly after: string | null;
}

/** @param load one page, from the place given (null: the first). */
export function useKeysetList<Page extends KeysetPage<unknown>>(options: {
  readonly queryKey: QueryKey;
  readonly load: (after: string | null, signal: AbortSignal) => Promise<Page>;
}) {
  const query = useInfiniteQuery({
    queryKey: options.queryKey,
    queryFn: ({ pageParam, signal }) => options.load(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ after }: Page) => after,
  });
  return {
    ...query,
    pages: query.data?.pages ?? [],
    items: (query.data?.pages.flatMap(({ items }) => items) ?? []) as Page["items"][number][],
  };
}
