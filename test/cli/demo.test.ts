/** `kadun demo` as a visitor runs it. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ScoreboardModel } from "../../bench/city/scoreboard-model.js";
import { readRunFile } from "../../cli/embedded/run-file.js";
import { kadunMain, Workplace } from "../support/kadun.js";

const TIMEOUT_MS = 240_000;
const SMALL = ["--persons", "500", "--days", "14"];

const place = new Workplace();
afterAll(() => place.remove());

function kadun(args: readonly string[]) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [kadunMain, ...args], {
    cwd: place.folder,
    timeout: TIMEOUT_MS,
    env: { ...process.env, TMPDIR: place.folder },
    maxBuffer: 1 << 26,
  });
  if (signal !== null)
    throw new Error(`${args.join(" ")}: ended by ${signal} after ${TIMEOUT_MS} ms at most`);
  return { status, printed: stdout.toString(), said: stderr.toString() };
}

interface Facts {
  readonly alerts: number;
  readonly cases: number;
  readonly contacts: number;
  readonly sms: { readonly written: number };
  readonly answers: { readonly answers: number };
}

describe("of a small city, kept", () => {
  let demo: ReturnType<typeof kadun>;
  let facts: Record<string, unknown>;

  beforeAll(() => {
    demo = kadun(["demo", ...SMALL, "--keep", "kept", "--json"]);
    facts = demo.printed.startsWith("{") ? JSON.parse(demo.printed) : {};
  }, TIMEOUT_MS);

  test("everything is judged, stored, reconciled, alerted and told", () => {
    expect({ status: demo.status, said: demo.said }).toEqual({ status: 0, said: expect.any(String) });
    expect(facts).toMatchObject({ isReconciled: true, refusedLines: 0, unlabelled: 0 });
    const { alerts, cases, answers, sms, contacts } = facts as unknown as Facts;
    expect(alerts).toBeGreaterThan(50);
    expect(cases).toBeGreaterThan(10);
    expect(contacts).toBeGreaterThan(54);
    expect(sms.written).toBeGreaterThan(20);
    expect(answers).toMatchObject({ p50Ms: expect.any(Number), p99Ms: expect.any(Number) });
    expect(answers.answers).toBeGreaterThan(50);
  });

  test("recall with its interval, the shares of honest people and the rings that patrols found are in the JSON", () => {
    const { attacks, rings, falseAlarms } = facts as unknown as Pick<
      ScoreboardModel,
      "attacks" | "rings" | "falseAlarms"
    >;
    for (const score of attacks) {
      expect(score.planted).toBe(3);
      expect(score.recall).toBe(score.caught / score.planted);
      expect(score.recallInterval).toEqual([expect.any(Number), expect.any(Number)]);
    }
    expect(falseAlarms).toMatchObject({
      challengeRejectShare: expect.any(Number),
      rejectShare: expect.any(Number),
    });
    // A terminal's usual day needs weeks, a common point enough other cards: so small a city may have neither.
    const unsure = ["busy-terminal", "common-point"];
    const found = rings.filter(({ kind }) => !unsure.includes(kind)).map((ring) => [ring.kind, ring.found]);
    expect(found).toEqual(found.map(([kind]) => [kind, 1]));
  });

  test("of every person the outcomes are those of 'kadun replay' under the same key, byte for byte", () => {
    const replay = kadun([
      "replay",
      "kept/city.ndjson",
      "--key-file",
      "kept/data/keys/linkage.key",
      "--out",
      "replayed.ndjson",
    ]);
    expect(replay.status).toBe(0);
    const live = byPerson(readFileSync(place.path("kept/outcomes.ndjson"), "utf8"));
    const replayed = byPerson(readFileSync(place.path("replayed.ndjson"), "utf8"));
    expect(live.size).toBeGreaterThan(200);
    expect([...live.keys()].sort()).toEqual([...replayed.keys()].sort());
    for (const [personId, bodies] of replayed) expect(live.get(personId)).toEqual(bodies);
  });

  test("SMS are written to a file, with masked numbers", () => {
    const outbox = readFileSync(place.path("kept/data/sms/outbox.ndjson"), "utf8");
    const phones = outbox
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line).phone as string);
    expect(phones).toHaveLength((facts as unknown as Facts).sms.written);
    expect(phones.filter((phone) => !/^154\*{4}\d{4}$/.test(phone))).toEqual([]);
  });

  test("a folder that holds a Kadun already is refused with one message", () => {
    const { status, said } = kadun(["demo", ...SMALL, "--keep", "kept", "--stay", "0"]);
    expect({ status, said }).toEqual({
      status: 1,
      said: expect.stringMatching(/^kadun: .*kept\/data: is there already; .*another folder\n$/),
    });
  });
});

/** personId → outcome lines in order; a `duplicate` names its event only. */
function byPerson(outcomes: string): Map<string, string[]> {
  const lines = readFileSync(place.path("kept/city.ndjson"), "utf8").split("\n").filter(Boolean);
  const persons = new Map(
    lines.map((line) => JSON.parse(line)).map(({ eventId, personId }) => [eventId, personId]),
  );
  const bodies = new Map<string, string[]>();
  for (const line of outcomes.split("\n").filter(Boolean)) {
    const personId = persons.get(JSON.parse(line).eventId)!;
    bodies.set(personId, [...(bodies.get(personId) ?? []), line]);
  }
  return bodies;
}

test(
  "--seconds bounds the feeding; the table says what was reached, how, and that it is removed again",
  () => {
    const { status, printed, said } = kadun([
      "demo",
      "--persons",
      "3000",
      "--days",
      "30",
      "--seconds",
      "1",
      "--stay",
      "0",
    ]);
    expect({ status, said }).toMatchObject({ status: 0 });
    for (const part of [
      "Planted attacks",
      "The pipeline",
      "p99",
      "nothing is missing",
      "in",
      "cases",
      "--keep DIR",
    ])
      expect(printed).toContain(part);
    expect(readdirSync(place.folder).filter((name) => name.startsWith("kadun-demo-"))).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "Ctrl-C stops what was started and removes the folder",
  async () => {
    const temporary = place.path("interrupted");
    mkdirSync(temporary);
    const child = spawn(process.execPath, [kadunMain, "demo", "--persons", "2000"], {
      env: { ...process.env, TMPDIR: temporary },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const ended = once(child, "exit") as Promise<[number | null]>;
    const said: string[] = [];
    let pids: number[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
      said.push(line);
      if (!line.includes("feeding")) continue;
      pids = pidsOf(temporary);
      child.kill("SIGINT");
    }
    const [status] = await ended;
    expect({ status, last: said.at(-1) }).toEqual({ status: 1, last: "kadun: interrupted" });
    expect(pids.length).toBeGreaterThan(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  },
  TIMEOUT_MS,
);

function pidsOf(temporary: string): number[] {
  const [folder] = readdirSync(temporary);
  const path = join(temporary, folder!, "data", "run.json");
  const run = existsSync(path) ? readRunFile(path) : null;
  return run === null ? [] : [run.swipe.pid, ...(run.office === null ? [] : [run.office.pid])];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
