/** Was a rate sustained? Answers kept up with arrivals, nothing failed, nobody was put off with the fixed table. */

import type { LoadResult } from "./load-protocol.js";

/** One answer in a thousand may come from the stand-in. */
export const STAND_IN_SHARE_MAX = 0.001;
/** What may be under way when the last request was due: the arrivals of so long. More is a queue that grows. */
export const BACKLOG_MS_MAX = 200;
/** Half of the requests were answered within this: a queue stands that would be as long tomorrow. */
export const MEDIAN_MS_MAX = 100;

export interface Sustained {
  readonly rate: number;
  readonly isSustained: boolean;
  /** What was not; empty where everything was. */
  readonly reasons: readonly string[];
}

export function sustainedBy(load: LoadResult): Sustained {
  const { rate, statuses, broken, unanswered, standIns, unreadable, outstandingAtEnd, latency, answered } =
    load;
  const refused = Object.entries(statuses).filter(([status]) => status !== "200");
  const backlogMs = (outstandingAtEnd / rate) * 1000;
  const reasons = [
    ...refused.map(([status, count]) => `${count} answers of status ${status}`),
    ...(broken > 0 ? [`${broken} connections broke`] : []),
    ...(unanswered > 0 ? [`${unanswered} without an answer`] : []),
    ...(unreadable > 0 ? [`${unreadable} unreadable answers`] : []),
    ...(standIns > answered * STAND_IN_SHARE_MAX ? [`${standIns} answers of the stand-in`] : []),
    ...(backlogMs > BACKLOG_MS_MAX ? [`${Math.round(backlogMs)} ms of arrivals waited at the end`] : []),
    ...(latency.p50Ms > MEDIAN_MS_MAX ? [`half took more than ${Math.floor(latency.p50Ms)} ms`] : []),
  ];
  return { rate, isSustained: reasons.length === 0, reasons };
}
