/** The sender killed with -9 while it sends: an operator that can be asked delivers each message once, and every one. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Kysely } from "kysely";
import { migrate } from "../../platform/database/migrations.js";
import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import { enqueueSms } from "../../services/alerts/sms/enqueue-sms.js";
import type { SmsTables } from "../../services/alerts/sms/sms-tables.js";
import { migrationsFolder, templates } from "../alerts/alerts-desk.js";
import { TestProcess } from "../contract/child-process.js";
import { type TemporaryPostgres, temporaryPostgres } from "./temporary-postgres.js";

const program = fileURLToPath(new URL("./sms-kill-on-postgres.child.ts", import.meta.url));
const seed = Number(process.env.KADUN_SEED ?? Math.floor(Math.random() * 2 ** 31));
const PERSONS = 400;
const KILLS = 4;

let temporary: TemporaryPostgres;
let folder: string;
beforeAll(async () => {
  temporary = await temporaryPostgres();
  folder = mkdtempSync(join(tmpdir(), "kadun-sms-kill-"));
});
afterAll(async () => {
  await temporary.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function withTables<Result>(work: (tables: Kysely<SmsTables>) => Promise<Result>): Promise<Result> {
  const database = await openPostgresDatabase({ url: temporary.url });
  try {
    await migrate(database.dialect, migrationsFolder);
    return await work(new Kysely<SmsTables>({ dialect: database.dialect }));
  } finally {
    await database.close();
  }
}

const ids = Array.from({ length: PERSONS }, (_, i) => `sms-${String(i).padStart(4, "0")}`);

async function enqueueAll(tables: Kysely<SmsTables>): Promise<void> {
  await tables.transaction().execute(async (trx) => {
    for (const [i, smsId] of ids.entries())
      await enqueueSms(
        trx,
        {
          smsId,
          personKey: i.toString(16).padStart(32, "0"),
          situation: "loss-reported",
          values: { card: "尾号1234" },
          createdAtMs: Date.UTC(2026, 2, 1),
          severity: "critical",
        },
        templates,
      );
  });
}

describe("killed while it sends", () => {
  it(`delivers each message once (KADUN_SEED=${seed})`, async () => {
    await withTables(enqueueAll);
    const file = join(folder, "delivered");
    const beganAt = Date.now();
    const start = () => {
      let begun = 0;
      const child = TestProcess.start(
        { program, arguments: [temporary.url, file, beganAt] },
        ({ type }: { type: string }) => {
          if (type === "sms") begun++;
        },
      );
      return { child, begun: () => begun };
    };
    const delays = fc.sample(fc.integer({ min: 0, max: 15 }), { numRuns: KILLS, seed });
    let begun = 0;
    for (const delayMs of delays) {
      const killed = start();
      await killed.child.until(() => killed.begun() > 0);
      await wait(delayMs);
      await killed.child.kill();
      begun += killed.begun();
    }
    expect(begun).toBeGreaterThanOrEqual(KILLS);
    await start().child.finished();
    const delivered = readFileSync(file, "utf8").trimEnd().split("\n").sort();
    expect(delivered).toEqual(ids);
    const statuses = await withTables((tables) =>
      tables.selectFrom("sms").select("status").distinct().execute(),
    );
    for (const { status } of statuses) expect(status).toMatch(/^(sent|delivered)$/);
  });
});
