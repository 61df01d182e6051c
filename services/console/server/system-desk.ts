/**
 * Ports: what the console asks of whoever knows how Kadun is, and of the audit log as auditors read it.
 *
 * What an implementation promises
 * - `status` answers as long as the database does: what is away is told as a part that is away.
 * - A redrive has its entry in the audit log.
 * - Records that were refused are never shown: what they hold is not known.
 */

import type { AuditAsked, AuditFound } from "../../../platform/audit-log/audit-search.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { SignedCheckpoint } from "../../../schemas/http/cases.js";
import type { DeadLettersAnswer, RedriveAnswer, SystemAnswer } from "../../../schemas/http/system.js";

export interface SystemDesk {
  status(): Promise<SystemAnswer>;
  /** null where the process that has them does not answer. */
  deadLetters(from: number): Promise<DeadLettersAnswer | null>;
  /** null as above: nothing is known of what was driven. */
  redrive(by: string): Promise<RedriveAnswer | null>;
}

/** Public, as PEM. */
export interface AuditKey {
  readonly keyId: string;
  readonly ed25519: string;
  readonly sm2: string;
}

export interface AuditLogDesk {
  /** Entries of what lies outside the scope are not there; where it is not the nation, those of no region neither. */
  search(asked: AuditAsked, scope: Scope): Promise<AuditFound>;
  /** In order. */
  lines(afterSeq: number, limit: number): Promise<readonly string[]>;
  /** The latest first. */
  latestCheckpoints(limit: number): Promise<readonly SignedCheckpoint[]>;
  /** In order. */
  checkpoints(afterSeq: number): Promise<readonly SignedCheckpoint[]>;
  /** Number of the last entry; 0 where there is none. */
  head(): Promise<number>;
  keys(): readonly AuditKey[];
}
