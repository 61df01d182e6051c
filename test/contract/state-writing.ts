/**
 * A process of its own that writes checkpoints without end: two puts, then the partition record with the number of the
 * checkpoint. Every value begins with that number.
 */

import { setTimeout as wait } from "node:timers/promises";
import { type StateEntry, type StateStore, StateStoreError } from "../../platform/state-store/state-store.js";

/** What the process is to do; travels as JSON. */
export interface StatePutOrder {
  readonly partition: number;
  readonly entriesPerPut: number;
  readonly valueBytes: number;
  readonly checkpointsMax: number;
  /** New keys in every checkpoint instead of the same ones again. */
  readonly growing?: boolean;
}

export interface Refused {
  readonly code: string;
  readonly retryable: boolean;
}

/** What it tells. */
export type StateNews =
  | { readonly type: "checkpoint"; readonly number: number }
  | ({ readonly type: "refused" } & Refused)
  | { readonly type: "done" };

export interface StateWritingProcess {
  /** Number of the last whole checkpoint that was acknowledged. */
  readonly checkpoints: number;
  readonly refusals: readonly Refused[];
  until(isTrue: (writing: StateWritingProcess) => boolean): Promise<void>;
  finished(): Promise<void>;
  kill(): Promise<void>;
}

/** Between a refusal and the same write again. */
const RETRY_MS = 20;

export async function writeCheckpoints(store: StateStore, order: StatePutOrder): Promise<void> {
  const owner = await store.acquire(order.partition, "writer");
  for (let number = 1; number <= order.checkpointsMax; number++) {
    await insist(() => owner.put(entriesOf(order, number, 0)));
    await insist(() => owner.put(entriesOf(order, number, order.entriesPerPut)));
    await insist(() => owner.putPartition(Buffer.from(String(number))));
    tell({ type: "checkpoint", number });
  }
  await store.close();
  tell({ type: "done" });
}

async function insist(write: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof StateStoreError) || !error.retryable) throw error;
      tell({ type: "refused", code: error.code, retryable: error.retryable });
      await wait(RETRY_MS);
    }
  }
}

function entriesOf(order: StatePutOrder, number: number, first: number): StateEntry[] {
  const base = first + (order.growing === true ? number * 2 * order.entriesPerPut : 0);
  return Array.from({ length: order.entriesPerPut }, (_, index) => ({
    key: (base + index).toString(16).padStart(32, "0"),
    value: Buffer.from(`${number} `.padEnd(order.valueBytes, "x")),
  }));
}

function tell(news: StateNews): void {
  process.send?.(news);
}
