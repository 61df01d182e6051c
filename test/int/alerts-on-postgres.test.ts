/** The alerts on a PostgreSQL that fails, and in several processes: same rows as on PGlite, each SMS handed over once. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Kysely } from "kysely";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import type { SmsGateway } from "../../platform/sms-gateway/sms-gateway.js";
import { Topic } from "../../schemas/topics.js";
import { type AlertsService, startAlertsService } from "../../services/alerts/alerts-service.js";
import type { AlertsTables } from "../../services/alerts/tables.js";
import { AlertsDesk, migrationsFolder, regions, templates } from "../alerts/alerts-desk.js";
import { manyOutcomes, rowsMade, writtenEntries } from "../alerts/many-outcomes.js";
import { entries } from "../alerts/outcome-records.js";
import { TestProcess } from "../contract/child-process.js";
import { type PostgresServer, startPostgres } from "../support/servers/postgres-server.js";
import { type TemporaryPostgres, temporaryPostgres } from "./temporary-postgres.js";

const PERSONS = 60;
const ROUNDS = 8;
const KILLS = 3;
const seed = Number(process.env.KADUN_SEED ?? Math.floor(Math.random() * 2 ** 31));
const program = fileURLToPath(new URL("./alerts-on-postgres.child.ts", import.meta.url));
const logged = entries(manyOutcomes({ persons: PERSONS, rounds: ROUNDS }));

/** On PGlite, undisturbed: what is expected. */
let desk: AlertsDesk;
let expected: Awaited<ReturnType<typeof rowsMade>>;
let server: PostgresServer;
let temporary: TemporaryPostgres;
beforeAll(async () => {
  desk = await AlertsDesk.open();
  await desk.consumeEntries(logged, desk.sink(null));
  expected = await rowsMade(desk.tables);
  writeFileSync(join(desk.folder, "log.json"), writtenEntries(logged));
  server = await startPostgres();
});
afterAll(async () => {
  await desk.close();
  await server.close();
});
beforeEach(async () => {
  temporary = await temporaryPostgres(server.url);
});
afterEach(() => temporary.remove());

const toSend = () => expected.sms.filter(({ reason }) => reason === null).map(({ sms_id }) => sms_id);

async function rows() {
  const database = await openPostgresDatabase({ url: temporary.url });
  const made = await rowsMade(new Kysely<AlertsTables>({ dialect: database.dialect }));
  await database.close();
  return made;
}

async function statusesOf(smsIds: readonly string[]): Promise<readonly string[]> {
  const database = await openPostgresDatabase({ url: temporary.url });
  const tables = new Kysely<AlertsTables>({ dialect: database.dialect });
  const found = await tables.selectFrom("sms").select(["sms_id", "status"]).execute();
  await database.close();
  return smsIds.map((smsId) => found.find(({ sms_id }) => sms_id === smsId)!.status);
}

/** Delivers each SMS once, as an operator's gateway that knows the ids. */
function knowingGateway(): SmsGateway & { readonly delivered: Set<string> } {
  const delivered = new Set<string>();
  return {
    delivered,
    send: async ({ smsId }) => {
      const receipt = delivered.has(smsId) ? "known" : "accepted";
      delivered.add(smsId);
      return { receipt, providerId: null };
    },
    close: async () => {},
  };
}

interface Running {
  readonly service: AlertsService;
  readonly retries: () => number;
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

async function start(gateway: SmsGateway): Promise<Running> {
  const world = new MemoryLogWorld({ [Topic.DECISIONS]: 1 }, { clock: systemClock });
  world.append(Topic.DECISIONS, 0, logged);
  const log = new MemoryEventLog(world);
  const database: OpenDatabase = await openPostgresDatabase({ url: temporary.url });
  let retries = 0;
  const logger = { ...silentLogger, warn: () => void retries++ };
  const service = await startAlertsService({
    log,
    database,
    migrationsFolder,
    gateway,
    contactOf: async () => ({ phone: "13812341234" }),
    templates,
    regions,
    smsStaleAfterMs: null,
    clock: systemClock,
    logger: { ...logger, with: () => logger },
    metrics: noMetrics,
  });
  return {
    service,
    retries: () => retries,
    caughtUp: () => Promise.race([service.ended, caughtUp(service)]),
    close: async () => {
      await service.close();
      await log.close();
      await database.close();
    },
  };
}

async function caughtUp(service: AlertsService): Promise<void> {
  for (;;) {
    const [status] = await service.status();
    const pending = await service.smsPending().catch(() => null); // the server is away
    if (status!.lag === 0 && pending === 0) return;
    await wait(20);
  }
}

describe("alerts on a PostgreSQL that fails", () => {
  it(`killed in the middle of batches: nothing is lost or doubled (KADUN_SEED=${seed})`, async () => {
    const gateway = knowingGateway();
    const running = await start(gateway);
    const [delays, downs] = [1, 2].map((round) =>
      fc.sample(fc.integer({ min: 0, max: 60 }), { numRuns: KILLS, seed: seed + round }),
    );
    for (let kill = 0; kill < KILLS; kill++) {
      await wait(delays![kill]!);
      await server.kill();
      await wait(downs![kill]!);
      await server.start();
    }
    await running.caughtUp();
    expect(running.retries()).toBeGreaterThan(0);
    await running.close();
    expect(await rows()).toEqual(expected);
    expect([...gateway.delivered].sort()).toEqual(toSend());
  });

  it("away for some seconds: the consumer waits and goes on", async () => {
    const gateway = knowingGateway();
    const running = await start(gateway);
    const before = running.retries();
    await server.stop();
    await wait(3_000);
    const whileAway = running.retries() - before;
    await server.start();
    await running.caughtUp();
    await running.close();
    // Waits of 0.25, 0.5, 1, 2 s: consumer and sender some four times each, not hundreds of times.
    expect(whileAway).toBeGreaterThanOrEqual(2);
    expect(whileAway).toBeLessThanOrEqual(20);
    expect(await rows()).toEqual(expected);
    expect([...gateway.delivered].sort()).toEqual(toSend());
  });
});

describe("two processes of alerts on one partition", () => {
  interface News {
    readonly type: "sms" | "started" | "caught-up";
    readonly smsId: string;
  }

  function startChild() {
    const handedOver: string[] = [];
    const said = new Set<string>();
    const child = TestProcess.start(
      { program, arguments: [temporary.url, join(desk.folder, "log.json")] },
      (news: News) => {
        said.add(news.type);
        if (news.type === "sms") handedOver.push(news.smsId);
      },
    );
    return { child, handedOver, said };
  }

  it("make the rows once and hand each SMS over once", async () => {
    const children = [startChild(), startChild()];
    await Promise.all(children.map(({ child, said }) => child.until(() => said.has("caught-up"))));
    await Promise.all(children.map(({ child }) => child.kill()));
    expect(await rows()).toEqual(expected);
    expect(children.flatMap(({ handedOver }) => handedOver).sort()).toEqual(toSend());
  });

  it("one of them killed while it sends: the other sends the rest, and none of its own once more", async () => {
    const children = [startChild(), startChild()];
    const sender = await Promise.race(
      children.map(async (one) => {
        await one.child.until(() => one.handedOver.length >= 20);
        return one;
      }),
    );
    await sender.child.kill();
    const other = children.find((one) => one !== sender)!;
    await other.child.until(() => other.said.has("caught-up"));
    await other.child.kill();
    expect(await rows()).toEqual(expected);
    const both = sender.handedOver.filter((smsId) => other.handedOver.includes(smsId));
    expect(both).toEqual([]);
    const handedOver = new Set([...sender.handedOver, ...other.handedOver]);
    const missed = toSend().filter((smsId) => !handedOver.has(smsId));
    // Taken by the killed one and not with the gateway yet: nobody knows that, so nobody sends it once more.
    expect(missed.length).toBeLessThanOrEqual(1);
    expect(await statusesOf(missed)).toEqual(missed.map(() => "unknown"));
    expect(other.handedOver.length).toBeGreaterThan(0);
  });
});
