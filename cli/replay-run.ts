/**
 * The way of replayed lines: bytes → accepted record → judged → outcome lines, in order, one partition.
 * Used by `kadun replay`, by the demo and by evaluations; holds no more than the persons.
 */

import { parseInstantMs } from "../schemas/instant.js";
import type { JournalRecord } from "../schemas/journal.js";
import type { DecisionOutcome, Outcome } from "../schemas/outcomes.js";
import { Partition } from "../services/detector/partition.js";
import { acceptBytes, isRefusal } from "../services/ingest/accept.js";
import type { CanonicalContext } from "../services/ingest/canonicalise.js";
import { carriedRecord, isMoving } from "../services/ingest/carried-record.js";
import { MovedKeys } from "../services/ingest/moved-keys.js";
import { isNotTaken, type Refusal, refusal } from "../services/ingest/refusal.js";
import { judgedAlone } from "../services/ingest/unexpected.js";
import type { LoadedBundle } from "./bundle-files.js";

export interface ReplaySummary {
  lines: number;
  refusedLines: number;
  /** Transactions of the national platform that are no record: said, and no fault of the input. */
  notTakenLines: number;
  persons: number;
  decisions: number;
  revisions: number;
  transitions: number;
  duplicates: number;
  /** Links of persons to new numbers that took effect. */
  merges: number;
  byAction: Record<string, number>;
  /** Live reasons of decisions and revisions, floors as R00. */
  byRule: Record<string, number>;
  refusedByCode: Record<string, number>;
}

/** Bytes of a line → the record it is. */
export type AcceptLine = (line: Uint8Array) => JournalRecord | Refusal;

export interface ReplaySinks {
  /** Every outcome, in order. */
  readonly outcome: (outcome: Outcome) => void;
  readonly refused: (refused: Refusal) => void;
  /** A line that is no record and no fault; nobody hears of it unless given. */
  readonly notTaken?: (refused: Refusal) => void;
}

export class ReplayRun {
  readonly summary: ReplaySummary = {
    lines: 0,
    refusedLines: 0,
    notTakenLines: 0,
    persons: 0,
    decisions: 0,
    revisions: 0,
    transitions: 0,
    duplicates: 0,
    merges: 0,
    byAction: { approve: 0, review: 0, challenge: 0, reject: 0 },
    byRule: {},
    refusedByCode: {},
  };
  readonly partition: Partition;
  private readonly moved = new MovedKeys();
  private offset = 0;

  constructor(
    { bundle }: LoadedBundle,
    context: CanonicalContext,
    private readonly sinks: ReplaySinks,
    /** Kadun's own raw records unless given. */
    private readonly accept: AcceptLine = (line) => acceptBytes(line, context),
  ) {
    this.partition = new Partition(bundle);
  }

  /** Takes one line; an empty one counts as a line and means nothing. */
  line(bytes: Uint8Array): void {
    this.summary.lines++;
    if (bytes.length === 0) return;
    const accepted = judgedAlone(() => this.accept(bytes));
    if (isRefusal(accepted)) this.withhold(accepted);
    else
      this.record(
        "personKey" in accepted ? this.moved.placed(accepted) : accepted,
        logAppendedAtMs(accepted),
      );
  }

  /** What a carrier does between two partitions is done at once. A link or a record sent on is one outcome. */
  private record(first: JournalRecord, appendedAtMs: number): void {
    let next: JournalRecord | null = first;
    while (next !== null) next = this.judge(next, appendedAtMs);
  }

  /** @returns what comes under another key because of it. */
  private judge(record: JournalRecord, appendedAtMs: number): JournalRecord | null {
    let carried: JournalRecord | null = null;
    const offset = this.offset++;
    const outcomes = this.partition.take(record, offset, appendedAtMs);
    this.summary.persons = this.partition.personCount;
    if ("activated" in outcomes) return null;
    if ("refused" in outcomes) {
      const eventId = "eventId" in record ? record.eventId : null;
      this.refuse(refusal(outcomes.refused, { field: "eventId", eventId }));
      return null;
    }
    for (const outcome of outcomes) {
      this.count(outcome);
      this.sinks.outcome(outcome);
      if (outcome.type === "person-merged") this.moved.set(outcome.formerPersonKey, outcome.personKey);
      if (isMoving(outcome)) carried = carriedRecord(outcome, { record, offset, appendedAtMs });
    }
    return carried;
  }

  private withhold(refused: Refusal): void {
    if (isNotTaken(refused)) {
      this.summary.notTakenLines++;
      this.sinks.notTaken?.(refused);
    } else this.refuse(refused);
  }

  private refuse(refused: Refusal): void {
    this.summary.refusedLines++;
    increase(this.summary.refusedByCode, refused.code);
    this.sinks.refused(refused);
  }

  private count(outcome: Outcome): void {
    switch (outcome.type) {
      case "decision":
        this.summary.decisions++;
        increase(this.summary.byAction, outcome.action);
        this.countReasons(outcome.reasons);
        return;
      case "revision":
        this.summary.revisions++;
        this.countReasons(outcome.reasons);
        return;
      case "transition":
        this.summary.transitions++;
        return;
      case "duplicate":
        this.summary.duplicates++;
        return;
      case "person-merged":
        this.summary.merges++;
        return;
      case "person-moved":
      case "forwarded":
    }
  }

  private countReasons(reasons: DecisionOutcome["reasons"]): void {
    for (const { rule, mode } of reasons) if (mode === "live") increase(this.summary.byRule, rule);
  }
}

/** In a replay a line was appended when its source received it, else when it occurred (docs/design.md section 10). */
function logAppendedAtMs(record: JournalRecord): number {
  if (!("occurredAt" in record)) return 0;
  return parseInstantMs(("receivedAt" in record ? record.receivedAt : undefined) ?? record.occurredAt);
}

function increase(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
