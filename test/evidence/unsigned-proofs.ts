/** Stretches without a tree: for tests of what lies in them. */

import { NO_DIGEST } from "../../schemas/evidence/day-proof.js";
import type { ProvenStretch } from "../../services/evidence/package/log-history.js";

/** @param endOffsets of the stretches. */
export async function* unsignedProofs(endOffsets: readonly number[]): AsyncGenerator<ProvenStretch> {
  let fromOffset = 0;
  for (const [index, endOffset] of endOffsets.entries()) {
    const proofLine = JSON.stringify({
      type: "day-proof",
      format: 1,
      partition: 0,
      day: `2026-03-${String(index + 1).padStart(2, "0")}`,
      part: 1,
      isDayClosed: true,
      fromOffset,
      endOffset,
      persons: 0,
      root: NO_DIGEST,
      previousSha256: NO_DIGEST,
      keyId: "none",
      signature: "",
    });
    fromOffset = endOffset;
    yield { proofLine, proof: { found: "absent", left: null, right: null } };
  }
}
