/** What is refused of evidence: expected, changes nothing, and says what stands against it and the next step. */

import type { EvidenceProblemCode } from "../../schemas/http/evidence-problem.js";

export class EvidenceRefusal extends Error {
  override readonly name = "EvidenceRefusal";
  readonly retryable = false;
  constructor(
    readonly code: EvidenceProblemCode,
    detail: string,
  ) {
    super(detail);
  }
}
