/** Reads what was decided back from the decisions log and scores it by the labels. */

import type { CityLabel } from "../../bench/city/labels.js";
import type { OutcomeLine } from "../../bench/city/outcome-line.js";
import { createScoreboard, type Scoreboard } from "../../bench/city/scoreboard.js";
import { readLoggedOutcomes } from "../../bench/load/logged-outcomes.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { TextOutput } from "../text-output.js";

export interface Judged {
  readonly scoreboard: Scoreboard;
  readonly outcomes: number;
  /** Records that the judge refused: an eventId used twice with other content. */
  readonly refused: number;
}

/** Writes the outcomes to `outPath`, a person's in order, as `kadun replay` prints them. */
export async function readOutcomes(
  log: EventLog,
  labels: ReadonlyMap<string, CityLabel>,
  outPath: string,
): Promise<Judged> {
  const scoreboard = createScoreboard();
  const output = await TextOutput.open(outPath);
  let outcomes = 0;
  let refused = 0;
  await readLoggedOutcomes(log, ({ json }) => {
    const outcome = JSON.parse(json) as OutcomeLine;
    if (outcome.type === "activated") return;
    if (outcome.type === "refused") {
      refused++;
      return;
    }
    outcomes++;
    // Only now, behind the judge, is the label looked up: of what was judged in time.
    const label = labels.get(outcome.eventId);
    if (label !== undefined) scoreboard.label(outcome.eventId, label);
    scoreboard.outcome(outcome);
    output.write(`${json}\n`);
    return output.drain();
  });
  await output.close();
  return { scoreboard, outcomes, refused };
}
