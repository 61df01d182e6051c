/**
 * Reads the chain entry by entry and says which is the first that is not what it was: pure.
 *
 * 1. A changed, dropped, swapped or inserted entry breaks the chain at the entry behind it at the latest; of the last entry
 *    only a checkpoint tells.
 * 2. What is cut off behind the last checkpoint leaves a shorter chain that is whole: nothing in the database tells. A
 *    checkpoint that was kept elsewhere does.
 */

import { type AuditEntry, lineSha256, NO_LINE } from "./audit-chain.js";
import type { AuditPlace } from "./audit-checkpoint.js";

export interface AuditFault {
  /** Of the first entry that is not what it was. */
  readonly seq: number;
  readonly fault: string;
}

export class AuditVerifier {
  private readonly known: ReadonlyMap<number, readonly AuditPlace[]>;
  private seq: number;
  private sha256: string;
  private fault: AuditFault | null = null;

  /**
   * @param places whose signatures were checked, in whatever order.
   * @param after where the chain is known to be whole; null: from its beginning.
   */
  constructor(places: readonly AuditPlace[], after: Pick<AuditPlace, "seq" | "sha256"> | null = null) {
    const known = new Map<number, AuditPlace[]>();
    for (const place of places) known.set(place.seq, [...(known.get(place.seq) ?? []), place]);
    this.known = known;
    this.seq = after?.seq ?? 0;
    this.sha256 = after?.sha256 ?? NO_LINE;
  }

  /** In order. @returns false from the first fault on. */
  push(line: string): boolean {
    if (this.fault !== null) return false;
    const expected = this.seq + 1;
    this.fault = this.faultOf(line, expected);
    if (this.fault !== null) return false;
    this.seq = expected;
    this.sha256 = lineSha256(line);
    const place = this.known.get(expected)?.find(({ sha256 }) => sha256 !== this.sha256);
    if (place !== undefined)
      this.fault = {
        seq: expected,
        fault: `a checkpoint of ${place.at} signed another entry of this number`,
      };
    return this.fault === null;
  }

  /** After the last line. @returns the first fault; null where everything is whole. */
  end(): AuditFault | null {
    if (this.fault !== null) return this.fault;
    const cut = [...this.known.values()]
      .flat()
      .filter(({ seq }) => seq > this.seq)
      .sort((a, b) => a.seq - b.seq)[0];
    if (cut === undefined) return null;
    return {
      seq: this.seq + 1,
      fault: `it is missing: a checkpoint of ${cut.at} signed entry ${cut.seq}, the log ends with ${this.seq}`,
    };
  }

  /** How many were whole. */
  get entries(): number {
    return this.seq;
  }

  /** Of the last whole entry; of none that there is no line. */
  get headSha256(): string {
    return this.sha256;
  }

  private faultOf(line: string, expected: number): AuditFault | null {
    const entry = entryOf(line);
    if (entry === null) return { seq: expected, fault: "it is no entry of an audit log" };
    if (entry.seq !== expected)
      return {
        seq: expected,
        fault: `entry ${entry.seq} stands in its place: it is missing, or others were swapped`,
      };
    if (entry.previousSha256 === this.sha256) return null;
    // The entry before it may be the changed one: which of the two cannot be told from the chain.
    return expected === 1
      ? { seq: 1, fault: "it follows another entry, which is missing" }
      : {
          seq: expected - 1,
          fault: `entry ${expected} was made of another entry before it: one of the two was changed`,
        };
  }
}

function entryOf(line: string): AuditEntry | null {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== "object" || entry === null) return null;
    const { seq, previousSha256 } = entry as Partial<AuditEntry>;
    return typeof seq === "number" && typeof previousSha256 === "string" ? (entry as AuditEntry) : null;
  } catch {
    return null;
  }
}
