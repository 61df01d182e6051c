/** Judges persons of one journal partition by all sides, in the order of the journal. */

import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import { decodeJournalBody } from "../../schemas/log-body.js";
import type { PartitionState } from "../../services/detector/partition-state.js";
import { pagesOf, type Stretch } from "./journal-pages.js";
import type { Observer } from "./observer.js";
import type { Side } from "./side.js";
import { journalTimeMs } from "./time-window.js";

export interface JudgingParts {
  readonly sides: readonly Side[];
  readonly observer: Observer;
}

/** A partition as of a checkpoint. */
export interface LaneStart {
  readonly state: PartitionState;
  /** Sealed records of those who are taken. */
  readonly persons: readonly Uint8Array[];
}

/** One partition as its detector sees it, of the persons that are taken. */
export class PartitionLane {
  private appendedAtMaxMs = 0;

  constructor(
    private readonly partition: number,
    private readonly isTaken: (personKey: string) => boolean,
    private readonly parts: JudgingParts,
    /** null: before the first record, when nobody is known. */
    start: LaneStart | null = null,
  ) {
    if (start === null) return;
    this.appendedAtMaxMs = start.state.appendedAtMaxMs;
    for (const side of parts.sides) side.begin(start.state, start.persons);
  }

  /** Other persons' records only pass the time. */
  take(logged: LoggedRecord): void {
    const { offset, key } = logged;
    this.appendedAtMaxMs = Math.max(this.appendedAtMaxMs, logged.appendedAtMs);
    if (key !== NOBODY && !this.isTaken(key)) return;
    const record = decodeJournalBody(logged.value);
    const { sides, observer } = this.parts;
    const outcomes = sides.map((side) => side.take(record, offset, this.appendedAtMaxMs));
    if (!("personKey" in record)) return;
    const timeMs = journalTimeMs(record, this.appendedAtMaxMs);
    observer.observe({ record, place: { partition: this.partition, offset }, timeMs, outcomes });
  }
}

export async function judgePartition(
  log: EventLog,
  stretch: Stretch,
  isTaken: (personKey: string) => boolean,
  parts: JudgingParts,
  onRecords: (count: number) => void,
  signal: AbortSignal,
  start: LaneStart | null = null,
): Promise<void> {
  const lane = new PartitionLane(stretch.partition, isTaken, parts, start);
  for await (const page of pagesOf(log, stretch, signal)) {
    for (const logged of page) lane.take(logged);
    onRecords(page.length);
  }
}

/** Key of records that concern the whole partition. */
const NOBODY = "";
