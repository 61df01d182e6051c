/** What the journal of a run means: a fresh partition that takes every record once, in order, with nothing around it. */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { decodeJournalBody, encodeBody } from "../../schemas/log-body.js";
import type { DetectorBundle } from "../../services/detector/bundle.js";
import { Partition } from "../../services/detector/partition.js";
import { encodePartitionState } from "../../services/detector/partition-state.js";
import { loggedOutcomesOf } from "../../services/detector/taken.js";

export interface FoldedOutcome {
  readonly journalOffset: number;
  readonly sequence: number;
  readonly body: Uint8Array;
}

export interface Fold {
  readonly outcomes: readonly FoldedOutcome[];
  /** Sealed person records by personKey. */
  readonly persons: ReadonlyMap<string, Uint8Array>;
  readonly partitionRecord: Uint8Array;
}

export function foldOf(journal: readonly LoggedRecord[], bundles: ReadonlyMap<string, DetectorBundle>): Fold {
  const partition = new Partition([...bundles.values()][0]!, { bundles });
  const outcomes: FoldedOutcome[] = [];
  const keys = new Set<string>();
  let appendedAtMaxMs = 0;
  for (const { offset, value, appendedAtMs } of journal) {
    const record = decodeJournalBody(value);
    appendedAtMaxMs = Math.max(appendedAtMaxMs, appendedAtMs);
    const logged = loggedOutcomesOf(record, partition.take(record, offset, appendedAtMaxMs));
    if ("personKey" in record) keys.add(record.personKey);
    for (const [sequence, outcome] of logged.entries())
      outcomes.push({ journalOffset: offset, sequence, body: encodeBody(outcome) });
  }
  return {
    outcomes,
    persons: new Map([...keys].map((key) => [key, partition.personBytesOf(key)])),
    partitionRecord: encodePartitionState(partition.stateAt(journal.length - 1, appendedAtMaxMs)),
  };
}
