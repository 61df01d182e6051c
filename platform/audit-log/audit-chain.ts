/** The chain of the audit log: pure. Each line names the SHA-256 of the line before it. */

import { hash } from "node:crypto";

/** What the first line names. */
export const NO_LINE = "0".repeat(64);

export interface AuditDraft {
  /** A person's name, or the part of Kadun that acted by itself. */
  readonly actor: string;
  /** kind.verb, such as `case.assigned`. */
  readonly action: string;
  /** kind:id, such as `case:9f…-1`. */
  readonly subject: string;
  /** Of the change: tokens, codes, numbers. Nothing that names a cardholder. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AuditEntry extends AuditDraft {
  /** From 1, without gaps. */
  readonly seq: number;
  /** ISO 8601, +08:00. Never before the entry before it. */
  readonly at: string;
  readonly previousSha256: string;
}

/** @param last the line before it; null for the first. */
export function nextAuditLine(last: string | null, at: string, draft: AuditDraft): string {
  const before = last === null ? null : (JSON.parse(last) as AuditEntry);
  const { actor, action, subject, detail } = draft;
  return JSON.stringify({
    seq: (before?.seq ?? 0) + 1,
    at: before === null || Date.parse(at) >= Date.parse(before.at) ? at : before.at,
    actor,
    action,
    subject,
    detail,
    previousSha256: last === null ? NO_LINE : lineSha256(last),
  } satisfies AuditEntry);
}

export function lineSha256(line: string): string {
  return hash("sha256", line);
}
