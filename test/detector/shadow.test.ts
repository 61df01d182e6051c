/** A draft in shadow changes nothing but its reasons in decisions, and finds what it would find live. */

import { describe, expect, test } from "@jest/globals";
import type { LoadedBundle } from "../../cli/bundle-files.js";
import { parseInstantMs } from "../../schemas/instant.js";
import type { Outcome, Reason } from "../../schemas/outcomes.js";
import { ENGINE_VERSION } from "../../services/detector/outcome.js";
import { Partition } from "../../services/detector/partition.js";
import { ShadowDraft } from "../../services/detector/shadow.js";
import { acceptText, isRefusal } from "../../services/ingest/accept.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { seededRandom } from "../oracle/scenario-random.js";
import { scenario } from "../oracle/scenarios.js";
import { defaultBundle, judgeRecords } from "../support/judge.js";
import { at, rawFact, rawSwipe, START_MS } from "../support/records.js";
import { changedBundle } from "./changed-bundle.js";

/** Changes that each turn one knob; drafts are made of several. */
const CHANGES: readonly object[] = [
  { id: "R08", params: { institutionsMin: 2, wrongMin: 2, institutionWindowMinutes: 1440 } },
  { id: "R09", mode: "shadow" },
  { id: "R10", params: { totalFenMin: 0 } },
  { id: "R10", actions: { approve: "challenge", challenge: "reject" } },
  { id: "R12", severity: "low" },
  { id: "R12", mode: "off" },
  { id: "R13", actions: { review: "challenge" } },
  { id: "R13", params: { totalFenMin: 0 } },
  { id: "R14", params: { limitFen: 2_000, sharePercentMin: 1, countMin: 2, sumPercentMin: 100 } },
  { id: "R15", params: { openingFenMin: 0, shortPercent: 1, longPercent: 1 } },
  { id: "R16", params: { gapMinutes: 1 } },
  { id: "R16", version: 9 },
  { id: "R17", mode: "off" },
  { id: "R20", params: { soonMinutes: 1440, oftenCount: 2 } },
  { id: "R21", mode: "shadow" },
  { id: "R01", mode: "off" },
  { id: "R02", severity: "critical" },
];
const OVERRIDES = {
  "33": { R14: { params: { limitFen: 3_000 } }, R10: { actions: { challenge: "review" } } },
};

/** Compiling one costs as much as judging some hundred swipes. */
const DRAFTS = 24;

function draftOf(seed: number): LoadedBundle {
  const random = seededRandom(seed % DRAFTS);
  const rules = new Map<string, object>();
  for (const change of CHANGES) if (random.chance(0.4)) rules.set((change as { id: string }).id, change);
  return changedBundle({
    ruleset: {
      rules: [...rules.values()],
      ...(random.chance(0.5) ? { traceCodeReuseAction: "reject" } : {}),
      ...(random.chance(0.5) ? { overrides: OVERRIDES } : {}),
    },
  });
}

interface Run {
  readonly outcomes: readonly Outcome[];
  readonly persons: readonly string[];
}

/** Judged under `inForce`, from its middle on with a draft in shadow or none. */
function run(records: readonly object[], inForce: LoadedBundle, draft: LoadedBundle | null): Run {
  const bundles = new Map(
    [inForce, ...(draft === null ? [] : [draft])].map(({ bundle }) => [bundle.hash, bundle]),
  );
  const partition = new Partition(inForce.bundle, { bundles });
  const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: inForce.drugs };
  const outcomes: Outcome[] = [];
  records.forEach((raw, offset) => {
    if (draft !== null && offset === Math.floor(records.length / 4))
      partition.take(
        {
          type: "activation",
          sequence: 1,
          bundleHash: inForce.bundle.hash,
          shadowBundleHash: draft.bundle.hash,
          engineVersion: ENGINE_VERSION,
          publishedBy: [],
        },
        offset,
        0,
      );
    const record = acceptText(JSON.stringify(raw), context);
    if (isRefusal(record)) return;
    const timed = record as { receivedAt?: string; occurredAt: string };
    const taken = partition.take(record, offset, parseInstantMs(timed.receivedAt ?? timed.occurredAt));
    if (!("refused" in taken) && !("activated" in taken)) outcomes.push(...taken);
  });
  const persons = [...partition.personKeys()]
    .sort()
    .map((key) => Buffer.from(partition.personBytesOf(key)).toString("base64"));
  return { outcomes, persons };
}

/** Without what a draft may add. */
function bare(outcome: Outcome): Outcome {
  if (outcome.type !== "decision") return outcome;
  const { shadowBundleHash: _, ...decision } = outcome;
  return { ...decision, reasons: decision.reasons.filter(({ draft }) => draft !== true) };
}

describe("any draft in shadow", () => {
  const SEEDS = Array.from({ length: 80 }, (_, index) => index + 1);

  test("leaves every outcome as it was, byte for byte, but for its reasons and its name, and every person", () => {
    let found = 0;
    for (const seed of SEEDS) {
      const records = scenario(seed, { murky: true });
      // Each third run is in force under another bundle than the default.
      const inForce = seed % 3 === 0 ? draftOf(seed + 7) : defaultBundle;
      const draft = draftOf(seed);
      const [without, beside] = [run(records, inForce, null), run(records, inForce, draft)];
      expect({ seed, outcomes: beside.outcomes.map((each) => JSON.stringify(bare(each))) }).toEqual({
        seed,
        outcomes: without.outcomes.map((each) => JSON.stringify(each)),
      });
      expect({ seed, persons: beside.persons }).toEqual({ seed, persons: without.persons });
      for (const outcome of beside.outcomes) {
        if (!("reasons" in outcome)) continue;
        const ofDraft = outcome.reasons.filter((reason) => reason.draft === true);
        expect(ofDraft.every(({ mode }) => mode === "shadow")).toBe(true);
        if (outcome.type === "revision") expect(ofDraft).toEqual([]);
        found += ofDraft.length;
      }
    }
    expect(found).toBeGreaterThan(200);
  });

  test("is named in each decision from its activation on", () => {
    const draft = draftOf(1);
    const { outcomes } = run(scenario(2, {}), defaultBundle, draft);
    const names = outcomes.flatMap((each) =>
      each.type === "decision" ? [each.shadowBundleHash ?? null] : [],
    );
    const first = names.indexOf(draft.bundle.hash);
    expect(first).toBeGreaterThan(0);
    expect(names).toEqual(names.map((_, index) => (index < first ? null : draft.bundle.hash)));
  });
});

/** Of a reason, all that it says but that it does not act. */
function said({ mode: _mode, draft: _draft, ...reason }: Reason) {
  return reason;
}

describe("on a history of one swipe a draft finds in shadow what it finds live", () => {
  /** A swipe that several rules look at: away from home, with the first PIN, dear, of an emptied account. */
  function swipeOf(seed: number): object[] {
    const random = seededRandom(seed);
    const pick = <Value>(...values: Value[]) => random.pick(values);
    return [
      rawSwipe({
        personId: `P-${seed}`,
        kind: pick("settle", "settle", "authorize", "pin-check", "cancel", "query"),
        originalEventId: "unknown",
        careRegion: pick("330106", "110101", "440100"),
        insuredRegion: pick("330100", "110000"),
        credential: pick("card", "e-credential"),
        totalFen: pick(100, 50_000, 150_000, 400_000),
        accountFen: pick(100, 100_000),
        balanceBeforeFen: pick(100_000, 120_000),
        pin: pick("ok", "wrong"),
        pinIsDefault: random.chance(0.5),
        emergency: random.chance(0.2),
        occurredAt: at(START_MS + random.integer(0, 86_400_000)),
      }),
    ];
  }

  test("for each of its rules that differs", () => {
    let compared = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const draft = draftOf(seed);
      const records = [rawFact({ personId: `P-${seed}`, region: "330100" }), ...swipeOf(seed)];
      const live = judgeRecords(records, draft).flatMap(({ outcome }) =>
        "decisionId" in outcome ? [outcome] : [],
      );
      const beside = run([{}, ...records], defaultBundle, draft).outcomes;
      const differing = new ShadowDraft(draft.bundle, defaultBundle.bundle).rules.map(({ rule }) => rule.id);
      const reasonsOf = (outcomes: readonly { type: string; reasons?: readonly Reason[] }[]) =>
        outcomes.filter(({ type }) => type === "decision").flatMap(({ reasons }) => reasons ?? []);
      const expected = reasonsOf(live as never).filter(({ rule }) => differing.includes(rule));
      const found = reasonsOf(beside as never).filter((reason) => reason.draft === true);
      expect({ seed, found: found.map(said) }).toEqual({ seed, found: expected.map(said) });
      compared += found.length;
    }
    expect(compared).toBeGreaterThan(50);
  });
});

describe("a draft asks", () => {
  const asked = (ruleset: object, inForce = defaultBundle) =>
    new ShadowDraft(changedBundle({ ruleset }).bundle, inForce.bundle).rules.map(({ rule }) => rule.id);

  test.each<[string, object, string[]]>([
    ["nothing where it is the bundle in force under another name", { name: "other" }, []],
    ["a rule of another version", { rules: [{ id: "R14", version: 2 }] }, ["R14"]],
    ["a rule with another number", { rules: [{ id: "R14", params: { limitFen: 1_000 } }] }, ["R14"]],
    ["a rule with other actions", { rules: [{ id: "R14", actions: { challenge: "review" } }] }, ["R14"]],
    [
      "a rule of another severity and one of another mode",
      {
        rules: [
          { id: "R12", severity: "low" },
          { id: "R13", mode: "shadow" },
        ],
      },
      ["R12", "R13"],
    ],
    ["no rule that it has not", { rules: [{ id: "R14", mode: "off" }] }, []],
    ["boxes settled twice where another action counts", { traceCodeReuseAction: "reject" }, ["R20"]],
    [
      "a rule that a region overrides, and no other of that region",
      { overrides: { "33": { R14: { params: { limitFen: 1_000 } } } } },
      ["R14"],
    ],
    [
      "no rule that a region overrides to what it is",
      { overrides: { "33": { R14: { params: { limitFen: 50_000 } } } } },
      [],
    ],
  ])("%s", (_title, ruleset, rules) => {
    expect(asked(ruleset)).toEqual(rules);
  });

  test("a rule that a region overrides otherwise than the bundle in force does, county by county", () => {
    const inForce = changedBundle({
      ruleset: { overrides: { "33": { R14: { params: { limitFen: 1_000 } } } } },
    });
    const same = {
      "33": { R14: { params: { limitFen: 1_000 } } },
      "3301": { R14: { params: { limitFen: 1_000 } } },
    };
    const other = { ...same, "330106": { R14: { params: { limitFen: 2_000 } } } };
    expect(asked({ overrides: same }, inForce)).toEqual([]);
    expect(asked({ overrides: other }, inForce)).toEqual(["R14"]);
    expect(asked({}, inForce)).toEqual(["R14"]);
  });
});
