/** What `kadun reconcile` finds. The shape is its JSON output; hashes are 16 hexadecimal digits. */

import type { FiguresCheck } from "./figures-check.js";

/** More names than this nobody reads; the rest is counted. */
export const FINDINGS_NAMED_MAX = 100;

export type FindingKind =
  /** In the log, not in the table. */
  | "row-missing"
  /** In the table, not in the log. */
  | "row-extra"
  /** More than once in the table. */
  | "row-doubled"
  /** The body in the table is not the body in the log. */
  | "row-different"
  /** A record of the journal without its outcome in the decisions log. */
  | "outcome-missing"
  /** An outcome that its record does not account for. */
  | "outcome-extra"
  /** An outcome about another event than its record. */
  | "outcome-different";

export interface Finding {
  readonly kind: FindingKind;
  readonly topic: string;
  readonly partition: number;
  /** Offset in the topic; null for an outcome that is not there. */
  readonly offset: number | null;
  readonly journalOffset: number;
  readonly sequence: number;
  readonly eventId: string | null;
}

/** One topic of one partition against its table. */
export interface TopicReconciliation {
  /** Compared are the records before this offset: up to there the writer has come. */
  readonly upTo: number;
  /** Records behind it that are not written yet. */
  readonly lag: number;
  /** Records of the log, without those that repeat earlier ones. */
  readonly logged: number;
  readonly rows: number;
  /** Sum, modulo 2^64, of the first eight bytes of SHA-256 of each body: does not depend on the order. */
  readonly loggedHash: string;
  readonly rowsHash: string;
}

export interface PartitionReconciliation {
  readonly partition: number;
  readonly journal: TopicReconciliation;
  readonly outcomes: TopicReconciliation;
  /** Swipes and status records behind the last outcome: not judged yet. */
  readonly unjudged: number;
}

export interface Reconciliation {
  readonly isEqual: boolean;
  readonly partitions: readonly PartitionReconciliation[];
  /** At most `FINDINGS_NAMED_MAX`. */
  readonly findings: readonly Finding[];
  readonly findingsCount: number;
  /** There are too many to count one by one. */
  readonly findingsCountIsMinimum: boolean;
  /** Figures and lists against the rows they are made of, as far as they are counted. */
  readonly figures: FiguresCheck;
}

export class Findings {
  private readonly named: Finding[] = [];
  private counted = 0;
  private isMinimum = false;

  add(finding: Finding): void {
    this.counted++;
    if (this.named.length < FINDINGS_NAMED_MAX) this.named.push(finding);
  }

  /** Findings that are not looked for one by one. */
  addUnnamed(countMin: number): void {
    this.counted += countMin;
    this.isMinimum = true;
  }

  get isFull(): boolean {
    return this.named.length >= FINDINGS_NAMED_MAX;
  }

  result(partitions: readonly PartitionReconciliation[], figures: FiguresCheck): Reconciliation {
    return {
      isEqual: this.counted === 0 && figures.state !== "different",
      figures,
      partitions,
      findings: this.named,
      findingsCount: this.counted,
      findingsCountIsMinimum: this.isMinimum,
    };
  }
}
