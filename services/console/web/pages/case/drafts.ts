/**
 * A text that is being typed: kept at the office a moment after the last key, so that neither a restart there nor a reload
 * here loses it, and forgotten when it was sent.
 */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { DraftField } from "../../../../../schemas/http/case-page.js";
import { CASE_PAGE_ROUTES as ROUTES } from "../../../../../schemas/http/case-page-routes.js";
import { ask } from "../../app/ask.js";

/** Between two keys of a slow typist; a request a sentence. */
const KEEP_AFTER_MS = 700;

export type DraftState = "empty" | "typing" | "kept" | "not-kept";

export function useDraft(caseId: string, field: DraftField) {
  const { data } = useQuery({
    queryKey: ["case-drafts", caseId],
    queryFn: ({ signal }) => ask(ROUTES.drafts, { path: { id: caseId }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const stored = data?.drafts.find((draft) => draft.field === field)?.text ?? "";
  const [typed, setTyped] = useState<string | null>(null);
  const [state, setState] = useState<DraftState>("empty");
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const waiting = useRef<string | null>(null);
  const keep = async () => {
    const text = waiting.current;
    if (text === null) return;
    waiting.current = null;
    clearTimeout(timer.current);
    try {
      const kept = await ask(ROUTES.keepDraft, { path: { id: caseId }, body: { field, text } });
      queries.setQueryData(["case-drafts", caseId], kept);
      setState(text === "" ? "empty" : "kept");
    } catch {
      // What was typed stays on the page, which says that it is kept nowhere else.
      setState("not-kept");
    }
  };
  const latest = useRef(keep);
  latest.current = keep;
  // Whoever goes elsewhere in the middle of a word finds it again.
  useEffect(() => () => void latest.current(), []);
  const change = (text: string) => {
    waiting.current = text;
    setTyped(text);
    setState("typing");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void keep(), KEEP_AFTER_MS);
  };
  const clear = () => {
    waiting.current = "";
    setTyped("");
    void keep();
  };
  return { text: typed ?? stored, state, change, clear };
}
export type DraftText = ReturnType<typeof useDraft>;
