/** The golden journal is worth guarding: it meets every rule, action, record type, life and refusal there is. */

import { readFileSync, statSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { STATUS_ACTIONS, SWIPE_KINDS } from "../../schemas/fields.js";
import { RAW_SCHEMAS } from "../../schemas/raw.js";
import { REFUSAL_CODES } from "../../services/ingest/refusal.js";
import { type Golden, goldenFiles, goldenJournal, goldenOf } from "../../tools/golden-outcomes.js";
import { makeGoldenJournal } from "../support/golden-journal.js";
import { defaultBundle } from "../support/judge.js";

/** The journal is frozen: it is written again only on demand, `npm run golden` has to follow. */
const WRITE = process.env.KADUN_GOLDEN_JOURNAL === "write";
const BYTES_MAX = 1_500_000;

let journal: string[];
let golden: Golden;

beforeAll(() => {
  if (WRITE) writeFileSync(goldenFiles.journal, `${makeGoldenJournal().join("\n")}\n`);
  journal = goldenJournal();
  golden = goldenOf(journal, defaultBundle);
});

function parsed(line: string): { type?: string; kind?: string; action?: string } {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

describe("the golden journal has", () => {
  test("every record type, kind of swipe and card-status action", () => {
    const records = journal.map(parsed);
    const types = new Set(records.map(({ type }) => type));
    const kinds = new Set(records.map(({ kind }) => kind));
    const actions = new Set(records.filter(({ type }) => type === "card-status").map(({ action }) => action));
    const leavesNoTrace = (type: string) => ["answer-given", "bootstrap"].includes(type);
    expect([...types]).toEqual(
      expect.arrayContaining(Object.keys(RAW_SCHEMAS).filter((type) => !leavesNoTrace(type))),
    );
    expect([...kinds]).toEqual(expect.arrayContaining([...SWIPE_KINDS]));
    expect([...actions].sort()).toEqual([...STATUS_ACTIONS].sort());
  });

  test("decisions and revisions by every live rule, floor and action", () => {
    const live = defaultBundle.bundle.rules.filter(({ mode }) => mode === "live");
    const reasons = golden.outcomes
      .flatMap((outcome) => ("reasons" in outcome ? outcome.reasons : []))
      .filter(({ mode }) => mode === "live");
    const rules = new Set(reasons.map(({ rule }) => rule));
    const floors = new Set(reasons.filter(({ rule }) => rule === "R00").map(({ code }) => code));
    const actions = (type: string) =>
      golden.outcomes
        .filter((outcome) => outcome.type === type)
        .map((outcome) => ("action" in outcome ? outcome.action : undefined));
    expect([...rules].sort()).toEqual(["R00", ...live.map(({ rule }) => rule.id)].sort());
    expect([...floors].sort()).toEqual([
      "BACKDATED",
      "FEED_STALE",
      "ID_REPORTED_LOST",
      "LATE_DUPLICATE_RISK",
    ]);
    for (const action of ["approve", "review", "challenge", "reject"])
      expect(actions("decision")).toContain(action);
    expect(actions("duplicate")).toEqual(expect.arrayContaining([null, "approve", "reject"]));
    expect(actions("revision")).toContain("reject");
  });

  test("persons under new numbers: in a chain, with a revision and repeats", () => {
    const types = golden.outcomes
      .filter(({ eventId }) => eventId?.startsWith("linked-"))
      .map(({ type }) => type);
    expect(types.filter((type) => type === "person-merged")).toHaveLength(2);
    expect(types).toEqual(expect.arrayContaining(["person-moved", "revision", "duplicate"]));
  });

  test("transitions applied, late, refused for every reason", () => {
    const codes = new Set(
      golden.outcomes.map((outcome) => (outcome.type === "transition" ? outcome.code : null)),
    );
    expect([...codes]).toEqual(
      expect.arrayContaining([
        null,
        "OUT_OF_ORDER",
        "NOT_VERIFIED",
        "NO_SUCH_TRANSITION",
        "NOTHING_TO_RELEASE",
        "RELEASE_OF_FORMAL",
        "RELEASE_AFTER_REPLACEMENT",
      ]),
    );
  });

  test("lines refused for every reason a line of text can have", () => {
    const ofTheGateway = ["EMPTY", "TYPE_UNEXPECTED", "RECORD_TOO_LONG"];
    const ofNationalMessages = [
      "TRANSACTION_UNKNOWN",
      "TRANSACTION_NOT_TAKEN",
      "TRANSACTION_FAILED",
      "INSTITUTION_UNKNOWN",
      "STAY_UNKNOWN",
    ];
    const ofHolders = ["NOT_THE_HOLDERS"];
    const ofMoves = ["CARRIED_BEFORE"];
    // Behind an activation of a bundle that a file can name; the golden one's hash changes with every bundle.
    const ofActivations = ["ACTIVATION_SUPERSEDED", "ACTIVATION_CONFLICT", "ENGINE_UNKNOWN"];
    const notInText = [
      ...["UTF8_INVALID", "LINE_TOO_LONG", "PERSON_MISSING", "RECORD_FAILED"],
      ...ofTheGateway,
      ...ofNationalMessages,
      ...ofHolders,
      ...ofMoves,
      ...ofActivations,
    ];
    const met = new Set(golden.lines.map((line) => (JSON.parse(line) as { code?: string }).code));
    expect([...met]).toEqual(
      expect.arrayContaining(Object.keys(REFUSAL_CODES).filter((code) => !notInText.includes(code))),
    );
  });

  test("persons enough, and a size that a repository can carry", () => {
    const persons = new Set(journal.map((line) => (parsed(line) as { personId?: string }).personId));
    expect(persons.size).toBeGreaterThan(50);
    const bytes = statSync(goldenFiles.journal).size + readFileSync(goldenFiles.outcomes).length;
    expect(bytes).toBeLessThan(BYTES_MAX);
  });
});
