/**
 * Keeps the order between partitions that a person's move has: what the new number's partition says of swipes that were
 * decided under the former number is applied after those decisions.
 *
 * Owns: which records of a batch may be applied now, and the waiting for the others.
 * Does not own: writing `person_moves` (alerts-sink.ts, with the batch that holds the move).
 *
 * 1. Revisions of such swipes follow `person-merged` in the new key's partition; the decisions precede `person-moved` in the
 *    former key's. So who is merged waits until that move is applied: a revision finds its swipe however far behind the
 *    other partition's consumer is, and a rebuild gives the same alerts and SMS.
 * 2. Nobody waits for what comes after: a move is in the log before what was made of it, and a batch is cut before what
 *    has to wait. So two partitions never wait for each other.
 * 3. A move that is not known although everything is applied that the other partition held when the waiting began was
 *    applied by a release that did not keep moves: it is not waited for.
 */

import { type Kysely, sql } from "kysely";
import type { Clock } from "../../platform/clock/clock.js";
import { storableText } from "../../platform/database/database.js";
import type { MarkedRecord } from "../../platform/event-log/consume-once.js";
import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import { decodeOutcomeBody, isBodyOfType } from "../../schemas/log-body.js";
import { type OutcomePosition, partitionOf, Topic } from "../../schemas/topics.js";
import { alertsProgress } from "./alerts-progress.js";
import type { AlertsTables, PersonMoveRow } from "./tables.js";

/** Between two looks at the other partition. */
const LOOK_EVERY_MS = 100;
/** A minute: consumers of other partitions are behind by seconds, except in a rebuild. */
const LOOKS_UNTIL_WARNING = 600;

export interface MergeOrderOptions {
  readonly database: Kysely<AlertsTables>;
  readonly log: Pick<EventLog, "bounds" | "partitionCount">;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class MergeOrder {
  constructor(private readonly options: MergeOrderOptions) {}

  /**
   * How many of the records, from the first, may be applied. Waits until it is at least one; 0 where the signal was aborted.
   * @throws DatabaseError, EventLogError.
   */
  async applicable(
    partition: number,
    records: readonly MarkedRecord<OutcomePosition>[],
    signal: AbortSignal,
  ): Promise<number> {
    const merges = await this.mergesFromOthers(partition, records);
    if (merges.length === 0) return records.length;
    const known = await this.knownMoves(merges.map(({ move }) => move));
    const first = merges.find(({ move }) => !known.has(idOf(move)));
    if (first === undefined) return records.length;
    if (first.index > 0) return first.index;
    return (await this.isThere(first, signal)) ? 1 : 0;
  }

  /** Of moves in this very partition the log's order is enough. */
  private async mergesFromOthers(
    partition: number,
    records: readonly MarkedRecord<OutcomePosition>[],
  ): Promise<readonly Merge[]> {
    if (!records.some(({ record }) => isBodyOfType(record.value, "person-merged"))) return [];
    const partitions = await this.options.log.partitionCount(Topic.DECISIONS);
    return records
      .flatMap(({ record }, index) => mergeOf(record, index, partitions) ?? [])
      .filter(({ from }) => from !== partition);
  }

  /** @returns false where the signal was aborted. */
  private async isThere({ move, from }: Merge, signal: AbortSignal): Promise<boolean> {
    const { log, clock, logger } = this.options;
    const { end } = await log.bounds(Topic.DECISIONS, from);
    logger.debug("alerts.merge-waits", { partition: from, offset: end });
    for (let looks = 0; !signal.aborted; looks++) {
      if (looks === LOOKS_UNTIL_WARNING)
        logger.warn("alerts.merge-waits-long", { partition: from, offset: end });
      // First how far it is: what it applied by then is seen by the second look.
      const stored = await alertsProgress.stored(this.options.database, from);
      if ((await this.knownMoves([move])).size > 0) return true;
      if ((stored?.nextOffset ?? 0) >= end) return true;
      await clock.sleep(LOOK_EVERY_MS, signal);
    }
    return false;
  }

  private async knownMoves(moves: readonly PersonMoveRow[]): Promise<ReadonlySet<string>> {
    const keys = [...new Set(moves.map(({ former_person_key }) => former_person_key))];
    const rows = await this.options.database
      .selectFrom("person_moves")
      .selectAll()
      .where("former_person_key", "=", sql<string>`any(${keys}::text[])`)
      .execute();
    return new Set(rows.map(idOf));
  }
}

interface Merge {
  readonly index: number;
  readonly move: PersonMoveRow;
  /** The former key's partition. */
  readonly from: number;
}

function mergeOf({ value }: LoggedRecord, index: number, partitions: number): Merge | null {
  if (!isBodyOfType(value, "person-merged")) return null;
  const outcome = decodeOutcomeBody(value);
  if (outcome.type !== "person-merged") return null;
  const { formerPersonKey, eventId } = outcome;
  return { index, move: moveRow(formerPersonKey, eventId), from: partitionOf(formerPersonKey, partitions) };
}

export function moveRow(formerPersonKey: string, eventId: string): PersonMoveRow {
  return { former_person_key: formerPersonKey, event_id: storableText(eventId) };
}

function idOf({ former_person_key, event_id }: PersonMoveRow): string {
  return `${former_person_key} ${event_id}`;
}
