/**
 * A city's data directory: what is derived is made again, the journal is archived and trimmed, and Kadun goes on. One
 * directory for all of it, since making it takes longest.
 */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Random } from "../../bench/city/random.js";
import { KadunProcess } from "../../bench/load/kadun-process.js";
import { openLogReadOnly } from "../../cli/compose/embedded.js";
import { pathsOf } from "../../cli/embedded/paths.js";
import { Topic } from "../../schemas/topics.js";
import { kadunMain } from "../support/kadun.js";

const DEMO_TIMEOUT_MS = 240_000;
const TIMEOUT_MS = 400_000;
const KILLS = 2;
/** At a readiness that was red whenever a swipe was not stored yet. */
const LOOKS = 20;
/** More often than what is made again could ever come to an end of. */
const BETWEEN_SWIPES_MS = 50;
const random = Random.derived(9, 50, 0);

let folder: string;
let data: string;
let archive: string;
let trimmedAtMs: number;
let processes: KadunProcess[] = [];

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-derived-"));
  const demo = kadun("demo", "--persons", "500", "--days", "14", "--keep", join(folder, "city"));
  expect(demo).toMatchObject({ status: 0 });
  data = join(folder, "city", "data");
  archive = join(folder, "archive");
}, DEMO_TIMEOUT_MS);

afterAll(async () => {
  for (const running of processes) await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

test(
  "rows made again have the hashes of before",
  () => {
    const rows = json(kadun("rebuild", "analytics", "--dry-run", "--json", "--data", data));
    expect(json(kadun("rebuild", "analytics", "--json", "--data", data)).after).toEqual(rows.after);
  },
  TIMEOUT_MS,
);

test(
  "a rebuild of cases and alerts that is killed goes on when it is run again, to the same tables; the outbox keeps every byte",
  async () => {
    const outbox = readFileSync(pathsOf(data).outbox);
    const { before } = json(kadun("rebuild", "alerts", "--dry-run", "--json", "--data", data));
    expect(before.alerts.rows).toBeGreaterThan(10);
    expect(before.sms.rows).toBeGreaterThan(5);
    await killedAfter(random.whole(300, 4_000), "rebuild", "alerts");
    expect(json(kadun("rebuild", "alerts", "--json", "--data", data)).rebuilt).toBe(true);
    expect(json(kadun("rebuild", "alerts", "--dry-run", "--json", "--data", data))).toMatchObject({
      isUnderWay: false,
      before,
    });
    expect(readFileSync(pathsOf(data).outbox).equals(outbox)).toBe(true);
  },
  TIMEOUT_MS,
);

test(
  "a Kadun that runs takes swipes while its rows, alerts and cases are made again, and its office comes back",
  async () => {
    const running = await start();
    for (const what of ["analytics", "alerts"]) {
      const office = await running.officeUp();
      let isDone = false;
      const rebuilding = finished("rebuild", what, "--json", "--data", data).finally(() => {
        isDone = true;
      });
      let sent = 0;
      for (; sent === 0 || !isDone; sent++) {
        expect(await send(running, `DURING-${what}-${sent}`)).toBe(202);
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_SWIPES_MS));
      }
      const rebuilt = json(await rebuilding);
      if (what === "alerts") expect(rebuilt.isSame).not.toBe(false);
      await running.officeUp(office.pid);
    }
    await readyUnderSwipes(running);
    expect(kadun("reconcile", "--data", data)).toMatchObject({ status: 0 });
    await caughtUp((await running.officeUp()).url);
    expect(kadun("reconcile", "--data", data)).toMatchObject({ status: 0 });
    await stop(running);
  },
  TIMEOUT_MS,
);

test(
  "an archive run that is killed leaves nothing half: the next one goes on, verified and judged again",
  async () => {
    for (let kill = 0; kill < KILLS; kill++) await killedAfter(random.whole(200, 1_500), "archive", archive);
    expect(kadun("archive", archive, "--data", data)).toMatchObject({ status: 0 });
    expect(kadun("archive", "verify", archive)).toMatchObject({ status: 0, stdout: /^sound: / });
    const replayed = json(kadun("replay", "--archive", archive, "--summary-json"));
    expect(replayed.partitions).toEqual([expect.objectContaining({ difference: null, checkpoints: 1 })]);
    expect(replayed.partitions[0].outcomes).toBeGreaterThan(300);
  },
  TIMEOUT_MS,
);

test(
  "trimmed by its archive a Kadun starts, judges on and is archived further",
  async () => {
    const copy = join(folder, "untrimmed");
    cpSync(pathsOf(data).state, copy, { recursive: true });
    trimmedAtMs = Date.now();
    const trimmed = json(kadun("archive", "trim", archive, "--keep-days", "0", "--json", "--data", data));
    expect(trimmed.partitions[0].journal.removed).toBeGreaterThan(300);
    expect(trimmed.partitions[0].decisions.removed).toBeGreaterThan(300);
    const { start: begins } = await journalBounds();
    expect(begins).toBe(trimmed.partitions[0].journal.start);

    const running = await start();
    expect(await send(running, "AFTER")).toBe(202);
    expect(await send(running, "AFTER-2")).toBe(202);
    await caughtUp((await running.officeUp()).url);
    expect(kadun("reconcile", "--data", data)).toMatchObject({ status: 0 });
    await stop(running);

    expect(kadun("archive", archive, "--data", data)).toMatchObject({ status: 0 });
    for (const more of [[], ["--from-checkpoint"]])
      expect(kadun("replay", "--archive", archive, ...more)).toMatchObject({ status: 0 });
  },
  TIMEOUT_MS,
);

test(
  "of a trimmed journal tables are made again with its archive, killed or not, and never without",
  async () => {
    const outbox = readFileSync(pathsOf(data).outbox);
    const { before } = json(kadun("rebuild", "alerts", "--dry-run", "--json", "--data", data));
    const refused = kadun("rebuild", "alerts", "--data", data);
    expect(refused).toMatchObject({ status: 1 });
    expect(refused.stderr).toMatch(
      /kadun\.decisions\/0: begins at offset \d+, what was before it lies in an archive/,
    );
    const alerts = json(kadun("rebuild", "alerts", "--archive", archive, "--json", "--data", data));
    expect(alerts).toMatchObject({ isSame: true, before, after: before });
    await killedAfter(random.whole(1_500, 4_000), "rebuild", "analytics", "--archive", archive);
    const rows = json(kadun("rebuild", "analytics", "--archive", archive, "--json", "--data", data));
    const { start: trimmed, end } = await journalBounds();
    expect(trimmed).toBeGreaterThan(300);
    expect(rows.after).toMatchObject({
      isEqual: true,
      partitions: [{ journal: { rows: end, logged: end } }],
    });
    expect(readFileSync(pathsOf(data).outbox).equals(outbox)).toBe(true);
  },
  TIMEOUT_MS,
);

test(
  "its archive judges a draft too, from the beginning or from its checkpoint",
  async () => {
    const draft = join(folder, "draft.json");
    writeFileSync(draft, JSON.stringify({ name: "same", version: "2", extends: "default", rules: [] }));
    const asked = [
      "rules",
      "backtest",
      "--bundle",
      draft,
      "--journal",
      "--workers",
      "1",
      "--json",
      "--quiet",
    ];
    const refused = kadun(...asked, "--data", data);
    expect(refused).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/name the archive by --archive DIR/),
    });
    const { end } = await journalBounds();
    const whole = json(kadun(...asked, "--data", data, "--archive", archive));
    const from = ["--from", new Date(trimmedAtMs).toISOString(), "--from-checkpoint"];
    const later = json(kadun(...asked, "--data", data, "--archive", archive, ...from));
    expect(whole).toMatchObject({ stronger: 0, weaker: 0, notes: [] });
    expect(whole.swipes).toBeGreaterThan(300);
    expect(later).toMatchObject({ swipes: 2, stronger: 0, weaker: 0 });
    expect(later.records).toBeLessThan(end - 300);
    expect(later.notes).toEqual([
      expect.stringMatching(/^begun at checkpoints \(partition 0 behind offset \d+\)/),
    ]);
  },
  TIMEOUT_MS,
);

test(
  "a state from before what was trimmed stops the start loudly",
  async () => {
    rmSync(pathsOf(data).state, { recursive: true });
    const refused = kadun(
      "start",
      "--data",
      data,
      "--port",
      "0",
      "--office-port",
      "0",
      "--citizen-port",
      "0",
    );
    expect(refused).toMatchObject({ status: 1 });
    expect(refused.stderr).toMatch(/journal partition 0 begins at offset \d+, its state includes -1/);
  },
  TIMEOUT_MS,
);

function kadun(...args: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [kadunMain, ...args], {
    timeout: DEMO_TIMEOUT_MS,
  });
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

// biome-ignore lint/suspicious/noExplicitAny: what commands print, looked into by the tests.
function json({ status, stdout, stderr }: Ran): any {
  // What is not equal stands in what was printed: a failure has to show it.
  if (status !== 0) throw new Error(`ended with ${status}\n${stderr}\n${stdout}`);
  return JSON.parse(stdout);
}

async function finished(...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [kadunMain, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  const [status] = (await once(child, "close")) as [number | null];
  return { status, ...said };
}

async function killedAfter(ms: number, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [kadunMain, ...args, "--data", data], { stdio: "ignore" });
  const timer = setTimeout(() => child.kill("SIGKILL"), ms);
  await once(child, "exit");
  clearTimeout(timer);
}

async function start(): Promise<KadunProcess> {
  const logPath = join(folder, "kadun.log");
  writeFileSync(logPath, "", { flag: "a" });
  const running = await KadunProcess.start({ dataDirectory: data, logPath });
  processes.push(running);
  return running;
}

async function stop(running: KadunProcess): Promise<void> {
  expect(await running.stop()).toBe(0);
  processes = processes.filter((each) => each !== running);
}

async function send(running: KadunProcess, eventId: string): Promise<number> {
  const swipe = {
    type: "swipe",
    eventId,
    kind: "settle",
    occurredAt: "2026-06-01T10:00:00+08:00",
    personId: `P-${eventId}`,
    credential: "card",
    insuredRegion: "330100",
    careRegion: "330100",
    institutionId: "H33010000001",
    institutionKind: "hospital",
    totalFen: 1200,
  };
  const { status } = await fetch(`${running.url}/v1/swipes`, {
    method: "POST",
    headers: { authorization: `Bearer ${running.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(swipe),
  });
  return status;
}

/** A few records under way do not make an office unready. */
async function readyUnderSwipes(running: KadunProcess): Promise<void> {
  const { url } = await running.officeUp();
  for (let look = 0; look < LOOKS; look++) {
    expect(await send(running, `READY-${look}`)).toBe(202);
    const { reasons } = (await (await fetch(`${url}/readyz`)).json()) as {
      readonly reasons: readonly string[];
    };
    expect(reasons.filter((reason) => reason.startsWith("CATCHING_UP"))).toEqual([]);
  }
}

async function caughtUp(url: string): Promise<void> {
  for (;;) {
    const status = (await (await fetch(`${url}/v1/status`)).json()) as { readonly caughtUp: boolean };
    if (status.caughtUp) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function journalBounds(): Promise<{ start: number; end: number }> {
  const log = await openLogReadOnly(pathsOf(data), 1);
  try {
    return await log.bounds(Topic.JOURNAL, 0);
  } finally {
    await log.close();
  }
}
