/**
 * The numbers by which a server knows the batches of one producer in one partition: (producer id, epoch, sequence of
 * the first record). A batch sent twice with the same numbers is kept once.
 *
 * 1. The server takes a batch only where the sequence continues its last one: one batch under way at a time, or a
 *    batch behind it could be refused for the one before.
 * 2. After an append that failed, the epoch rises and the sequence begins at 0. A copy of the failed batch that is
 *    still on its way can land before the next batch (the caller sends its entries again; both may then be there), never
 *    behind it: by then its epoch is refused.
 * 3. The epoch belongs to the partition: the server keeps it per partition and producer id, so the failure of one
 *    partition costs the others nothing.
 */

/** Sequences are 31 bits and go on at 0. */
const SEQUENCE_COUNT = 2 ** 31;
const EPOCH_MAX = 32_767;

export interface BatchNumbers {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly firstSequence: number;
}

export class PartitionSequence {
  private next = 0;

  constructor(
    private producerId: number,
    private producerEpoch: number,
  ) {}

  /** Numbers of a batch of so many records. */
  take(recordCount: number): BatchNumbers {
    const { producerId, producerEpoch, next } = this;
    this.next = (next + recordCount) % SEQUENCE_COUNT;
    return { producerId, producerEpoch, firstSequence: next };
  }

  /** Invariant 2. False where no epoch is left: `restart` with a new producer id before the next batch. */
  fence(): boolean {
    if (this.producerEpoch >= EPOCH_MAX) return false;
    this.producerEpoch++;
    this.next = 0;
    return true;
  }

  restart(producerId: number, producerEpoch: number): void {
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
    this.next = 0;
  }
}
