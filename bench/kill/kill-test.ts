/** The kill test: one city, an undisturbed run, a run with kills, and what differs between them. */

import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readLabels, readPeople } from "../../cli/demo/city-people.js";
import { pathsOf } from "../../cli/embedded/paths.js";
import type { Reconciliation } from "../../services/analytics/reconciliation.js";
import { writeCityFiles } from "../load/city-files.js";
import { isReconciled } from "../load/office-client.js";
import { differencesOf } from "./differences.js";
import { type PlannedKill, planKills, type Victim } from "./kill-plan.js";
import { type CityInput, type LiveRun, liveRun, PARTITIONS } from "./live-run.js";
import { type Made, readMade } from "./made.js";

import type { KillOptions } from "./options.js";
import { replayed } from "./replayed.js";

export interface KillReport {
  readonly seed: number;
  readonly lines: number;
  readonly persons: number;
  readonly kills: Readonly<Record<Victim, number>>;
  /** Lines sent once more because nobody acknowledged them. */
  readonly resent: number;
  readonly refused: number;
  readonly outcomes: number;
  /** `duplicate` outcomes, without and with kills: repeated lines, not compared. */
  readonly duplicates: readonly [undisturbed: number, disturbed: number];
  /** Outcomes appended again after a crash; consumers drop them. */
  readonly repeatsInLog: number;
  readonly alerts: number;
  readonly smsWritten: number;
  readonly reconciled: readonly [undisturbed: boolean, disturbed: boolean];
  readonly reconciliation: Reconciliation;
  /** Empty: nothing was lost, doubled or changed. */
  readonly differences: readonly string[];
}

export interface KillTestSinks {
  readonly onProgress: (text: string) => void;
}

export async function killTest(
  options: KillOptions,
  folder: string,
  { onProgress }: KillTestSinks,
): Promise<KillReport> {
  const raw = join(folder, "city.ndjson");
  const city = await writtenCity(options, raw, join(folder, "labels.ndjson"));
  const [calm, disturbed] = [join(folder, "undisturbed"), join(folder, "disturbed")];

  onProgress(`undisturbed run of ${city.lines.length} lines`);
  const run = (dataDirectory: string, plan: readonly PlannedKill[]) =>
    liveRun({
      dataDirectory,
      logPath: `${dataDirectory}.log`,
      city,
      plan,
      gapMeanMs: options.gapMeanMs,
      onKill: ({ victim, afterMs }) => onProgress(`killed the ${victim} process after ${afterMs} ms`),
    });
  const calmRun = await run(calm, []);
  shareKeys(calm, disturbed);
  const plan = planKills(options);
  onProgress(`disturbed run: ${plan.length} kills`);
  const disturbedRun = await run(disturbed, plan);

  onProgress("comparing");
  const expected = await readMade(calm, PARTITIONS);
  const found = await readMade(disturbed, PARTITIONS);
  const replay = replayed({
    raw,
    keyFile: pathsOf(calm).linkageKey,
    out: join(folder, "replayed.ndjson"),
  });
  const differences = [
    ...differencesOf({ ...expected, outcomes: replay }, expected).map(
      (text) => `replay and undisturbed: ${text}`,
    ),
    ...differencesOf(expected, found),
  ];
  return { ...reportOf(options, city, [calmRun, disturbedRun], [expected, found]), differences };
}

function reportOf(
  { seed }: KillOptions,
  { lines, people }: CityInput,
  [calmRun, disturbedRun]: readonly [LiveRun, LiveRun],
  [expected, found]: readonly [Made, Made],
): Omit<KillReport, "differences"> {
  return {
    seed,
    lines: lines.length,
    persons: people.length,
    kills: disturbedRun.kills,
    resent: disturbedRun.resent,
    refused: disturbedRun.refused,
    outcomes: [...found.outcomes.values()].reduce((sum, { length }) => sum + length, 0),
    duplicates: [expected.duplicates, found.duplicates],
    repeatsInLog: found.repeats,
    alerts: found.alerts.size,
    smsWritten: found.smsLines.length,
    reconciled: [isReconciled(calmRun.reconciliation), isReconciled(disturbedRun.reconciliation)],
    reconciliation: disturbedRun.reconciliation,
  };
}

async function writtenCity(
  { seed, persons, days }: KillOptions,
  raw: string,
  labels: string,
): Promise<CityInput> {
  await writeCityFiles({ seed, persons, days }, { raw, labels });
  const lines = readFileSync(raw, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return { lines, people: await readPeople(raw, await readLabels(labels)) };
}

/** The same tokens in both runs, so that bodies can be compared byte for byte. */
function shareKeys(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  // A folder with keys alone would be taken for somebody else's.
  cpSync(join(from, "FORMAT"), join(to, "FORMAT"));
  cpSync(pathsOf(from).keys, pathsOf(to).keys, { recursive: true });
}
