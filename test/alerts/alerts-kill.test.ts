import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Kysely } from "kysely";
import { packageRoot } from "../../cli/package-root.js";
import { openPgliteDatabase } from "../../platform/database/pglite/pglite-database.js";
import type { AlertsTables } from "../../services/alerts/tables.js";
import { AlertsDesk } from "./alerts-desk.js";
import { manyOutcomes, rowsMade, writtenEntries } from "./many-outcomes.js";
import { entries } from "./outcome-records.js";

const childFile = join(packageRoot, "test", "alerts", "alerts-child.mjs");
const needed = join(packageRoot, "dist", "services", "alerts", "alerts-service.js");
if (!existsSync(needed)) throw new Error(`${needed} is missing: run 'npm run build' first`);

/** Four here; `KADUN_KILLS=20` asks for more. */
const kills = Number(process.env.KADUN_KILLS ?? 4);
const PERSONS = 60;
const ROUNDS = 8;
/** Of a second: the child must not be through before it is killed. */
const WORK_SHARE = 8;
const seed = Number(process.env.KADUN_SEED ?? Math.floor(Math.random() * 2 ** 31));

let desk: AlertsDesk;
beforeAll(async () => {
  desk = await AlertsDesk.open();
});
afterAll(() => desk.close());

function startChild(folder: string, logFile: string) {
  const child = spawn(process.execPath, [childFile, folder, logFile], { stdio: ["ignore", "pipe", "pipe"] });
  const said = new Set<string>();
  const opened = new Promise<void>((resolve) => {
    createInterface(child.stdout).on("line", (line) => {
      said.add(line);
      if (line === "opened") resolve();
    });
    child.once("close", () => resolve());
  });
  let errors = "";
  child.stderr.on("data", (bytes: Buffer) => {
    errors += bytes;
  });
  return { child, opened, said, errors: () => errors };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "close");
}

describe("killed at random moments", () => {
  it(`loses and doubles neither rows nor SMS (KADUN_SEED=${seed})`, async () => {
    const folder = join(desk.folder, "child");
    const logFile = join(desk.folder, "log.json");
    mkdirSync(folder);
    const logged = entries(manyOutcomes({ persons: PERSONS, rounds: ROUNDS }));
    writeFileSync(logFile, writtenEntries(logged));
    await desk.consumeEntries(logged, desk.sink(null));

    const delays = fc.sample(fc.integer({ min: 0, max: 1_000 }), { numRuns: kills, seed });
    let killed = 0;
    for (const [i, delayMs] of delays.entries()) {
      const { child, opened, said } = startChild(folder, logFile);
      // The first is killed while it makes the database (seconds), the others at work (half a second and more).
      if (i > 0) await opened;
      await wait(i > 0 ? delayMs / WORK_SHARE : delayMs);
      if (child.kill("SIGKILL")) killed++;
      await ended(child);
      if (said.has("done")) break;
    }
    const last = startChild(folder, logFile);
    await ended(last.child);
    expect({ status: last.child.exitCode, errors: last.errors() }).toEqual({ status: 0, errors: "" });
    expect(killed).toBeGreaterThanOrEqual(2);

    const opened = await openPgliteDatabase({ path: join(folder, "postgres") });
    const rows = await rowsMade(new Kysely<AlertsTables>({ dialect: opened.dialect }));
    await opened.close();
    expect(rows).toEqual(await rowsMade(desk.tables));
    const sentIds = readFileSync(join(folder, "sms.ndjson"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => String(JSON.parse(line).smsId));
    const toSend = rows.sms.filter(({ reason }) => reason === null).map(({ sms_id }) => sms_id);
    expect(toSend.length).toBeGreaterThan(PERSONS * 3);
    expect(sentIds.sort()).toEqual(toSend);
  }, 120_000);
});
