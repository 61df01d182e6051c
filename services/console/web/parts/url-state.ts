/** What a page shows stands in its address, so that it can be sent to a colleague and the way back works. */

import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router-dom";

export type Query = Readonly<Record<string, string>>;

/**
 * @returns the address's query, and what changes it: absent and empty values leave it. Changing a filter takes no place in
 * the history unless asked to.
 */
export function useUrlQuery(): readonly [
  Query,
  (changes: Query, options?: { readonly push?: boolean }) => void,
] {
  const [params, setParams] = useSearchParams();
  const query = useMemo(() => Object.fromEntries(params), [params]);
  const change = useCallback(
    (changes: Query, { push = false }: { readonly push?: boolean } = {}) => {
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changes)) {
            if (value === "") after.delete(name);
            else after.set(name, value);
          }
          return after;
        },
        { replace: !push },
      );
    },
    [setParams],
  );
  return [query, change];
}
