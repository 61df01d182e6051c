import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { CustodyChain } from "../../services/evidence/custody/custody-chain.js";
import { custodyLines } from "../../services/evidence/custody/custody-log.js";
import { madePackage } from "../../services/evidence/package/package-register.js";
import {
  approvedRequest,
  approveUnmasked,
  requestsOf,
  requestUnmasked,
  type Unmasking,
} from "../../services/evidence/unmasking.js";
import { START_MS } from "../support/records.js";
import { type EvidenceDatabase, openEvidenceDatabase } from "./evidence-database.js";

const ALL = 1_000_000;
const REASON = "the police want to know whom to ask";

let opened: EvidenceDatabase;
let nowMs = START_MS;
const revoked = new Set<string>();

beforeAll(async () => {
  opened = await openEvidenceDatabase();
});
afterAll(() => opened.close());

function unmasking(): Unmasking {
  return {
    tables: opened.tables,
    clock: { now: () => nowMs } as Unmasking["clock"],
    isRevoked: async (person) => revoked.has(person),
  };
}

async function chainOf(caseId: string): Promise<CustodyChain> {
  const chain = new CustodyChain(caseId);
  for (const line of await custodyLines(opened.tables, caseId, ALL)) expect(chain.add(line)).toBeNull();
  return chain;
}

describe("a package that shows the holder unmasked", () => {
  test("is asked for by one person and agreed to by another, and both stand in the custody log", async () => {
    const { requestId } = await requestUnmasked(unmasking(), "li", { caseId: "c1-1", reason: REASON });
    nowMs += 1_000;
    const approved = await approveUnmasked(unmasking(), "wang", requestId);
    expect(approved).toMatchObject({ requestedBy: "li", approvedBy: "wang", reason: REASON });
    expect(await approvedRequest(unmasking(), { caseId: "c1-1", requestId })).toEqual(approved);
    expect((await chainOf("c1-1")).entries).toMatchObject([
      { seq: 1, actor: "li", action: "unmasked-requested", reason: REASON, subject: requestId },
      { seq: 2, actor: "wang", action: "unmasked-approved", reason: REASON, subject: requestId },
    ]);
  });

  test("is refused while nobody else has agreed, and never agreed to by who asked", async () => {
    const { requestId } = await requestUnmasked(unmasking(), "li", { caseId: "c2-1", reason: REASON });
    await expect(approvedRequest(unmasking(), { caseId: "c2-1", requestId })).rejects.toMatchObject({
      code: "NOT_APPROVED",
    });
    await expect(approveUnmasked(unmasking(), "li", requestId)).rejects.toMatchObject({
      code: "SAME_PERSON",
    });
    await approveUnmasked(unmasking(), "wang", requestId);
    await expect(approveUnmasked(unmasking(), "chen", requestId)).rejects.toMatchObject({
      code: "APPROVED_ALREADY",
    });
  });

  test("is refused for another case, under an unknown request, and when one of the two was revoked", async () => {
    const { requestId } = await requestUnmasked(unmasking(), "li", { caseId: "c3-1", reason: REASON });
    await approveUnmasked(unmasking(), "wang", requestId);
    for (const asked of [
      { caseId: "c4-1", requestId },
      { caseId: "c3-1", requestId: "nobody" },
    ])
      await expect(approvedRequest(unmasking(), asked)).rejects.toMatchObject({ code: "REQUEST_UNKNOWN" });
    revoked.add("wang");
    await expect(approvedRequest(unmasking(), { caseId: "c3-1", requestId })).rejects.toMatchObject({
      code: "PERSON_REVOKED",
    });
    revoked.clear();
  });

  test("lists requests of a case and of all", async () => {
    expect((await requestsOf(opened.tables, "c2-1")).map(({ caseId }) => caseId)).toEqual(["c2-1"]);
    expect((await requestsOf(opened.tables, null)).length).toBe(3);
  });
});

describe("a package made", () => {
  const name = { caseId: "p-1", variant: "masked", contentSha256: "0".repeat(64) };

  test("a second time is the one made first: who, when, and how far the custody log went", async () => {
    const first = await madePackage(opened.tables, name, { actor: "li", reason: "", nowMs: START_MS });
    const again = await madePackage(opened.tables, name, { actor: "wang", reason: "", nowMs: START_MS + 1 });
    expect(again).toEqual(first);
    expect(first).toMatchObject({ madeBy: "li", custodySeq: 1 });
    expect((await chainOf("p-1")).entries).toHaveLength(1);
  });

  test("of other content is another entry, never dated before the one before it", async () => {
    const other = { ...name, contentSha256: "1".repeat(64) };
    const made = await madePackage(opened.tables, other, {
      actor: "li",
      reason: "",
      nowMs: START_MS - 60_000,
    });
    expect(made.custodySeq).toBe(2);
    const [first, second] = (await chainOf("p-1")).entries;
    expect(second!.at).toBe(first!.at);
  });
});

describe("a custody chain", () => {
  test("names the entry that was changed, left out, doubled or moved", async () => {
    const lines = await custodyLines(opened.tables, "c1-1", ALL);
    const problemOf = (changed: readonly string[]) => {
      const chain = new CustodyChain("c1-1");
      return changed.map((line) => chain.add(line)).find((problem) => problem !== null) ?? null;
    };
    expect(problemOf(lines)).toBeNull();
    expect(problemOf([lines[0]!.replace("police", "others"), lines[1]!])).toMatch(/entry before it/);
    expect(problemOf([lines[1]!])).toMatch(/expected entry 1, found 2/);
    expect(problemOf([lines[0]!, lines[0]!])).toMatch(/expected entry 2, found 1/);
    expect(problemOf([lines[0]!.replace("c1-1", "c9-1")])).toMatch(/expected case c1-1/);
    expect(problemOf([`${lines[0]} `])).toMatch(/as it was written/);
  });
});
