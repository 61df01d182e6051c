/** One side of a history of files: what a carrier does between two partitions is done at once, as in `kadun replay`. */

import type { JournalRecord } from "../../schemas/journal.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { carriedRecord, isMoving } from "../../services/ingest/carried-record.js";
import { MovedKeys } from "../../services/ingest/moved-keys.js";
import type { Side } from "./side.js";

export class FileSide {
  private readonly moved = new MovedKeys();
  private offset = 0;

  constructor(private readonly side: Side) {}

  get personCount(): number {
    return this.side.personCount;
  }

  /** Everything that comes of the record, also under another key; what is refused is no outcome of a file. */
  take(record: JournalRecord, appendedAtMs: number): readonly LoggedOutcome[] {
    const all: LoggedOutcome[] = [];
    let next: JournalRecord | null = "personKey" in record ? this.moved.placed(record) : record;
    while (next !== null) next = this.judge(next, appendedAtMs, all);
    return all;
  }

  /** @returns what comes under another key because of it. */
  private judge(record: JournalRecord, appendedAtMs: number, all: LoggedOutcome[]): JournalRecord | null {
    const offset = this.offset++;
    let carried: JournalRecord | null = null;
    for (const outcome of this.side.take(record, offset, appendedAtMs)) {
      if (outcome.type === "refused") continue;
      all.push(outcome);
      if (outcome.type === "person-merged") this.moved.set(outcome.formerPersonKey, outcome.personKey);
      if (isMoving(outcome)) carried = carriedRecord(outcome, { record, offset, appendedAtMs });
    }
    return carried;
  }
}
