/**
 * How long reading a bundle holds up the process that reads it: `npm run build && node dist/bench/activations/reading.js
 * [ROUNDS]`. Milliseconds in all, and the longest stretch in which nobody else had a turn: of each the least of the rounds,
 * as whatever else the machine does only adds.
 */

import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import { type BundleContent, bundleInTurns, bundleOfValue, loadBundle } from "../../cli/bundle-files.js";
import { ShadowDraft } from "../../services/detector/shadow.js";

const ROUNDS_DEFAULT = 21;
/** The watching loop has begun. */
const SETTLE_MS = 5;
const CITIES = 300;

type Work = (content: BundleContent) => unknown;

interface Taken {
  readonly ms: number;
  readonly longestMs: number;
}

async function measured(work: () => unknown): Promise<Taken> {
  let [longestMs, lastMs, isOver] = [0, performance.now(), false];
  const look = () => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
  };
  const watching = (async () => {
    while (!isOver) {
      look();
      await turn();
    }
  })();
  await pause(SETTLE_MS);
  longestMs = 0;
  const startedMs = performance.now();
  await work();
  const ms = performance.now() - startedMs;
  look();
  isOver = true;
  await watching;
  return { ms, longestMs };
}

const shipped = loadBundle();
const text = JSON.stringify(shipped.content);
let made = 0;

function withThreshold(content: BundleContent): BundleContent {
  const rules = content.ruleset.rules.map((rule) =>
    rule.id === "R14" ? { ...rule, params: { ...rule.params, limitFen: 1_000 + ++made } } : rule,
  );
  return { ...content, ruleset: { ...content.ruleset, rules } };
}

function withRegions(content: BundleContent): BundleContent {
  return { ...content, regions: { ...content.regions, source: `bench ${++made}` } };
}

function withOverrides(content: BundleContent): BundleContent {
  const changed = withThreshold(content);
  const isOneCity = (code: string) => /^(11|12|31|50|71|81|82)/.test(code);
  const cities = Object.keys(content.regions.regions).filter((code) => code.length === 4 && !isOneCity(code));
  const overrides = Object.fromEntries(
    cities.slice(0, CITIES).map((code) => [code, { R14: { params: { limitFen: 2_000 } } }]),
  );
  return { ...changed, ruleset: { ...changed.ruleset, overrides } };
}

const CASES: readonly (readonly [name: string, work: Work])[] = [
  ["another threshold", (content) => bundleInTurns(withThreshold(content), "bench")],
  ["other regions", (content) => bundleInTurns(withRegions(content), "bench")],
  ["other regions, at once", (content) => bundleOfValue(withRegions(content), "bench")],
  [`${CITIES} cities with another threshold`, (content) => bundleInTurns(withOverrides(content), "bench")],
];

function least(values: readonly number[]): string {
  return Math.min(...values).toFixed(1);
}

const rounds = Number(process.argv[2] ?? ROUNDS_DEFAULT);
const overridden = bundleOfValue(withOverrides(shipped.content), "bench").bundle;
const taken = new Map<string, Taken[]>();
for (let round = 0; round < rounds; round++) {
  const each: [string, Work][] = [...CASES.map(([name, work]): [string, Work] => [name, work])];
  each.push(["a draft of those cities put into shadow", () => new ShadowDraft(overridden, shipped.bundle)]);
  for (const [name, work] of each) {
    const content = JSON.parse(text) as BundleContent;
    taken.set(name, [...(taken.get(name) ?? []), await measured(() => work(content))]);
  }
}
console.log("| bundle | ms | longest stretch, ms |\n|---|---|---|");
for (const [name, all] of taken)
  console.log(
    `| ${name} | ${least(all.map(({ ms }) => ms))} | ${least(all.map(({ longestMs }) => longestMs))} |`,
  );
