/**
 * Appends numbered entries to all partitions at once, each append again until it is acknowledged, and compares the log
 * with what was acknowledged: nothing lost, the order kept, nothing twice.
 */

import { EventLogError, type LogProducer } from "../../platform/event-log/event-log.js";
import { numberedEntries } from "../contract/numbered-entry.js";
import type { OracleRecord } from "./kafka-oracle.js";

export interface Appending {
  readonly partitions: number;
  readonly entriesPerAppend: number;
  /** For each partition; or until `isOver` says so. */
  readonly appendsMax: number;
  readonly isOver?: () => boolean;
  /** After each acknowledged append. */
  readonly onAcknowledged?: (partition: number, appends: number) => void;
}

export interface Appended {
  /** Entries acknowledged, by partition: 0 to count - 1 in this order. */
  readonly counts: readonly number[];
  /** Offset of each acknowledged append's first entry, by partition. */
  readonly firstOffsets: readonly (readonly number[])[];
  /** Appends that failed for good and were sent again as new ones. */
  readonly failures: readonly EventLogError[];
  readonly stallMsMax: number;
}

export async function appendNumbered(producer: LogProducer, order: Appending): Promise<Appended> {
  const failures: EventLogError[] = [];
  let stallMsMax = 0;
  const appendAll = async (partition: number): Promise<readonly number[]> => {
    const firsts: number[] = [];
    while (firsts.length < order.appendsMax && order.isOver?.() !== true) {
      const began = performance.now();
      try {
        const entries = numberedEntries(firsts.length * order.entriesPerAppend, order.entriesPerAppend);
        firsts.push((await producer.append(partition, entries)).firstOffset);
        order.onAcknowledged?.(partition, firsts.length);
      } catch (error) {
        if (!(error instanceof EventLogError && error.retryable)) throw error;
        failures.push(error);
      }
      stallMsMax = Math.max(stallMsMax, performance.now() - began);
    }
    return firsts;
  };
  const all = Array.from({ length: order.partitions }, (_, partition) => appendAll(partition));
  const firstOffsets = await Promise.all(all);
  const counts = firstOffsets.map((firsts) => firsts.length * order.entriesPerAppend);
  return { counts, firstOffsets, failures, stallMsMax };
}

export interface Found {
  readonly lost: number;
  readonly doubled: number;
  readonly outOfOrder: number;
  /** Acknowledged appends whose offset is not where the log has them. */
  readonly misplaced: number;
}

export function compare(
  appended: Appended,
  log: readonly (readonly OracleRecord[])[],
  entriesPerAppend: number,
): Found {
  const found = { lost: 0, doubled: 0, outOfOrder: 0, misplaced: 0 };
  appended.counts.forEach((count, partition) => {
    const numbers = log[partition]!.map(({ key }) => Number(key.slice("key-".length)));
    const distinct = new Set(numbers);
    found.lost += count - [...distinct].filter((number) => number < count).length;
    found.doubled += numbers.length - distinct.size;
    found.outOfOrder += numbers.filter((number, index) => index > 0 && number < numbers[index - 1]!).length;
    const firsts = appended.firstOffsets[partition]!;
    found.misplaced += firsts.filter((offset, index) => numbers[offset] !== index * entriesPerAppend).length;
  });
  return found;
}

export const NOTHING_WRONG: Found = { lost: 0, doubled: 0, outOfOrder: 0, misplaced: 0 };
