/**
 * The overview as it changes: by server-sent events, and by asking now and then while those do not come.
 *
 * 1. What is shown says when it was read: `asOf` moves on with every sign of the office, also where nothing has changed.
 * 2. A stream that broke off is opened again by the browser; meanwhile, and where the office refused one, it is asked.
 */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { OverviewAnswer } from "../../../../../schemas/http/overview.js";
import { OVERVIEW_ROUTES as ROUTES } from "../../../../../schemas/http/overview-routes.js";
import { addressOf, ask } from "../../app/ask.js";

const POLL_MS = 10_000;
/** After a stream that was refused for good. */
const REOPEN_MS = 30_000;
const OVERVIEW_KEY = ["overview"] as const;

export type LiveMode = "live" | "polling";

export function useLiveOverview() {
  const queries = useQueryClient();
  const [mode, setMode] = useState<LiveMode>("polling");
  const [heardAt, setHeardAt] = useState<string | null>(null);
  const query = useQuery({
    queryKey: OVERVIEW_KEY,
    queryFn: ({ signal }) => ask(ROUTES.overview, { signal }),
    refetchInterval: mode === "live" ? false : POLL_MS,
  });
  useEffect(
    () =>
      openStream({
        onFigures: (answer) => {
          setMode("live");
          setHeardAt(null);
          queries.setQueryData(OVERVIEW_KEY, answer);
        },
        onBeat: (asOf) => {
          setMode("live");
          setHeardAt(asOf);
        },
        onBroken: () => setMode("polling"),
        // Asking says whether the session has ended.
        onEnded: () => void queries.invalidateQueries({ queryKey: OVERVIEW_KEY }),
      }),
    [queries],
  );
  return { query, mode, asOf: heardAt ?? asOfOf(query.data) };
}

function asOfOf(answer: OverviewAnswer | undefined): string | null {
  if (answer === undefined) return null;
  return answer.pulse.state === "here" ? answer.pulse.asOf : (answer.pulse.last?.asOf ?? null);
}

interface StreamEvents {
  readonly onFigures: (answer: OverviewAnswer) => void;
  readonly onBeat: (asOf: string | null) => void;
  readonly onBroken: () => void;
  readonly onEnded: () => void;
}

/** @returns what closes it. */
function openStream(events: StreamEvents): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource;
  const open = () => {
    source = new EventSource(addressOf(ROUTES.live, {}));
    source.addEventListener("figures", ({ data }: MessageEvent<string>) =>
      events.onFigures(JSON.parse(data) as OverviewAnswer),
    );
    source.addEventListener("beat", ({ data }: MessageEvent<string>) =>
      events.onBeat((JSON.parse(data) as { readonly asOf: string | null }).asOf),
    );
    source.addEventListener("ended", () => {
      events.onBroken();
      events.onEnded();
      openLater();
    });
    source.addEventListener("error", () => {
      events.onBroken();
      if (source.readyState === EventSource.CLOSED) openLater();
    });
  };
  const openLater = () => {
    source.close();
    clearTimeout(timer);
    timer = setTimeout(open, REOPEN_MS);
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
