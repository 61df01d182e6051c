/** What is found of a chain that somebody has changed, and what is not. */

import { expect, test } from "@jest/globals";
import { type AuditEntry, lineSha256, nextAuditLine } from "../../../platform/audit-log/audit-chain.js";
import { AuditVerifier } from "../../../platform/audit-log/audit-verifier.js";

const AT = "2026-03-02T10:00:00.000+08:00";

function chain(length: number, actor = "lin"): string[] {
  const lines: string[] = [];
  for (let i = 1; i <= length; i++) {
    const draft = { actor, action: "case.noted", subject: `case:${i}`, detail: { noteId: i } };
    lines.push(nextAuditLine(lines.at(-1) ?? null, AT, draft));
  }
  return lines;
}

const whole = chain(6);
const placeOf = (seq: number, lines = whole) => ({ seq, sha256: lineSha256(lines[seq - 1]!), at: AT });

function faultOf(lines: readonly string[], places = [placeOf(4)]) {
  const verifier = new AuditVerifier(places);
  for (const line of lines) verifier.push(line);
  return verifier.end();
}

/** Made anew from entry `from` on, as somebody with the database would. */
function rewritten(from: number): string[] {
  const lines = whole.slice(0, from - 1);
  for (const old of whole.slice(from - 1)) {
    const { action, subject } = JSON.parse(old) as AuditEntry;
    lines.push(nextAuditLine(lines.at(-1) ?? null, AT, { actor: "other", action, subject, detail: {} }));
  }
  return lines;
}

const changed = whole.map((line, i) => (i === 1 ? line.replace("case:2", "case:9") : line));
const swapped = [whole[0]!, whole[2]!, whole[1]!, ...whole.slice(3)];
const inserted = [...whole.slice(0, 2), whole[0]!, ...whole.slice(2)];

test.each([
  { title: "whole", lines: whole, seq: null },
  { title: "changed in entry 2", lines: changed, seq: 2 },
  { title: "without entry 3", lines: whole.toSpliced(2, 1), seq: 3 },
  { title: "without its first entry", lines: whole.slice(1), seq: 1 },
  { title: "with entries 2 and 3 swapped", lines: swapped, seq: 2 },
  { title: "with an entry put in behind 2", lines: inserted, seq: 3 },
  { title: "with a line that is no entry", lines: whole.with(4, "{"), seq: 5 },
  { title: "made anew from entry 3 on: the checkpoint of 4 tells", lines: rewritten(3), seq: 4 },
  { title: "cut off before its checkpoint", lines: whole.slice(0, 3), seq: 4 },
  { title: "all cut off", lines: [], seq: 1 },
])("a chain $title", ({ lines, seq }) => {
  expect(faultOf(lines)?.seq ?? null).toBe(seq);
});

test("what is cut off or made anew behind the last checkpoint is not found by the chain alone", () => {
  expect(faultOf(whole.slice(0, 5))).toBeNull();
  expect(faultOf(rewritten(5))).toBeNull();
});

test("a later checkpoint that was kept elsewhere finds it", () => {
  const kept = [placeOf(4), placeOf(6)];
  expect(faultOf(whole.slice(0, 5), kept)).toMatchObject({
    seq: 6,
    fault: expect.stringContaining("signed entry 6, the log ends with 5"),
  });
  expect(faultOf(rewritten(5), kept)?.seq).toBe(6);
});

test("going on from a place it knows, it tells whether what follows belongs there", () => {
  const verifier = new AuditVerifier([], placeOf(3));
  for (const line of whole.slice(3)) expect(verifier.push(line)).toBe(true);
  expect([verifier.entries, verifier.headSha256]).toEqual([6, lineSha256(whole[5]!)]);
  const other = new AuditVerifier([], placeOf(3));
  expect(other.push(rewritten(2)[3]!)).toBe(false);
});
