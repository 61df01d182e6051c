/** What people ask about a case, and what comes of it: what the console hands on and whoever keeps the cases decides. */

import type { CaseState } from "./case-transitions.js";
import type { Scope } from "./console/access.js";
import type { CasesProblemCode } from "./http/cases-problem.js";

/** What a phone call to somebody whom no SMS reaches came to; either ends the task. */
export const CALL_OUTCOMES = ["reached", "not-reached"] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

export type CaseCommand =
  | { readonly kind: "assign"; readonly assignee: string; readonly reason: string | null }
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "strike-note"; readonly noteId: number; readonly reason: string }
  | { readonly kind: "phoned"; readonly outcome: CallOutcome; readonly note: string | null }
  | {
      readonly kind: "move";
      readonly to: CaseState;
      readonly reason: string | null;
      /** Rules of which the journal is told; null: those of all alerts that stand. */
      readonly rules: readonly string[] | null;
    }
  | { readonly kind: "approve"; readonly proposalId: number; readonly reason: string | null }
  | { readonly kind: "reject"; readonly proposalId: number; readonly reason: string };

export interface AskedChange {
  readonly caseId: string;
  readonly actor: string;
  /** Cases of other regions are not there. */
  readonly scope: Scope;
  /** That the actor saw; 0 of a case with which nobody has done anything. */
  readonly version: number;
  readonly command: CaseCommand;
}

export type ChangeResult =
  | { readonly kind: "changed"; readonly version: number }
  | { readonly kind: "refused"; readonly code: CasesProblemCode; readonly detail: string };
