/** What a patrol is: one SQL file and this row (registry.ts). */

import type { PatrolId } from "../../../schemas/patrols.js";

/** What a finding is about. Keys: `institution`, `institution/terminal`, `institution/operator`; else a token or hash. */
export const SUBJECT_KINDS = ["institution", "terminal", "operator", "agent", "trace-code", "card"] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** Cuts time so that a finding found again is the same one: Shanghai's days, its months, or not at all. */
export type WindowKind = "day" | "month" | "ever";

export interface Bilingual {
  readonly "zh-CN": string;
  readonly en: string;
}

export interface PatrolParameter {
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
  readonly means: string;
}

export interface Patrol {
  readonly id: PatrolId;
  readonly name: string;
  /** In `sql/`. */
  readonly file: string;
  readonly subjectKinds: readonly SubjectKind[];
  readonly window: WindowKind;
  /** Numbers of `rulesets/patrols.json`; a list of rule ids has no limits to state. */
  readonly parameters: Readonly<Record<string, PatrolParameter | "rule-ids">>;
  /** Columns of a finding beside what all have: whole numbers and shares, shown in the text as `{name}`. */
  readonly facts: readonly string[];
  readonly sees: Bilingual;
  readonly found: Bilingual;
  /** docs/domain.md section 7. */
  readonly basis: Bilingual;
  /** What follows for the analyst. */
  readonly next: Bilingual;
  /** What a cardholder can do. */
  readonly holder: Bilingual;
}
