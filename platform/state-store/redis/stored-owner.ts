/** Who owns a partition by what the server holds, and what that means to somebody who believes to own it. */

import { StateStoreError } from "../state-store.js";

export interface StoredOwner {
  readonly epoch: number;
  readonly owner: string;
  /** Number of the owner's last write. */
  readonly writes: number;
}

export interface BelievedOwner {
  readonly partition: number;
  readonly epoch: number;
  readonly owner: string;
}

export type Standing = "owner" | "taken" | "went-back";

/** @param reply epoch, owner, writes; null where the server holds none. */
export function storedOwner(reply: readonly unknown[]): StoredOwner | null {
  const [epoch, owner, writes] = reply;
  if (!Buffer.isBuffer(epoch) || !Buffer.isBuffer(owner)) return null;
  return {
    epoch: Number(epoch.toString()),
    owner: owner.toString(),
    writes: Buffer.isBuffer(writes) ? Number(writes.toString()) : -1,
  };
}

/**
 * Epochs only grow, and an epoch is given out once: a smaller one, or the same with another owner, is a store that lost
 * the acquisition. Fewer writes than were acknowledged is one that lost writes.
 */
export function standingOf(self: BelievedOwner, writesKnown: number, stored: StoredOwner | null): Standing {
  if (stored === null || stored.epoch < self.epoch) return "went-back";
  if (stored.epoch > self.epoch) return "taken";
  return stored.owner === self.owner && stored.writes >= writesKnown ? "owner" : "went-back";
}

export function takenError(self: BelievedOwner, stored: StoredOwner | null): StateStoreError {
  return new StateStoreError(
    "FENCED",
    `partition ${self.partition}: epoch ${self.epoch} was refused, epoch ${stored?.epoch ?? 0} owns it now; stop judging this partition`,
  );
}

export function wentBackError(
  self: BelievedOwner,
  writesKnown: number,
  stored: StoredOwner | null,
): StateStoreError {
  const found =
    stored === null
      ? "it holds no owner"
      : `it holds epoch ${stored.epoch} of ${stored.owner === self.owner ? "this" : "another"} owner with ${Math.max(stored.writes, 0)} writes`;
  return new StateStoreError(
    "FENCED",
    `partition ${self.partition}: the store went back to an older state: epoch ${self.epoch} had ${writesKnown} writes acknowledged, ${found} (a failover to a replica that was behind, or a restart without its data); open the partition anew, it is replayed from the journal`,
  );
}
