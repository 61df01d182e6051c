/** Rows of activations and of drafts in shadow, and what analysts ask of them. */

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { CanonicalActivation, JournalRecord } from "../../schemas/journal.js";
import type { Reason } from "../../schemas/outcomes.js";
import { reconcile } from "../../services/analytics/reconcile.js";
import { ENGINE_VERSION } from "../../services/detector/outcome.js";
import { Partition } from "../../services/detector/partition.js";
import { loggedOutcomesOf } from "../../services/detector/taken.js";
import { changedBundle } from "../detector/changed-bundle.js";
import { defaultBundle } from "../support/judge.js";
import { goldenRecords } from "../support/live-partition.js";
import { writeAll } from "./running-service.js";
import { migratedDatabase, type ScratchDatabase } from "./scratch-database.js";
import { TwoLogs } from "./two-logs.js";

const draft = changedBundle({
  ruleset: {
    rules: [
      { id: "R13", params: { totalFenMin: 0 } },
      { id: "R16", actions: { review: "approve" } },
    ],
  },
});
const [BASE, DRAFT] = [defaultBundle.bundle.hash, draft.bundle.hash];

function activation(sequence: number, fields: Partial<CanonicalActivation> = {}): CanonicalActivation {
  return {
    type: "activation",
    sequence,
    bundleHash: BASE,
    engineVersion: ENGINE_VERSION,
    publishedBy: [],
    ...fields,
  };
}

let scratch: ScratchDatabase;
beforeEach(async () => {
  scratch = await migratedDatabase();
});
afterEach(() => scratch.remove());

test("activations and what a draft in shadow found are there to be asked for", async () => {
  const golden = goldenRecords().slice(1);
  const middle = 300;
  const records: JournalRecord[] = [
    activation(0),
    ...golden.slice(0, middle),
    activation(2, { shadowBundleHash: DRAFT }),
    ...golden.slice(middle),
    activation(1),
    activation(2),
  ];
  const logs = new TwoLogs(1);
  const bundles = new Map([defaultBundle, draft].map(({ bundle }) => [bundle.hash, bundle]));
  const partition = new Partition(defaultBundle.bundle, { bundles });
  const expected = new Map<string, { live: number; draft: number; both: number }>();
  for (const record of records) {
    const offset = logs.journal(0, record);
    const outcomes = loggedOutcomesOf(record, partition.take(record, offset, logs.heardAtMs(record)));
    for (const [sequence, outcome] of outcomes.entries()) {
      logs.outcome(0, { journalOffset: offset, sequence }, outcome);
      if (outcome.type === "decision" && outcome.shadowBundleHash === DRAFT) count(outcome.reasons, expected);
    }
  }
  await writeAll(logs.log, scratch.database);
  expect((await reconcile({ log: logs.log, database: scratch.database })).findings).toEqual([]);

  const answered = await scratch.database.query(
    "SELECT activationSequence, partition, journalOffset, type, code, bundleHash, shadowBundleHash, engineVersion FROM activations_answered ORDER BY journalOffset",
  );
  const taken = {
    partition: 0,
    type: "activated",
    code: "",
    bundleHash: BASE,
    engineVersion: ENGINE_VERSION,
  };
  const refused = { partition: 0, type: "refused", bundleHash: "", shadowBundleHash: "", engineVersion: "" };
  expect(answered.map((row) => ({ ...row, journalOffset: Number(row.journalOffset) }))).toEqual([
    { activationSequence: 0, ...taken, journalOffset: 0, shadowBundleHash: "" },
    { activationSequence: 2, ...taken, journalOffset: middle + 1, shadowBundleHash: DRAFT },
    { activationSequence: 1, ...refused, journalOffset: records.length - 2, code: "ACTIVATION_SUPERSEDED" },
    { activationSequence: 2, ...refused, journalOffset: records.length - 1, code: "ACTIVATION_CONFLICT" },
  ]);

  const compared = await scratch.database.query(
    `SELECT rule, liveHits, draftHits, bothHit FROM shadow_comparison WHERE shadowBundleHash = '${DRAFT}' ORDER BY rule`,
  );
  const rows = compared.map(({ rule, liveHits, draftHits, bothHit }) => [
    rule,
    { live: Number(liveHits), draft: Number(draftHits), both: Number(bothHit) },
  ]);
  expect(rows).toEqual([...expected].sort(([a], [b]) => (a < b ? -1 : 1)));
  expect(expected.get("R13")!.draft).toBeGreaterThan(expected.get("R13")!.live);
  expect(expected.get("R16")!.both).toBeGreaterThan(0);
  const [actions] = await scratch.database.query(
    "SELECT groupUniqArray(draftAction) AS draftActions, groupUniqArray(liveAction) AS liveActions FROM shadow_hits WHERE rule = 'R16' AND liveAction = 'review' AND draftAction != 'none'",
  );
  // Those that a passed challenge made a review stay one.
  expect(actions).toEqual({
    draftActions: expect.arrayContaining(["approve", "review"]),
    liveActions: ["review"],
  });
});

function count(
  reasons: readonly Reason[],
  expected: Map<string, { live: number; draft: number; both: number }>,
): void {
  const live = reasons.filter(({ mode, rule }) => mode === "live" && rule !== "R00").map(({ rule }) => rule);
  const ofDraft = reasons.filter((reason) => reason.draft === true).map(({ rule }) => rule);
  for (const rule of new Set([...live, ...ofDraft])) {
    const before = expected.get(rule) ?? { live: 0, draft: 0, both: 0 };
    const [isLive, isDraft] = [live.includes(rule), ofDraft.includes(rule)];
    expected.set(rule, {
      live: before.live + Number(isLive),
      draft: before.draft + Number(isDraft),
      both: before.both + Number(isLive && isDraft),
    });
  }
}
