/** An appeal as the page has it, and changes of it, each on the version that was seen. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { AppealDetail } from "../../../../../schemas/http/appeals.js";
import { APPEALS_ROUTES } from "../../../../../schemas/http/appeals-routes.js";
import { ask, Refused } from "../../app/ask.js";

const appealKey = (appealId: string) => ["appeal", appealId] as const;

export function useAppeal(appealId: string) {
  return useQuery({
    queryKey: appealKey(appealId),
    queryFn: ({ signal }) => ask(APPEALS_ROUTES.show, { path: { id: appealId }, signal }),
  });
}

export function useAppealChanges({ appealId, version }: AppealDetail) {
  const queries = useQueryClient();
  const [problem, setProblem] = useState<unknown>(null);
  const { mutateAsync, isPending } = useMutation({
    mutationFn: (change: (version: number) => Promise<AppealDetail>) => change(version),
  });
  /** @returns whether it was made. What was typed stays where it was not. */
  const run = async (change: (version: number) => Promise<AppealDetail>): Promise<boolean> => {
    setProblem(null);
    try {
      queries.setQueryData(appealKey(appealId), await mutateAsync(change));
      return true;
    } catch (error) {
      setProblem(error);
      return false;
    }
  };
  const load = async () => {
    await queries.refetchQueries({ queryKey: appealKey(appealId) });
    setProblem(null);
  };
  const isConflict = problem instanceof Refused && problem.code === "CONFLICT";
  return { run, load, problem, isConflict, isBusy: isPending, forget: () => setProblem(null) };
}
export type AppealChanges = ReturnType<typeof useAppealChanges>;
