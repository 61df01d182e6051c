/**
 * A draft as its page has it, stored a moment after each change.
 *
 * Owns: the change that waits to be stored, the order of storing: one after the other, each on the revision of the one before.
 *
 * 1. What is typed is on the page at once; the office's word on it (mistakes, changes) comes with the stored draft.
 * 2. A draft that was changed elsewhere is not overwritten: storing stops until it is read anew.
 * 3. What could not be stored waits; where the office only was away (a restart), it is stored by itself when it is back.
 */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { DraftDetail, RuleEdit } from "../../../../../../schemas/http/rules-console.js";
import { RULES_CONSOLE_ROUTES as ROUTES } from "../../../../../../schemas/http/rules-console-routes.js";
import { ask, isPassing, Refused } from "../../../app/ask.js";
import { useLeaveWarning } from "../../../app/leave-warning.js";

/** Between two keys pressed is less. */
const PAUSE_MS = 500;
/** An office that restarts is back after some seconds. */
const AGAIN_MS = 3_000;

export type SavingState = "saved" | "saving" | "conflict" | "failed";
export type EditedRule = Omit<RuleEdit, "revision">;

type Change =
  | { readonly kind: "rule"; readonly rule: string; readonly edit: EditedRule }
  | { readonly kind: "comment"; readonly comment: string };

export interface DraftSaving {
  readonly query: ReturnType<typeof useDraft>;
  readonly state: SavingState;
  /** What went wrong; null for nothing. */
  readonly error: unknown;
  editRule(rule: string, edit: EditedRule): void;
  comment(text: string): void;
  /** What waits is stored now. */
  again(): void;
  /** Reads the stored draft anew; what was not stored is gone. */
  reload(): Promise<void>;
}

function useDraft(draftId: string) {
  return useQuery({
    queryKey: ["rules", "draft", draftId],
    queryFn: ({ signal }) => ask(ROUTES.draft, { path: { draft: draftId }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useDraftSaving(draftId: string): DraftSaving {
  const queries = useQueryClient();
  const query = useDraft(draftId);
  const [state, setState] = useState<SavingState>("saved");
  const [error, setError] = useState<unknown>(null);
  const waiting = useRef(new Map<string, Change>());
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const isStoring = useRef(false);
  const isClosed = useRef(false);
  const key = ["rules", "draft", draftId];

  const storeAfter = (afterMs: number) => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = setTimeout(() => void latest.current(), afterMs);
  };
  const store = async () => {
    if (isStoring.current) return;
    isStoring.current = true;
    try {
      for (let next = first(waiting.current); next !== null; next = first(waiting.current)) {
        const stored = queries.getQueryData<DraftDetail>(key);
        if (stored === undefined) return;
        const [name, change] = next;
        const answer = await send(draftId, stored.revision, change);
        // What was typed meanwhile waits under the same name, and is newer.
        if (waiting.current.get(name) === change) waiting.current.delete(name);
        queries.setQueryData(key, answer);
      }
      setState("saved");
      setError(null);
    } catch (failed) {
      setError(failed);
      setState(failed instanceof Refused && failed.code === "CONFLICT" ? "conflict" : "failed");
      if (isPassing(failed) && !isClosed.current) storeAfter(AGAIN_MS);
    } finally {
      isStoring.current = false;
    }
  };
  const put = (name: string, change: Change) => {
    waiting.current.set(name, change);
    setState("saving");
    storeAfter(PAUSE_MS);
  };
  const latest = useRef(store);
  latest.current = store;
  useLeaveWarning(() => waiting.current.size > 0);
  // Whoever leaves the page leaves nothing behind.
  useEffect(
    () => () => {
      isClosed.current = true;
      if (timer.current !== null) clearTimeout(timer.current);
      void latest.current();
    },
    [],
  );
  return {
    query,
    state,
    error,
    editRule: (rule, edit) => put(rule, { kind: "rule", rule, edit }),
    comment: (comment) => put("comment", { kind: "comment", comment }),
    again: () => {
      setState("saving");
      storeAfter(0);
    },
    reload: async () => {
      waiting.current.clear();
      await queries.refetchQueries({ queryKey: key });
      setState("saved");
      setError(null);
    },
  };
}

function first(changes: ReadonlyMap<string, Change>): readonly [string, Change] | null {
  for (const entry of changes) return entry;
  return null;
}

function send(draft: string, revision: number, change: Change): Promise<DraftDetail> {
  if (change.kind === "comment")
    return ask(ROUTES.commentDraft, { path: { draft }, body: { revision, comment: change.comment } });
  const { rule, edit } = change;
  return ask(ROUTES.editRule, { path: { draft, rule }, body: { revision, ...edit } });
}
