/** The sender to the bureau under kill -9: before a report is sent, while the bureau has it, after it was answered. */

import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { Kysely } from "kysely";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import { migrate } from "../../platform/database/migrations.js";
import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import { HolderChannel } from "../../services/alerts/channel/holder-channel.js";
import type { AlertsTables } from "../../services/alerts/tables.js";
import { migrationsFolder } from "../alerts/alerts-desk.js";
import { PERSON } from "../alerts/outcome-records.js";
import { TestProcess } from "../contract/child-process.js";
import { BureauDesk } from "../platform/bureau-channel/bureau-desk.js";
import { type TemporaryPostgres, temporaryPostgres } from "./temporary-postgres.js";

const program = fileURLToPath(new URL("./bureau-sender-on-postgres.child.ts", import.meta.url));
const REPORTS = 5;
/** A minute: a process starts in some seconds, on a busy machine. */
const LOOKS_MAX = 3_000;
const TIMEOUT_MS = 400_000;

let temporary: TemporaryPostgres;
let database: OpenDatabase;
let tables: Kysely<AlertsTables>;
let bureau: BureauDesk;
beforeAll(async () => {
  temporary = await temporaryPostgres();
  database = await openPostgresDatabase({ url: temporary.url });
  await migrate(database.dialect, migrationsFolder);
  tables = new Kysely<AlertsTables>({ dialect: database.dialect });
  bureau = await BureauDesk.open(() => Date.now());
});
afterAll(async () => {
  await bureau.close();
  await database.close();
  await temporary.remove();
});

const isOpen = async () =>
  (await tables.selectFrom("bureau_requests").select("request_id").where("status", "=", "pending").execute())
    .length > 0;

it(
  "has each report with the bureau once, whichever request it is killed in",
  async () => {
    const holder = new HolderChannel(database, systemClock);
    const ids = Array.from({ length: REPORTS }, (_, i) => `q-${i}`);
    for (const requestId of ids)
      await holder.reportLoss({ requestId, personKey: PERSON, credential: "card", decisionId: null });
    let sender: TestProcess | null = null;
    let kills = 0;
    // Of every report the first request is the sender's last: killed while the bureau has it and has not answered.
    bureau.trouble = () => {
      const { key } = bureau.requests.at(-1)!;
      const isFirst = bureau.requests.filter((request) => request.key === key).length === 1;
      if (!isFirst) return null;
      kills++;
      void sender?.kill();
      return "hang";
    };
    for (let starts = 0; (await isOpen()) && starts <= REPORTS; starts++) {
      const killsBefore = kills;
      sender = TestProcess.start({ program, arguments: [temporary.url, bureau.url] }, () => {});
      for (let looks = 0; kills === killsBefore && (await isOpen()) && looks < LOOKS_MAX; looks++)
        await wait(20);
      await sender.kill();
    }
    expect(kills).toBe(REPORTS);
    expect([...bureau.reports.keys()].sort()).toEqual(ids);
    // Each was said twice, in the same words, and answered once.
    expect(bureau.requests.map(({ key }) => key).sort()).toEqual(ids.flatMap((id) => [id, id]));
    for (const { key, body } of bureau.requests) expect(body).toBe(bureau.reports.get(key));
    const requests = await holder.lossRequestsOf(PERSON);
    expect(requests.map(({ status, receiptNo }) => [status, receiptNo]).sort()).toEqual(
      ids.map((id) => ["accepted", `R-${id}`]),
    );
  },
  TIMEOUT_MS,
);
