/** The rules to ask for a swipe, worked out once for every sort of swipe. */

import { SWIPE_KINDS } from "../../schemas/fields.js";
import { type CompiledRule, rulesFor } from "./ruleset.js";

export class AskedRules {
  /** [kind][isLinked × 2 + hasCardEvents] */
  private readonly lists: readonly (readonly CompiledRule[])[][];

  constructor(rules: readonly CompiledRule[]) {
    this.lists = SWIPE_KINDS.map((kind) =>
      [0, 1, 2, 3].map((index) =>
        rulesFor(rules, kind, { isLinked: (index & 2) !== 0, hasCardEvents: (index & 1) !== 0 }),
      ),
    );
  }

  /** In order of their numbers. */
  of(kind: number, isLinked: boolean, hasCardEvents: boolean): readonly CompiledRule[] {
    return this.lists[kind]![(isLinked ? 2 : 0) + (hasCardEvents ? 1 : 0)]!;
  }
}
