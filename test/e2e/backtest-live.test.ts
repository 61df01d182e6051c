/** A backtest of a Kadun that runs: its journal is read beside it, and the draft that runs is what it wrote. */

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { generateCity } from "../../bench/city/city.js";
import { KadunProcess } from "../../bench/load/kadun-process.js";
import { lastDay } from "../../cli/backtest/last-day.js";
import { loggedBodies } from "../../cli/backtest/logged-bodies.js";
import { openLogReadOnly } from "../../cli/compose/embedded.js";
import { pathsOf } from "../../cli/embedded/paths.js";
import { backtestResult } from "../../schemas/backtest.js";
import { changedBundle } from "../detector/changed-bundle.js";
import { defaultBundle } from "../support/judge.js";
import { kadunMain } from "../support/kadun.js";
import { newDataDirectory } from "../support/new-data-directory.js";

const PARTITIONS = 2;
const LINES = 2_000;
const BODY_LINES = 500;
/** Some seconds; many more where others use the machine. */
const ENDS_WITHIN_MS = 90_000;
const PATHS = {
  swipe: "/v1/swipes",
  "card-status": "/v1/card-status",
  "person-fact": "/v1/person-facts",
} as const;

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "kadun-backtest-live-"));
const data = join(folder, "data");
let kadun: KadunProcess;

beforeAll(async () => {
  await newDataDirectory(data, PARTITIONS);
  const args = ["--partitions", String(PARTITIONS), "--cold-start"];
  kadun = await KadunProcess.start({ dataDirectory: data, logPath: join(folder, "log.ndjson"), args });
  for (const [path, lines] of linesByPath())
    for (let from = 0; from < lines.length; from += BODY_LINES)
      await post(path, lines.slice(from, from + BODY_LINES).join("\n"));
}, 120_000);

afterAll(async () => {
  await kadun?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function linesByPath(): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  let count = 0;
  for (const { raw } of generateCity({ seed: 3, persons: 1_000, days: 20 })) {
    if (count++ === LINES) break;
    const path = PATHS[raw.type as keyof typeof PATHS];
    if (path !== undefined) lines.set(path, [...(lines.get(path) ?? []), JSON.stringify(raw)]);
  }
  return lines;
}

async function post(path: string, body: string): Promise<void> {
  const response = await fetch(`${kadun.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson", authorization: `Bearer ${kadun.apiKey}` },
    body,
  });
  if (response.status !== 202) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

test("the running bundle as draft gives what the detectors wrote, body by body", async () => {
  writeFileSync(join(folder, "whole.json"), JSON.stringify(defaultBundle.content));
  const args = [
    "rules",
    "backtest",
    "--bundle",
    "whole.json",
    "--journal",
    "--data",
    data,
    "--workers",
    "3",
    "--json",
  ];
  const ran = await run(process.execPath, [kadunMain, ...args], { cwd: folder, timeout: ENDS_WITHIN_MS });
  const result = backtestResult.parse(JSON.parse(ran.stdout));
  expect(result).toMatchObject({ stronger: 0, weaker: 0, onlyBaseline: 0, onlyDraft: 0 });
  expect(result.swipes).toBeGreaterThan(1_000);

  const stricter = changedBundle({ ruleset: { rules: [{ id: "R10", mode: "off" }] } });
  const day = await lastDay({ content: stricter.content, data });
  expect(day.draftBundleHash).toBe(stricter.bundle.hash);
  expect(day.baselineBundleHash).toBeNull();
  expect(Date.parse(day.to!) - Date.parse(day.from!)).toBe(86_400_000);
  expect(day.swipes).toBeGreaterThan(0);
  expect(day.swipes).toBeLessThan(result.swipes);
  expect(day.shares.draft.challenge).toBeLessThanOrEqual(day.shares.baseline.challenge);

  await kadun.stop();
  const log = await openLogReadOnly(pathsOf(data), PARTITIONS);
  try {
    expect(result.bodies).toEqual(await loggedBodies(log));
  } finally {
    await log.close();
  }
}, 240_000);

test("a draft with mistakes is an error that names them", async () => {
  await expect(lastDay({ content: { ...defaultBundle.content, ruleset: {} }, data })).rejects.toThrow(
    /backtest of the last day: .*ruleset/,
  );
}, 60_000);

test("a cancelled look at the last day ends", async () => {
  const cancelling = new AbortController();
  const looking = lastDay({ content: defaultBundle.content, data, signal: cancelling.signal });
  cancelling.abort(new Error("enough"));
  await expect(looking).rejects.toThrow("enough");
}, 60_000);
