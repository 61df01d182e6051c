/** A person's journal record with what came of it, read from its lines. */

import type { JournalRecord } from "../../../schemas/journal.js";
import { decodeJournalJson } from "../../../schemas/log-body.js";
import type { DecisionOutcome, LoggedOutcome, TransitionOutcome } from "../../../schemas/outcomes.js";
import type { RecordWithOutcomes } from "../package/folder-lines.js";

export interface JudgedRecord {
  readonly offset: number;
  readonly appendedAtMs: number;
  /** A record that came from a former key is the record itself, not its cover. */
  readonly record: JournalRecord;
  readonly outcomes: readonly LoggedOutcome[];
}

export async function* judgedRecords(lines: AsyncIterable<RecordWithOutcomes>): AsyncGenerator<JudgedRecord> {
  for await (const { offset, appendedAtMs, json, outcomes } of lines) {
    const record = decodeJournalJson(json);
    yield {
      offset,
      appendedAtMs,
      record: record.type === "carried" ? record.record : record,
      outcomes: outcomes.map((line) => JSON.parse(line.json) as LoggedOutcome),
    };
  }
}

export function decisionOf({ outcomes }: JudgedRecord): DecisionOutcome | null {
  return outcomes.find((outcome) => outcome.type === "decision") ?? null;
}

export function transitionOf({ outcomes }: JudgedRecord): TransitionOutcome | null {
  return outcomes.find((outcome) => outcome.type === "transition") ?? null;
}

/** Sent again, or under an id that another record has: it changed nothing and is no further fact. */
export function isWithoutEffect({ outcomes }: JudgedRecord): boolean {
  return outcomes.some((outcome) => outcome.type === "duplicate" || outcome.type === "refused");
}
