/** What the pages of rules ask. */

import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useEffect, useRef } from "react";
import { RULES_CONSOLE_ROUTES as CONSOLE } from "../../../../../../schemas/http/rules-console-routes.js";
import type { JobKind, JobStart } from "../../../../../../schemas/http/rules-jobs.js";
import { RULES_ROUTES } from "../../../../../../schemas/http/rules-routes.js";
import { ask } from "../../../app/ask.js";
import { useLanguage } from "../../../words/words.js";
import { refusalText } from "../problem-words.js";

/** Of work and activations under way. */
const LOOK_MS = 1_500;

export function useCatalogue(version: number | null = null) {
  return useQuery({
    queryKey: ["rules", "catalogue", version],
    queryFn: ({ signal }) => ask(CONSOLE.catalogue, { query: { version }, signal }),
  });
}

/** What runs, and what is being activated; when that has ended, everything about rules is read anew. */
export function useStatus() {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ["rules", "status"],
    queryFn: ({ signal }) => ask(RULES_ROUTES.status, { signal }),
    refetchInterval: ({ state }) => (state.data?.open == null ? false : LOOK_MS),
  });
  const isOpen = query.data?.open != null;
  const wasOpen = useRef(isOpen);
  useEffect(() => {
    if (wasOpen.current && !isOpen) void readAnew(queries);
    wasOpen.current = isOpen;
  }, [isOpen, queries]);
  return query;
}

export function useVersions() {
  return useQuery({
    queryKey: ["rules", "versions"],
    queryFn: ({ signal }) => ask(RULES_ROUTES.versions, { signal }),
  });
}

export function useJobs(kind: JobKind | null = null) {
  return useQuery({
    queryKey: ["rules", "jobs", kind],
    queryFn: ({ signal }) => ask(CONSOLE.jobs, { query: { kind }, signal }),
    refetchInterval: ({ state }) =>
      state.data?.jobs.some((job) => job.state === "running") === true ? LOOK_MS : false,
  });
}

export function useJob(job: string | null) {
  return useQuery({
    queryKey: ["rules", "job", job],
    queryFn: ({ signal }) => ask(CONSOLE.job, { path: { job: job! }, signal }),
    enabled: job !== null,
    refetchInterval: ({ state }) => (state.data?.state === "running" ? LOOK_MS : false),
  });
}

/** What came of the latest work of this kind that was done; null where there is none. */
export function useLatestResult(kind: JobKind) {
  const jobs = useJobs(kind);
  const latest = jobs.data?.jobs.find(({ state }) => state === "done") ?? null;
  const job = useJob(latest?.jobId ?? null);
  const isUnderWay = jobs.data?.jobs.some(({ state }) => state === "running") === true;
  return { job: job.data ?? null, isUnderWay };
}

/** Something that changes rules: says why where it is refused, and reads everything about rules anew. */
export function useChange<Given, Answer>(
  change: (given: Given) => Promise<Answer>,
  onDone: (answer: Answer) => void = () => {},
) {
  const queries = useQueryClient();
  const { message } = App.useApp();
  const language = useLanguage();
  return useMutation({
    mutationFn: change,
    onSuccess: async (answer) => {
      onDone(answer);
      await readAnew(queries);
    },
    onError: (error) => void message.error(refusalText(error, language)),
  });
}

/** But an open draft, which is its page's: what is typed there is ahead of what is stored, and a saved one is gone. */
function readAnew(queries: QueryClient): Promise<void> {
  const predicate = ({ queryKey }: { readonly queryKey: readonly unknown[] }) => queryKey[1] !== "draft";
  return queries.invalidateQueries({ queryKey: ["rules"], predicate });
}

export function useStartJob(onDone: (jobId: string) => void) {
  return useChange(
    (asked: JobStart) => ask(CONSOLE.startJob, { body: asked }),
    ({ jobId }) => onDone(jobId),
  );
}
