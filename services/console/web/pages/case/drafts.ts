/**
 * A text that is being typed: kept at the office a moment after the last key, so that neither a restart there nor a reload
 * here loses it, and forgotten when it was sent.
 */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import type { DraftField } from "../../../../../schemas/http/case-page.js";
import { CASE_PAGE_ROUTES as ROUTES } from "../../../../../schemas/http/case-page-routes.js";
import { ask, isPassing } from "../../app/ask.js";
import { useLeaveWarning } from "../../app/leave-warning.js";
import { DraftOutbox } from "./draft-outbox.js";

export type { DraftState } from "./draft-outbox.js";

/** One for all pages: what was typed on one is sent also while another is open. Signing out loads the program anew. */
const outbox = new DraftOutbox({
  isPassing,
  later: (run, afterMs) => {
    const timer = setTimeout(run, afterMs);
    return () => clearTimeout(timer);
  },
});

export function useDraft(caseId: string, field: DraftField) {
  const { data } = useQuery({
    queryKey: ["case-drafts", caseId],
    queryFn: ({ signal }) => ask(ROUTES.drafts, { path: { id: caseId }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const stored = data?.drafts.find((draft) => draft.field === field)?.text ?? "";
  const name = `${field} ${caseId}`;
  const state = useSyncExternalStore(outbox.subscribe, () => outbox.stateOf(name));
  const typed = useSyncExternalStore(outbox.subscribe, () => outbox.textOf(name));
  useLeaveWarning(() => outbox.isHolding);
  const queries = useQueryClient();
  const keep = async (text: string) => {
    const kept = await ask(ROUTES.keepDraft, { path: { id: caseId }, body: { field, text } });
    queries.setQueryData(["case-drafts", caseId], kept);
  };
  // Whoever goes elsewhere in the middle of a word finds it again.
  useEffect(() => () => outbox.close(name), [name]);
  return {
    text: typed ?? stored,
    state,
    change: (text: string) => outbox.put(name, text, keep),
    clear: () => outbox.put(name, "", keep, 0),
  };
}
export type DraftText = ReturnType<typeof useDraft>;
