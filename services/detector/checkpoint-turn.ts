/** When partitions write their checkpoints: one after another, not all at once, which would hold up swipes. */

/** Of the time between checkpoints, from one partition to the next: any number of them is spread evenly (golden ratio). */
const TURN_SHARE = 0.618_034;

/**
 * Which turn of a partition it is: a checkpoint is due when it has become another. By the clock alone, so that partitions
 * stay apart also where they were opened together, in several processes, or swipes begin again after a pause.
 * @param everyMs between two turns, > 0.
 */
export function checkpointTurn(partition: number, everyMs: number, nowMs: number): number {
  return Math.floor(nowMs / everyMs + ((partition * TURN_SHARE) % 1));
}
