/** Logs to write: the seeded city's settles and what the judge says to them, as they lie in journal and decisions log. */

import { loadBundle } from "../../cli/bundle-files.js";
import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { parseInstantMs } from "../../schemas/instant.js";
import { encodeBody } from "../../schemas/log-body.js";
import { encodePosition } from "../../schemas/topics.js";
import { Partition } from "../../services/detector/partition.js";
import { loggedOutcomesOf } from "../../services/detector/taken.js";
import { acceptText, isRefusal } from "../../services/ingest/accept.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { SettleGenerator } from "../pipeline/settle-generator.js";

/** A swipe a person, four hours apart in a month: some are found something at, most are not. */
const START_MS = Date.UTC(2026, 2, 2);
const MONTH_MS = 28 * 86_400_000;
const APPENDED_BEHIND_MS = 8;
const NO_HEADER = new Uint8Array(0);

export interface LoggedCity {
  readonly journal: readonly LoggedRecord[];
  readonly outcomes: readonly LoggedRecord[];
  /** Who swiped, and the bytes that a detector keeps of them: records and index. */
  readonly persons: number;
  readonly personBytes: number;
}

/** Journal and decisions log of one partition with so many swipes; the same for the same count. */
export function loggedCity(swipes: number): LoggedCity {
  const loaded = loadBundle();
  const persons = Math.max(500, Math.ceil(swipes / 4));
  const partition = new Partition(loaded.bundle, { personsExpected: persons });
  const generator = new SettleGenerator({ seed: 1, persons });
  const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: loaded.drugs };
  const journal: LoggedRecord[] = [];
  const outcomes: LoggedRecord[] = [];
  for (let offset = 0; offset < swipes; offset++) {
    const record = acceptText(generator.next(START_MS + Math.floor((offset * MONTH_MS) / swipes)), context);
    if (isRefusal(record) || record.type !== "swipe") throw new Error("the generator made no swipe");
    const appendedAtMs = parseInstantMs(record.receivedAt ?? record.occurredAt) + APPENDED_BEHIND_MS;
    const key = record.personKey;
    journal.push({ offset, key, value: encodeBody(record), header: NO_HEADER, appendedAtMs });
    const said = loggedOutcomesOf(record, partition.take(record, offset, appendedAtMs));
    for (const [sequence, outcome] of said.entries())
      outcomes.push({
        offset: outcomes.length,
        key,
        value: encodeBody(outcome),
        header: encodePosition({ journalOffset: offset, sequence }),
        appendedAtMs,
      });
  }
  return { journal, outcomes, persons: partition.personCount, personBytes: partition.personBytes };
}
