/** Pages of the queue that were loaded, and by which clock they are read. */

import { QUEUE_ROUTES } from "../../../../../schemas/http/queue-routes.js";
import { ask } from "../../app/ask.js";
import { useKeysetList } from "../../parts/keyset-list.js";
import type { Query } from "../../parts/url-state.js";

export function useQueue(asked: Query) {
  const list = useKeysetList({
    queryKey: ["queue", asked],
    load: async (after, signal) => {
      const page = await ask(QUEUE_ROUTES.page, { query: { ...asked, after }, signal });
      return { ...page, after: page.after };
    },
  });
  const last = list.pages.at(-1);
  // A case that was pressed on between two pages may stand on both.
  const items = list.items.filter(
    ({ caseId }, i) => list.items.findIndex((other) => other.caseId === caseId) === i,
  );
  return {
    ...list,
    items,
    /** The office's, as of the last page. */
    nowMs: last === undefined ? 0 : Date.parse(last.now),
    searchedTo: last?.searchedTo ?? null,
  };
}
