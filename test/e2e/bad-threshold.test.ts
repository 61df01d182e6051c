/**
 * A threshold that would reject every third honest swipe, in a real Kadun under load: the guard stops it with numbers; a
 * third person forces it past the guard, and the breaker takes it back within a minute; the journal judged again, with both
 * activations in it, says body by body what was said.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { KadunProcess } from "../../bench/load/kadun-process.js";
import { SettleGenerator } from "../../bench/pipeline/settle-generator.js";
import { BundleFolder } from "../../cli/bundle-folder.js";
import { openLogReadOnly } from "../../cli/compose/embedded.js";
import { pathsOf } from "../../cli/embedded/paths.js";
import { readRunFile } from "../../cli/embedded/run-file.js";
import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import { decodeJournalBody, decodeOutcomeBody } from "../../schemas/log-body.js";
import type { DecisionOutcome, LoggedOutcome } from "../../schemas/outcomes.js";
import { Topic } from "../../schemas/topics.js";
import type { DetectorBundle } from "../../services/detector/bundle.js";
import { Partition } from "../../services/detector/partition.js";
import { loggedOutcomesOf } from "../../services/detector/taken.js";
import { changedBundle } from "../detector/changed-bundle.js";
import { defaultBundle } from "../support/judge.js";
import { newDataDirectory } from "../support/new-data-directory.js";

const PARTITIONS = 2;
const PERSONS = 1_000;
const LINES = 100;
/** Each person three times: what the guard judges by. */
const BEFORE = 3_000;
const TRIPS_WITHIN_MS = 60_000;
const TIMEOUT_MS = 500_000;

/** Whoever pays twice within half an hour is rejected. */
const bad = changedBundle({
  ruleset: {
    rules: [
      {
        id: "R14",
        params: {
          limitFen: 5_000,
          sharePercentMin: 1,
          sharePercentMax: 200,
          countMin: 2,
          sumPercentMin: 100,
        },
        actions: { challenge: "reject" },
      },
    ],
  },
});

let folder: string;
let data: string;
let kadun: KadunProcess;
let generator: SettleGenerator;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kadun-bad-threshold-"));
  data = await newDataDirectory(join(folder, "data"), PARTITIONS);
  generator = new SettleGenerator({ seed: 11, persons: PERSONS });
  kadun = await KadunProcess.start({
    dataDirectory: data,
    logPath: join(folder, "log.ndjson"),
    args: ["--partitions", String(PARTITIONS), "--cold-start"],
  });
});
afterEach(async () => {
  await kadun.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function swipe(count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += LINES) {
    const body = Array.from({ length: LINES }, () => generator.next(Date.now())).join("\n");
    const response = await fetch(`${kadun.url}/v1/swipes`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson", authorization: `Bearer ${kadun.apiKey}` },
      body,
    });
    expect(response.status).toBe(202);
  }
}

async function ask(key: string, method: "GET" | "POST", path: string, body: object = {}) {
  const { url } = readRunFile(pathsOf(data).run)!.office!;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}` },
    ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

interface Running {
  readonly kind: string;
  readonly version: number;
  readonly status: string;
  readonly sequence: number;
}

/** Looks again until it is so. */
async function until(key: string, isSo: (running: Running | null) => boolean, meanwhile = async () => {}) {
  for (;;) {
    const { body } = await ask(key, "GET", "/v1/rules/status");
    const running = body.running as Running | null;
    if (isSo(running)) return running!;
    await meanwhile();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test(
  "a bad threshold is stopped by the guard, forced past it taken back by the breaker, and replays",
  async () => {
    await kadun.officeUp();
    const keys: string[] = [];
    for (const name of ["an", "bo", "chen"]) {
      const { body } = await ask(kadun.apiKey, "POST", "/v1/people", { action: "add", name });
      keys.push(body.key as string);
    }
    const [an, bo, chen] = keys as [string, string, string];
    await until(an, (running) => running !== null);
    await swipe(BEFORE);

    // The guard.
    const drafted = await ask(an, "POST", "/v1/rules/versions", { content: bad.content, comment: "R14" });
    const version = drafted.body.version as number;
    await ask(bo, "POST", `/v1/rules/versions/${version}/approve`);
    const refused = await ask(an, "POST", `/v1/rules/versions/${version}/activate`);
    expect(refused).toMatchObject({ status: 409, body: { code: "GUARD_OBJECTS" } });
    expect(refused.body.detail).toMatch(
      /reject \d\d\.\d\d % \(running 0\.00 %\).*reject: more than 1 % of swipes.*most by R14 \(.*kadun rules confirm/,
    );
    const shown = await ask(an, "GET", `/v1/rules/versions/${version}`);
    const [check] = shown.body.checks as { result: string; numbers: Record<string, number> }[];
    expect(check).toMatchObject({ result: "objection", numbers: { swipes: BEFORE, runningRejectShare: 0 } });
    expect(check!.numbers.rejectShare).toBeGreaterThan(0.2);

    // Forced past it.
    await ask(chen, "POST", `/v1/rules/versions/${version}/confirm`);
    expect(await ask(an, "POST", `/v1/rules/versions/${version}/activate`)).toMatchObject({
      status: 202,
      body: { activation: { publishedBy: ["an", "bo", "chen"] } },
    });
    await until(an, (running) => running?.version === version);
    const tripped = await until(
      an,
      (running) => running?.kind === "breaker",
      () => swipe(LINES),
    );
    await swipe(1_000);
    const status = await ask(an, "GET", "/v1/rules/status");
    expect(status.body.alarms).toEqual([expect.stringMatching(/^BREAKER_TRIPPED: /)]);
    const made = await ask(an, "GET", `/v1/rules/versions/${tripped.version}`);
    expect(made.body).toMatchObject({ author: "breaker", origin: "breaker", madeOf: version });
    expect(await kadun.stop()).toBe(0);
    await checkJournal(bad.bundle.hash);
  },
  TIMEOUT_MS,
);

/** Judged again, body by body; how long the bad bundle ran, by the clock of the journal; what was rejected by it alone. */
async function checkJournal(badHash: string): Promise<void> {
  const paths = pathsOf(data);
  const log = await openLogReadOnly(paths, PARTITIONS);
  const shelf = new BundleFolder(paths.bundles);
  const bundles = new Map(shelf.hashes().map((hash) => [hash, shelf.whole(hash)!.bundle]));
  const decided: DecisionOutcome[] = [];
  try {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const journal = await recordsOf(log, Topic.JOURNAL, partition);
      const again = judgedAgain(journal, bundles);
      const said = await recordsOf(log, Topic.DECISIONS, partition);
      expect(again.map((outcome) => JSON.stringify(outcome))).toEqual(
        said.map(({ value }) => JSON.stringify(decodeOutcomeBody(value))),
      );
      expect(badForMs(journal, badHash)).toBeLessThan(TRIPS_WITHIN_MS);
      decided.push(...again.filter((outcome) => outcome.type === "decision"));
    }
  } finally {
    await log.close();
  }
  const rejected = decided.filter(({ action }) => action === "reject");
  expect(rejected.length).toBeGreaterThan(20);
  expect(new Set(rejected.map(({ bundleHash }) => bundleHash))).toEqual(new Set([badHash]));
  expect(new Set(rejected.flatMap(({ reasons }) => reasons.map(({ rule }) => rule)))).toContain("R14");
}

/** Three activations: the first, the bad one, the breaker's. */
function badForMs(journal: readonly LoggedRecord[], badHash: string): number {
  const activations = journal.flatMap(({ value, appendedAtMs }) => {
    const record = decodeJournalBody(value);
    return record.type === "activation" ? [{ ...record, appendedAtMs }] : [];
  });
  expect(activations.map(({ sequence, publishedBy }) => [sequence, publishedBy])).toEqual([
    [0, []],
    [1, ["an", "bo", "chen"]],
    [2, ["breaker"]],
  ]);
  const [, wrong, lowered] = activations;
  expect(wrong!.bundleHash).toBe(badHash);
  return lowered!.appendedAtMs - wrong!.appendedAtMs;
}

function judgedAgain(
  journal: readonly LoggedRecord[],
  bundles: ReadonlyMap<string, DetectorBundle>,
): readonly LoggedOutcome[] {
  const judge = new Partition(defaultBundle.bundle, { bundles });
  let appendedAtMaxMs = 0;
  return journal.flatMap(({ value, offset, appendedAtMs }) => {
    appendedAtMaxMs = Math.max(appendedAtMaxMs, appendedAtMs);
    const record = decodeJournalBody(value);
    return loggedOutcomesOf(record, judge.take(record, offset, appendedAtMaxMs));
  });
}

async function recordsOf(log: EventLog, topic: string, partition: number): Promise<LoggedRecord[]> {
  const { start, end } = await log.bounds(topic, partition);
  const reader = await log.reader(topic, partition, start);
  const records: LoggedRecord[] = [];
  while (reader.position < end)
    records.push(...(await reader.read({ recordsMax: 1_000, bytesMax: 4_000_000, waitMs: 1_000 })));
  await reader.close();
  return records;
}
