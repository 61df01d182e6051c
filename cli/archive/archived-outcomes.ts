/**
 * The archived outcomes of a partition beside those that are judged anew: the first difference, in the order of the journal.
 *
 * Owns: how far both were compared.
 */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { encodeBody, jsonOfBody } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../schemas/topics.js";
import type { Archive } from "../../services/archive/archive.js";
import { segmentRecords } from "../../services/archive/segment-file.js";
import type { JudgedRecord } from "../../services/detector/outcome-log.js";
import { firstDifference } from "./first-difference.js";

export class ArchivedOutcomes {
  compared = 0;
  /** Activations of journals from before they were answered. */
  unanswered = 0;
  private readonly records: AsyncGenerator<LoggedRecord>;
  private next: LoggedRecord | null = null;

  constructor(
    archive: Archive,
    private readonly partition: number,
    afterOffset: number,
  ) {
    this.records = outcomesAfter(archive, partition, afterOffset);
  }

  /** @returns what differs, with its place; null where nothing does. */
  async compare({ journalOffset, personKey, outcomes }: JudgedRecord): Promise<string | null> {
    for (const [sequence, outcome] of outcomes.entries()) {
      const difference = await this.compareOne({ journalOffset, sequence }, personKey, outcome);
      if (difference !== null) return difference;
    }
    return null;
  }

  /** After the last journal record: is anything left that nobody judged? */
  async end(): Promise<string | null> {
    const left = await this.peek();
    return left === null ? null : this.unexpected(left);
  }

  async close(): Promise<void> {
    await this.records.return(undefined);
  }

  private async compareOne(
    position: OutcomePosition,
    personKey: string,
    outcome: LoggedOutcome,
  ): Promise<string | null> {
    const archived = await this.peek();
    if (archived !== null && isAbove(position, decodePosition(archived.header)))
      return this.unexpected(archived);
    if (archived === null || isAbove(decodePosition(archived.header), position)) {
      if (outcome.type !== "activated")
        return `${this.place(position)}: judged ${outcome.type}, nothing is archived there`;
      this.unanswered++;
      return null;
    }
    this.next = null;
    this.compared++;
    return this.differenceOf(archived, position, personKey, outcome);
  }

  private differenceOf(
    archived: LoggedRecord,
    position: OutcomePosition,
    personKey: string,
    outcome: LoggedOutcome,
  ): string | null {
    if (archived.key !== personKey)
      return `${this.place(position)}: archived under person ${archived.key}, judged ${personKey}`;
    const body = encodeBody(outcome);
    if (Buffer.from(body).equals(archived.value)) return null;
    const [was, is] = [JSON.parse(jsonOfBody(archived.value)), JSON.parse(jsonOfBody(body))];
    return `${this.place(position)}: ${firstDifference(was, is) ?? "the bytes differ, the values do not"}`;
  }

  private unexpected({ header, value }: LoggedRecord): string {
    const { type } = JSON.parse(jsonOfBody(value)) as { readonly type?: unknown };
    return `${this.place(decodePosition(header))}: archived ${String(type)}, nothing was judged there`;
  }

  private place({ journalOffset, sequence }: OutcomePosition): string {
    return `partition ${this.partition}, journal offset ${journalOffset}, outcome ${sequence}`;
  }

  private async peek(): Promise<LoggedRecord | null> {
    if (this.next === null) {
      const { value, done } = await this.records.next();
      this.next = done === true ? null : value;
    }
    return this.next;
  }
}

async function* outcomesAfter(
  archive: Archive,
  partition: number,
  afterOffset: number,
): AsyncGenerator<LoggedRecord> {
  for (const entry of archive.segments(Topic.DECISIONS, partition)) {
    if ((entry.lastPosition?.journalOffset ?? -1) <= afterOffset) continue;
    for await (const record of segmentRecords(archive, entry))
      if (decodePosition(record.header).journalOffset > afterOffset) yield record;
  }
}
