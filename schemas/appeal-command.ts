/** What people of the office ask about an appeal: what the console hands on and whoever keeps appeals decides. */

import type { AppealsProblemCode } from "./http/appeals-problem.js";

type Outcomes = Readonly<Record<string, "upheld" | "rejected">>;
interface Deciding {
  readonly by: string;
  /** By decisionId. */
  readonly outcomes: Outcomes;
  /** Rejected ones that were found to be the holder's own. */
  readonly own: readonly string[];
  readonly reasons: string;
}

export type OfficeCommand =
  | { readonly type: "accept"; readonly by: string }
  | { readonly type: "return"; readonly by: string; readonly what: string }
  | { readonly type: "resume"; readonly by: string; readonly reason: string }
  | { readonly type: "review"; readonly by: string; readonly opinion: string }
  | { readonly type: "investigate"; readonly by: string; readonly findings: string }
  | ({ readonly type: "decide" } & Deciding)
  | { readonly type: "confirm"; readonly by: string }
  | { readonly type: "drop"; readonly by: string; readonly reason: string }
  | ({ readonly type: "reconsider" } & Deciding);

export interface AskedAppealChange {
  readonly appealId: string;
  /** That was seen. */
  readonly version: number;
  readonly command: OfficeCommand;
}

/** null: done. */
export type AppealChangeResult = null | { readonly code: AppealsProblemCode; readonly detail: string };
