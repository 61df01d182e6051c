/**
 * What a draft in shadow costs: processor time from a canonical record to the whole outcome, without a draft, with one
 * of a single rule, and with one that changes every rule from R08 on. `node dist/bench/decide/shadow.js [persons]
 * [swipes] [rounds]`; the three take turns in one process, so that what the machine does besides hits all of them.
 */

import { loadBundle } from "../../cli/bundle-files.js";
import { parseInstantMs } from "../../schemas/instant.js";
import type { CanonicalSwipe } from "../../schemas/journal.js";
import { DetectorBundle } from "../../services/detector/bundle.js";
import { ENGINE_VERSION } from "../../services/detector/outcome.js";
import { Partition } from "../../services/detector/partition.js";
import { compileRuleset } from "../../services/detector/ruleset.js";
import { acceptText, isRefusal } from "../../services/ingest/accept.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { SettleGenerator } from "../pipeline/settle-generator.js";

const [persons = 10_000, swipes = 20_000, rounds = 7] = process.argv.slice(2).map(Number);
/** Each swipe of a person is so much later than the one before: some purchases a week. */
const STEP_MS = 2 * 86_400_000;
const START_MS = Date.UTC(2026, 2, 2);
const FIRST_SHADOWED = 8;

const loaded = loadBundle();

/** A draft that differs from the default in the versions of these rules: they are asked, and find the same. */
function draftOf(isChanged: (id: string) => boolean, name: string): DetectorBundle {
  const rules = loaded.ruleset.rules.map((rule) =>
    isChanged(rule.id) ? { ...rule, version: rule.version + 1 } : rule,
  );
  const compiled = compileRuleset({ ...loaded.ruleset, rules }, { regions: loaded.content.regions });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return new DetectorBundle({ ...loaded.content, ...compiled, hash: name.padEnd(64, "0") });
}

const DRAFTS = {
  off: null,
  "one rule": draftOf((id) => id === "R14", "a"),
  "R08 to R21": draftOf((id) => Number(id.slice(1)) >= FIRST_SHADOWED, "b"),
} as const;
type Name = keyof typeof DRAFTS;
const NAMES = Object.keys(DRAFTS) as Name[];

class Side {
  readonly nanoseconds: number[] = [];
  private readonly partition: Partition;
  private offset = 0;

  constructor(draft: DetectorBundle | null) {
    const { bundle } = loaded;
    const bundles = new Map([bundle, ...(draft === null ? [] : [draft])].map((each) => [each.hash, each]));
    this.partition = new Partition(bundle, { bundles, personsExpected: persons });
    const shadow = draft === null ? {} : { shadowBundleHash: draft.hash };
    const by = { sequence: 0, bundleHash: bundle.hash, engineVersion: ENGINE_VERSION, publishedBy: [] };
    this.partition.take({ type: "activation", ...by, ...shadow }, this.offset++, 0);
  }

  judge(records: readonly CanonicalSwipe[]): void {
    for (const record of records)
      this.partition.take(record, this.offset++, parseInstantMs(record.occurredAt));
  }

  measure(records: readonly CanonicalSwipe[]): void {
    const before = process.cpuUsage();
    this.judge(records);
    const { user, system } = process.cpuUsage(before);
    this.nanoseconds.push(((user + system) * 1000) / records.length);
  }
}

const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: loaded.drugs };
const generator = new SettleGenerator({ seed: 1, persons });
let made = 0;

function nextSwipes(count: number): CanonicalSwipe[] {
  return Array.from({ length: count }, () => {
    const record = acceptText(generator.next(START_MS + Math.floor((made++ * STEP_MS) / persons)), context);
    if (isRefusal(record) || record.type !== "swipe") throw new Error("the generator made no swipe");
    return record;
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const sides = new Map(NAMES.map((name) => [name, new Side(DRAFTS[name])]));
const warm = nextSwipes(4 * persons);
for (const side of sides.values()) side.judge(warm);
for (let round = 0; round < rounds; round++) {
  const records = nextSwipes(swipes);
  for (const side of sides.values()) side.measure(records);
}
const off = sides.get("off")!.nanoseconds;
for (const [name, { nanoseconds }] of sides) {
  const shares = nanoseconds.map((value, round) => value / off[round]!);
  console.log(
    `${name}: ${(median(nanoseconds) / 1000).toFixed(2)} us a swipe, ${median(shares).toFixed(2)} of "off"`,
  );
}
