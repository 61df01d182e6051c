/**
 * Port: what the logs (and the archive) hold of one person, stretch by stretch, each with its day proof.
 *
 * What an implementation promises
 * - **Whole**: the stretches follow one another without a gap from the journal's first record, or from the checkpoint, on.
 *   A stretch without a record of the person is there with the proof that it holds none.
 * - **As the logs have it**: a line's JSON is that of the log, byte for byte; an outcome comes once.
 * - **Bounded**: one stretch is in memory, of one person and one day at most.
 */

import type { PersonProof } from "../../../schemas/evidence/day-proof.js";
import type { JournalLine, OutcomeLine } from "../../../schemas/evidence/lines.js";
import type { CheckpointFile } from "../../../schemas/evidence/package.js";

export interface HistoryStretch {
  /** The day proof as it was published, without line feed. */
  readonly proofLine: string;
  readonly proof: PersonProof;
  readonly journal: readonly JournalLine[];
  readonly outcomes: readonly OutcomeLine[];
  /** Records without a person that these are judged by and that no earlier stretch gave: activations, heartbeats, bootstrap. */
  readonly context: readonly JournalLine[];
}

export interface PersonHistory {
  readonly partition: number;
  /** The first stretch holds the record behind it, and may begin before; null where it begins with the journal. */
  readonly checkpoint: CheckpointFile | null;
  /** That the checkpoint's partition goes by; none where there is no checkpoint. */
  readonly bundleHashes: readonly string[];
  stretches(): AsyncIterable<HistoryStretch>;
}
