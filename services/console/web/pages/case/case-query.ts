/** A case as the page has it, and changes of it. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { CaseDetail } from "../../../../../schemas/http/cases.js";
import { CASES_ROUTES } from "../../../../../schemas/http/cases-routes.js";
import { ask, Refused } from "../../app/ask.js";

const caseKey = (caseId: string) => ["case", caseId] as const;

export function useCase(caseId: string) {
  return useQuery({
    queryKey: caseKey(caseId),
    queryFn: ({ signal }) => ask(CASES_ROUTES.show, { path: { id: caseId }, signal }),
  });
}

/** Makes one change on the version it is given. */
export type CaseChange = (version: number) => Promise<CaseDetail>;

/** Somebody else was first: what the reader saw, and how it is now. */
export interface CaseConflict {
  readonly seen: CaseDetail;
  readonly now: CaseDetail;
  /** The change that was refused, on the version there is now. */
  readonly again: () => Promise<boolean>;
}

/**
 * Changes of a case, one at a time. A conflict changes nothing on the page by itself: what was typed stays, what is shown
 * stays, until the reader takes the latest.
 */
export function useCaseChanges(found: CaseDetail) {
  const queries = useQueryClient();
  const [conflict, setConflict] = useState<CaseConflict | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const take = (after: CaseDetail) => {
    queries.setQueryData(caseKey(after.caseId), after);
    setConflict(null);
    setProblem(null);
    void queries.invalidateQueries({ queryKey: ["case-timeline", after.caseId] });
  };
  const { mutateAsync, isPending } = useMutation({
    mutationFn: ({ change, version }: { readonly change: CaseChange; readonly version: number }) =>
      change(version),
  });
  const latest = () => ask(CASES_ROUTES.show, { path: { id: found.caseId } });
  /** @returns whether it was made. */
  const run = async (change: CaseChange, version = found.version): Promise<boolean> => {
    setProblem(null);
    try {
      take(await mutateAsync({ change, version }));
      return true;
    } catch (error) {
      const now = isConflict(error) ? await latest().catch(() => null) : null;
      if (now === null) setProblem(error);
      else setConflict({ seen: found, now, again: () => run(change, now.version) });
      return false;
    }
  };
  return { run, take, conflict, problem, forget: () => setProblem(null), isBusy: isPending };
}
export type CaseChanges = ReturnType<typeof useCaseChanges>;

function isConflict(error: unknown): boolean {
  return error instanceof Refused && error.code === "CONFLICT";
}
