/** `kadun rules backtest` as its processes: any number of workers, ended, killed, gone on with. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { generateCity } from "../../../bench/city/city.js";
import { backtest } from "../../../cli/rules/backtest.js";
import { type BacktestResult, backtestResult } from "../../../schemas/backtest.js";
import { kadunMain, Workplace } from "../../support/kadun.js";

const place = new Workplace();
const CITY = { seed: 7, persons: 1_500, days: 20 };
const DRAFT = {
  name: "draft",
  version: "1",
  extends: "default",
  rules: [{ id: "R16", params: { pharmaciesMin: 2, pharmacyWindowMinutes: 240 } }],
};
const ARGS = ["rules", "backtest", "--bundle", "draft.json", "--file", "city.ndjson", "--json"];
let whole: BacktestResult;

beforeAll(() => {
  const lines = [...generateCity(CITY)].map(({ raw }) => `${JSON.stringify(raw)}\n`);
  place.file("city.ndjson", lines.join(""));
  place.file("draft.json", JSON.stringify(DRAFT));
  const ran = place.kadun([...ARGS, "--workers", "1"]);
  expect(ran.status).toBe(0);
  whole = backtestResult.parse(JSON.parse(ran.stdout));
}, 180_000);

afterAll(() => place.remove());

/** What does not depend on how long it took and how many did it. */
function counted({ seconds: _, swipesPerSecond: __, workers: ___, ...rest }: BacktestResult) {
  return rest;
}

interface Started {
  readonly child: ChildProcess;
  readonly errors: () => string;
  readonly printed: () => string;
  /** When standard error has said this. */
  said(text: string): Promise<void>;
  ended(): Promise<number | null>;
}

function started(args: readonly string[], env = process.env): Started {
  const child = spawn(process.execPath, [kadunMain, ...args], { cwd: place.folder, env });
  const exit = once(child, "close");
  let errors = "";
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => {
    printed += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk;
  });
  return {
    child,
    errors: () => errors,
    printed: () => printed,
    async said(text) {
      while (!errors.includes(text)) await Promise.race([once(child.stderr, "data"), exit.then(failed)]);
      function failed(): never {
        if (!errors.includes(text)) throw new Error(`ended without saying '${text}': ${errors}`);
        throw new Error(`ended while '${text}' was waited for`);
      }
    },
    async ended() {
      const [status] = await exit;
      return status as number | null;
    },
  };
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .trim()
    .split(" ")
    .filter(Boolean)
    .map(Number);
}

function lives(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

test("the draft changes what it says, and several processes find the same as one", () => {
  expect(whole.swipes).toBeGreaterThan(1_000);
  expect(whole.rules.R16?.newHit).toBeGreaterThan(0);
  expect(whole.stronger).toBeGreaterThan(0);
  const ran = place.kadun([...ARGS, "--workers", "3"]);
  expect(counted(backtestResult.parse(JSON.parse(ran.stdout)))).toEqual(counted(whole));
});

test("as tables it names the draft, the rule and examples by token", () => {
  const { stdout, status } = place.kadun(ARGS.filter((arg) => arg !== "--json"));
  expect(status).toBe(0);
  expect(stdout).toContain(`Draft ${whole.draftBundleHash.slice(0, 12)}`);
  expect(stdout).toMatch(/^R16 +\d+ +\d+/m);
  expect(stdout).toContain(whole.rules.R16!.examples[0]!.decisionId);
});

test("no folder is left behind", async () => {
  mkdirSync(place.path("tmp"));
  const environment = { ...process.env, TMPDIR: place.path("tmp") };
  for (const args of [ARGS, [...ARGS, "--work-dir", "work"]]) {
    const run = started(args, environment);
    expect(await run.ended()).toBe(0);
  }
  expect(existsSync(place.path("work"))).toBe(false);
  expect(readdirSync(place.path("tmp"))).toEqual([]);
}, 180_000);

describe("ended before it is done", () => {
  const work = [...ARGS, "--workers", "2", "--work-dir", "unfinished"];

  test("on SIGTERM its workers end, and --resume gives the same result", async () => {
    const run = started(work);
    await run.said("(judge-");
    const workers = childrenOf(run.child.pid!);
    run.child.kill("SIGTERM");
    expect(await run.ended()).toBe(1);
    expect(run.errors()).toMatch(/interrupted; .*--resume --work-dir \S*unfinished/);
    expect(workers.length).toBeGreaterThan(0);
    expect(workers.filter(lives)).toEqual([]);

    const again = place.kadun(work);
    expect(again.status).toBe(1);
    expect(again.errors.join()).toMatch(/holds unfinished work; give --resume/);

    place.file("other.json", JSON.stringify({ ...DRAFT, version: "2" }));
    const other = place.kadun([
      ...work.map((arg) => (arg === "draft.json" ? "other.json" : arg)),
      "--resume",
    ]);
    expect(other.status).toBe(1);
    expect(other.errors.join()).toMatch(/an unfinished run with another draft: it had/);

    const resumed = place.kadun([...work, "--resume"]);
    expect(resumed.status).toBe(0);
    expect(resumed.errors.join()).not.toContain("laying out");
    expect(counted(backtestResult.parse(JSON.parse(resumed.stdout)))).toEqual(counted(whole));
    expect(existsSync(place.path("unfinished"))).toBe(false);
  }, 180_000);

  test("after kill -9 of the command its workers end by themselves, and --resume gives the same result", async () => {
    const run = started(work);
    await run.said("(judge-");
    const workers = childrenOf(run.child.pid!);
    run.child.kill("SIGKILL");
    await run.ended();
    while (workers.some(lives)) await sleep(20);
    const resumed = place.kadun([...work, "--resume"]);
    expect(resumed.status).toBe(0);
    expect(counted(backtestResult.parse(JSON.parse(resumed.stdout)))).toEqual(counted(whole));
  }, 180_000);

  test("a worker that is killed costs its part only, which is begun anew", async () => {
    const run = started(work);
    await run.said("(spill-");
    // The workers of the last step live on for the next one.
    while (childrenOf(run.child.pid!).length < 2) await sleep(5);
    process.kill(childrenOf(run.child.pid!)[0]!, "SIGKILL");
    expect(await run.ended()).toBe(0);
    expect(run.errors()).toMatch(/judge-\d: its process ended \(SIGKILL\); begun anew/);
    expect(counted(backtestResult.parse(JSON.parse(run.printed())))).toEqual(counted(whole));
  }, 180_000);
});

describe("what cannot be understood is said", () => {
  const cases: [args: string[], said: RegExp][] = [
    [["--file", "city.ndjson"], /--bundle F: expected the draft/],
    [["--bundle", "draft.json"], /either --journal or --file/],
    [["--bundle", "draft.json", "--journal", "--file", "city.ndjson"], /either --journal or --file/],
    [
      ["--bundle", "draft.json", "--file", "city.ndjson", "--from", "yesterday"],
      /--from yesterday: expected an instant/,
    ],
    [["--bundle", "draft.json", "--file", "city.ndjson", "--resume"], /--resume: name the folder/],
    [
      ["--bundle", "draft.json", "--file", "city.ndjson", "--workers", "0"],
      /--workers 0: expected a whole number/,
    ],
    [
      ["--bundle", "draft.json", "--file", "city.ndjson", "--out", "city.ndjson"],
      /is read as .*city.ndjson too/,
    ],
  ];
  test.each(cases)("%j", (args, said) => {
    const inFolder = args.map((arg) => (/json$/.test(arg) ? place.path(arg) : arg));
    return expect(backtest(inFolder)).rejects.toThrow(
      expect.objectContaining({ name: "UsageError", message: expect.stringMatching(said) }),
    );
  });
});

test("a file or a journal that is not there is named, and a draft with mistakes by its paths", () => {
  const missing = place.kadun(["rules", "backtest", "--bundle", "draft.json", "--file", "nowhere.ndjson"]);
  expect([missing.status, missing.errors.join()]).toEqual([
    1,
    expect.stringMatching(/nowhere.ndjson: cannot be read \(ENOENT\)/),
  ]);
  const journal = place.kadun([
    "rules",
    "backtest",
    "--bundle",
    "draft.json",
    "--journal",
    "--data",
    "nowhere",
  ]);
  expect([journal.status, journal.errors.join()]).toEqual([
    1,
    expect.stringMatching(/nowhere: no data directory of Kadun/),
  ]);
  place.file("bad.json", JSON.stringify({ ...DRAFT, rules: [{ id: "R99" }] }));
  const bad = place.kadun(["rules", "backtest", "--bundle", "bad.json", "--file", "city.ndjson"]);
  expect([bad.status, bad.errors.join()]).toEqual([1, expect.stringContaining("bad.json: rules.")]);
});
