/** Which rules were met, how often, and by what: one entry for each rule, version and bundle. */

import { ACTIONS, type Action } from "../../../schemas/fields.js";
import type { Reason } from "../../../schemas/outcomes.js";
import type { Transaction } from "./transaction.js";

/** Swipes named as examples. */
const EXAMPLES_MAX = 5;

export interface MatchedRule {
  readonly rule: string;
  readonly version: number;
  readonly bundleHash: string;
  readonly severity: Reason["severity"];
  count: number;
  strongest: Action;
  /** Numbers of transactions, the first ones. */
  readonly examples: number[];
  /** Of the first swipe with the strongest action. */
  reason: Reason;
}

export class MatchedRules {
  private readonly byKey = new Map<string, MatchedRule>();

  add({ decision }: Transaction, number: number): void {
    for (const reason of decision?.reasons ?? []) this.addReason(reason, decision!.bundleHash, number);
  }

  /** By rule, version and bundle. */
  all(): readonly MatchedRule[] {
    return [...this.byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, matched]) => matched);
  }

  private addReason(reason: Reason, bundleHash: string, number: number): void {
    const { rule, version, action, severity } = reason;
    const key = `${rule} ${String(version).padStart(9, "0")} ${bundleHash}`;
    const known = this.byKey.get(key);
    if (known === undefined) {
      const first = { rule, version, bundleHash, severity, count: 1, strongest: action, reason };
      this.byKey.set(key, { ...first, examples: [number] });
      return;
    }
    known.count++;
    if (known.examples.length < EXAMPLES_MAX && known.examples.at(-1) !== number) known.examples.push(number);
    if (ACTIONS.indexOf(action) <= ACTIONS.indexOf(known.strongest)) return;
    known.strongest = action;
    known.reason = reason;
  }
}
