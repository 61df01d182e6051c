/**
 * What a partition gives to the judgement of one person's swipes besides the person's record: activations, bootstrap, and of
 * each province's feed the heartbeat that counts (rules.md 0.15).
 *
 * 1. A record is given once, at the latest before the first swipe that needs it. Heartbeats that no swipe of the person
 *    asks for are not given: a year of one feed has millions.
 */

import type { JournalLine } from "../../../schemas/evidence/lines.js";
import { parseInstantMs } from "../../../schemas/instant.js";
import type { CanonicalHeartbeat, CanonicalSwipe, JournalRecord } from "../../../schemas/journal.js";

interface Beat {
  readonly line: JournalLine;
  /** The source's receipt, unless the log was earlier (rules.md 0.1). */
  readonly countedAtMs: number;
}

export class PartitionContext {
  /** Not given yet. */
  private readonly kept: JournalLine[] = [];
  private readonly beats = new Map<string, Beat>();
  private readonly given = new Map<string, number>();

  /** A record without a person, in order. */
  add(record: JournalRecord, line: JournalLine): void {
    if (record.type !== "heartbeat") this.kept.push(line);
    else this.beat(record, line);
  }

  /** What is needed to judge this record of the person and was not given before. */
  before(record: JournalRecord): readonly JournalLine[] {
    const lines = this.kept.splice(0);
    const swipe = swipeOf(record);
    if (swipe === null) return lines;
    const feed = swipe.insuredRegion.slice(0, 2);
    const beat = this.beats.get(feed);
    if (beat === undefined) return lines;
    this.beats.delete(feed);
    this.given.set(feed, beat.countedAtMs);
    return [...lines, beat.line];
  }

  /** An earlier one that arrives late changes nothing. */
  private beat({ feedId, receivedAt }: CanonicalHeartbeat, line: JournalLine): void {
    const receivedAtMs = receivedAt === undefined ? null : parseInstantMs(receivedAt);
    const isEarlier = receivedAtMs !== null && receivedAtMs <= line.appendedAtMs;
    const countedAtMs = isEarlier ? receivedAtMs : line.appendedAtMs;
    const before = this.beats.get(feedId)?.countedAtMs ?? this.given.get(feedId) ?? Number.NEGATIVE_INFINITY;
    if (countedAtMs > before) this.beats.set(feedId, { line, countedAtMs });
  }
}

function swipeOf(record: JournalRecord): CanonicalSwipe | null {
  if (record.type === "swipe") return record;
  return record.type === "carried" && record.record.type === "swipe" ? record.record : null;
}
