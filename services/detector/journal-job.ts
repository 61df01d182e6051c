/** The job of a detector: journal records in, outcomes of docs/design.md section 5 out, answers for the calls that wait. */

import { decodeJournalBody, encodeBody } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { Topic } from "../../schemas/topics.js";
import { outcomeMetrics } from "./detector-metrics.js";
import type { DetectorOptions } from "./detector-options.js";
import { ENGINES } from "./engine.js";
import { type Judged, JudgingRoom } from "./judging-room.js";
import type { LiveJob } from "./live-job.js";
import { isAlwaysAnswered } from "./state-ahead.js";

export function journalJob(options: DetectorOptions, partition: number): LiveJob<LoggedOutcome, Judged> {
  const { bundles, engines = ENGINES, onAnswer, metrics } = options;
  const count = outcomeMetrics(metrics);
  return {
    topics: { journal: Topic.JOURNAL, decisions: Topic.DECISIONS },
    openRoom: (ownership, held, state) => JudgingRoom.open(ownership, { bundles, engines }, held, state),
    isAlwaysAnswered: ({ value }) => isAlwaysAnswered(decodeJournalBody(value)),
    encode: encodeBody,
    onJudged(judged, { isBootstrapped }) {
      count(judged);
      if (onAnswer === undefined) return;
      for (const { journalOffset, header, outcomes } of judged)
        if (header.length > 0 && !isAnsweredElsewhere(outcomes))
          onAnswer({ partition, journalOffset, header, outcomes, isBootstrapped });
    },
  };
}

/** The person moved: who waits is answered where the record was sent on to, by the first that comes there. */
function isAnsweredElsewhere([first]: readonly LoggedOutcome[]): boolean {
  return first?.type === "forwarded" || (first?.type === "refused" && first.code === "CARRIED_BEFORE");
}
