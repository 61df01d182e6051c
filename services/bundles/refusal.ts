/** What a person is refused: expected, changes nothing, and says what stands against it and the next step. */

import type { BundleMistake, RulesProblemCode } from "../../schemas/http/rules-problem.js";

export class RulesRefusal extends Error {
  override readonly name = "RulesRefusal";
  readonly retryable = false;
  constructor(
    readonly code: RulesProblemCode,
    detail: string,
    /** Of a bundle. */
    readonly mistakes: readonly BundleMistake[] = [],
  ) {
    super(detail);
  }
}
