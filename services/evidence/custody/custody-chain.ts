/** The chain of a case's custody log: pure. Each line names the SHA-256 of the line before it. */

import { hash } from "node:crypto";
import { type CustodyEntry, custodyEntry, NO_ENTRY } from "../../../schemas/evidence/custody.js";

export type CustodyDraft = Omit<CustodyEntry, "seq" | "previousSha256">;

/** @param last the line before it; null for the first. */
export function nextLine(last: string | null, draft: CustodyDraft): string {
  const seq = last === null ? 1 : custodyEntry.parse(JSON.parse(last)).seq + 1;
  const previousSha256 = last === null ? NO_ENTRY : hash("sha256", last);
  const { caseId, at, actor, action, reason, subject } = draft;
  return JSON.stringify({ seq, caseId, at, actor, action, reason, subject, previousSha256 });
}

/** Follows a log line by line. */
export class CustodyChain {
  readonly entries: CustodyEntry[] = [];
  private last: string | null = null;

  constructor(private readonly caseId: string) {}

  /** @returns what is wrong with the next line; null where nothing is. */
  add(line: string): string | null {
    const parsed = parsedLine(line);
    const seq = this.entries.length + 1;
    if (parsed === null) return "expected an entry of a custody log, as it was written";
    if (parsed.caseId !== this.caseId) return `expected case ${this.caseId}, found ${parsed.caseId}`;
    if (parsed.seq !== seq)
      return `expected entry ${seq}, found ${parsed.seq}: an entry is missing or doubled`;
    const expected = this.last === null ? NO_ENTRY : hash("sha256", this.last);
    if (parsed.previousSha256 !== expected) return `the entry before it is not the one that was written`;
    if (this.entries.length > 0 && Date.parse(parsed.at) < Date.parse(this.entries.at(-1)!.at))
      return `is dated before entry ${seq - 1}`;
    this.entries.push(parsed);
    this.last = line;
    return null;
  }
}

function parsedLine(line: string): CustodyEntry | null {
  try {
    const parsed = custodyEntry.safeParse(JSON.parse(line));
    return parsed.success && JSON.stringify(parsed.data) === line ? parsed.data : null;
  } catch {
    return null;
  }
}
