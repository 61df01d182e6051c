/** The institution register fills in what swipes leave out, at ingest, so that it is in the journal. */

import { afterEach, describe, expect, test } from "@jest/globals";
import { MemoryKeyValue } from "../../platform/key-value/memory/memory-key-value.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { institution } from "../../schemas/institution.js";
import type { CanonicalSwipe } from "../../schemas/journal.js";
import { InstitutionRegister } from "../../services/ingest/institution-register.js";
import { rawSwipe } from "../support/records.js";
import { GatewayWorld, KeptLog, NDJSON } from "./gateway-world.js";
import { KeptMetrics } from "./raw-source-world.js";
import { SlowlyReadKeyValue } from "./slowly-read-key-value.js";

const quiet = { logger: silentLogger, metrics: noMetrics };
let world: GatewayWorld;
afterEach(() => world.close());

const pharmacy = {
  institutionId: "P33010600001",
  name: "益丰大药房文三路店",
  kind: "pharmacy",
  chainId: "YF",
};
const put = (body: unknown) => world.send("PUT", "/v1/institutions", body);
const swipe = (fields = {}) => world.send("POST", "/v1/swipes", rawSwipe(fields));
const swipes = () => world.journal() as CanonicalSwipe[];

describe("the institution register", () => {
  test("gives a swipe name and chain, in the order in which a message's own would be written", async () => {
    world = await GatewayWorld.open();
    expect((await put(pharmacy)).statusCode).toBe(202);
    await swipe({ eventId: "a" });
    await swipe({ eventId: "b", institutionName: pharmacy.name, chainId: "YF" });
    const [filled, own] = swipes();
    expect(filled).toMatchObject({ institutionName: pharmacy.name, chainId: "YF" });
    expect(Object.keys(filled!)).toEqual(Object.keys(own!));
  });

  test("leaves what a message says, and what it does not know", async () => {
    world = await GatewayWorld.open();
    await put({ ...pharmacy, chainId: undefined });
    await swipe({ eventId: "a", institutionName: "门店一" });
    await swipe({ eventId: "b", chainId: "OTHER" });
    await swipe({ eventId: "c", institutionId: "P9" });
    expect(swipes().map(({ institutionName, chainId }) => [institutionName, chainId])).toEqual([
      ["门店一", undefined],
      [pharmacy.name, "OTHER"],
      [undefined, undefined],
    ]);
  });

  test("does not make another message of one that is sent again after a change", async () => {
    world = await GatewayWorld.open();
    await world.judge();
    expect((await world.send("POST", "/v1/authorizations", rawSwipe())).json().duplicate).toBe(false);
    await put(pharmacy);
    const again = await world.send("POST", "/v1/authorizations", rawSwipe());
    expect([again.statusCode, again.json().duplicate]).toEqual([200, true]);
  });

  test("takes many lines, and names those it refuses", async () => {
    world = await GatewayWorld.open();
    const lines = [pharmacy, { ...pharmacy, institutionId: "P2", kind: "clinic" }, "x"];
    const text = lines.map((line) => JSON.stringify(line)).join("\n");
    const response = await world.send("PUT", "/v1/institutions", text, { "content-type": NDJSON });
    expect(response.statusCode).toBe(202);
    expect(response.json()).toMatchObject({
      accepted: 1,
      refused: [
        { line: 2, field: "kind", code: "FIELD_INVALID" },
        { line: 3, code: "JSON_INVALID" },
      ],
    });
  });

  test("is there after a restart", async () => {
    world = await GatewayWorld.open();
    await put(pharmacy);
    const register = await InstitutionRegister.open(world.store, quiet);
    expect(register.find(pharmacy.institutionId)).toEqual(pharmacy);
  });

  test("refuses new entries where it is full, and still takes changes of known ones", async () => {
    world = await GatewayWorld.open();
    const institutions = await InstitutionRegister.open(world.store, { ...quiet, institutionsMax: 1 });
    await world.app.close();
    await world.compose({ gateway: { institutions } });
    const both = `${JSON.stringify(pharmacy)}\n${JSON.stringify({ ...pharmacy, institutionId: "P2" })}`;
    expect((await world.send("PUT", "/v1/institutions", both, { "content-type": NDJSON })).statusCode).toBe(
      507,
    );
    expect((await put(pharmacy)).statusCode).toBe(202);
    const full = await put({ ...pharmacy, institutionId: "P2" });
    expect([full.statusCode, full.json().code]).toEqual([507, "REGISTER_FULL"]);
    expect((await put({ ...pharmacy, name: "新名" })).statusCode).toBe(202);
    expect(institutions.find(pharmacy.institutionId)?.name).toBe("新名");
  });

  test("answers 503 where its store does not take an entry, and does not use it", async () => {
    world = await GatewayWorld.open();
    world.store.failure = new Error("disk full");
    expect((await put(pharmacy)).statusCode).toBe(503);
    await swipe();
    expect(swipes()[0]).not.toHaveProperty("institutionName");
  });
});

describe("the institution registers of two processes", () => {
  const named = (name: string, institutionId = pharmacy.institutionId) => ({
    ...pharmacy,
    kind,
    name,
    institutionId,
  });
  const kind = "pharmacy" as const;

  test("know what the other changed after the next look", async () => {
    const store = new CountedKeyValue();
    const [one, other] = [
      await InstitutionRegister.open(store, quiet),
      await InstitutionRegister.open(store, quiet),
    ];
    await one.put(named("旧名"));
    await one.put(named("另一家", "P2"));
    await other.reload();
    expect([other.find(pharmacy.institutionId)?.name, other.size]).toEqual(["旧名", 2]);
    await other.put(named("新名"));
    await one.reload();
    expect(one.find(pharmacy.institutionId)?.name).toBe("新名");
  });

  test("read the entries only where something changed", async () => {
    const store = new CountedKeyValue();
    const [one, other] = [
      await InstitutionRegister.open(store, quiet),
      await InstitutionRegister.open(store, quiet),
    ];
    await Promise.all([other.reload(), other.reload()]);
    expect(store.readings).toBe(2);
    await one.put(named("新名"));
    for (const _again of [1, 2, 3]) await other.reload();
    expect(store.readings).toBe(3);
  });

  test("are stamped once for many entries put together", async () => {
    const store = new CountedKeyValue();
    const register = await InstitutionRegister.open(store, quiet);
    await Promise.all(Array.from({ length: 500 }, (_, index) => register.put(named("名", `P${index}`))));
    expect(store.writes).toBeLessThanOrEqual(502);
    const again = await InstitutionRegister.open(store, quiet);
    expect(again.size).toBe(500);
  });

  test("keep what was changed here while the store was read", async () => {
    const store = new SlowlyReadKeyValue();
    const register = await InstitutionRegister.open(store, quiet);
    await register.put(named("旧名"));
    const hasRead = store.holdReading();
    const reloaded = register.reload();
    await hasRead;
    await register.put(named("新名"));
    store.goOn();
    await reloaded;
    expect(register.find(pharmacy.institutionId)?.name).toBe("新名");
  });

  test("look again where the store was away", async () => {
    const store = new CountedKeyValue();
    const [one, other] = [
      await InstitutionRegister.open(store, quiet),
      await InstitutionRegister.open(store, quiet),
    ];
    await one.put(named("新名"));
    store.readFailure = new Error("no connection");
    await expect(other.reload()).rejects.toThrow("no connection");
    store.readFailure = null;
    await other.reload();
    expect(other.find(pharmacy.institutionId)?.name).toBe("新名");
  });
});

describe("a damaged entry of the institution register", () => {
  const id = pharmacy.institutionId;
  const key = `institution/${id}`;
  const whole = JSON.stringify(pharmacy);

  async function opened(store: MemoryKeyValue, institutionsMax = 100) {
    const [logger, metrics] = [new KeptLog(), new KeptMetrics()];
    const register = await InstitutionRegister.open(store, { logger, metrics, institutionsMax });
    const messages = () => logger.lines.map(({ fields }) => String(fields?.error));
    return { register, logger, messages, damaged: () => metrics.of("kadun_ingest_institutions_damaged", {}) };
  }

  test.each([
    ["no JSON", whole.slice(0, -3), "expected JSON in UTF-8"],
    ["no UTF-8", Buffer.from(whole.replace("益", "\u00e9"), "latin1"), "found other bytes"],
    ["empty", "", "expected JSON in UTF-8"],
    ["no institution", JSON.stringify({ ...pharmacy, kind: "clinic" }), "kind: "],
    ["another's", JSON.stringify({ ...pharmacy, institutionId: "P2" }), "the institution of its key"],
  ])(
    "that is %s is named with the next step, and left out: the gateway starts",
    async (_what, bytes, told) => {
      const store = new MemoryKeyValue();
      await store.put(key, Buffer.from(bytes));
      await store.put("institution/P3", Buffer.from(JSON.stringify({ ...pharmacy, institutionId: "P3" })));
      const { register, logger, messages, damaged } = await opened(store);
      expect([register.find(id), register.find("P3")?.name]).toEqual([undefined, pharmacy.name]);
      expect(logger.lines.map(({ event }) => event)).toEqual(["ingest.institution-damaged"]);
      expect(messages()[0]).toContain(`${key} (SHA-256 of the id: b86a2742d439c9dd): damaged`);
      expect(messages()[0]).toContain(told);
      expect(messages()[0]).toContain("PUT /v1/institutions");
      expect(messages()[0]!.length).toBeLessThan(300);
      expect(damaged()).toBe(1);
    },
  );

  test("is mended by the next PUT of its institution, even where the register is full", async () => {
    const store = new MemoryKeyValue();
    await store.put(key, Buffer.from("{"));
    await store.put("institution/P3", Buffer.from(JSON.stringify({ ...pharmacy, institutionId: "P3" })));
    const { register, damaged } = await opened(store, 1);
    expect([register.hasRoomFor(id), register.hasRoomFor("P4")]).toEqual([true, false]);
    await register.put(institution.parse(pharmacy));
    expect([register.find(id), damaged()]).toEqual([pharmacy, 0]);
    const after = await opened(store);
    expect([after.register.find(id), after.damaged(), after.logger.lines]).toEqual([pharmacy, 0, []]);
  });

  test("keeps what was known of it, and is logged once however often the store is read", async () => {
    const store = new MemoryKeyValue();
    const { register, logger, damaged } = await opened(store);
    await register.put(institution.parse(pharmacy));
    const other = await InstitutionRegister.open(store, quiet);
    await store.put(key, Buffer.from("{"));
    for (const institutionId of ["P2", "P3"]) {
      await other.put(institution.parse({ ...pharmacy, institutionId }));
      await register.reload();
    }
    expect([register.find(id), register.size, damaged(), logger.lines.length]).toEqual([pharmacy, 3, 1, 1]);
    await other.put(institution.parse(pharmacy));
    await register.reload();
    expect(damaged()).toBe(0);
  });

  test("does not fill the log where all are damaged", async () => {
    const store = new MemoryKeyValue();
    for (let index = 0; index < 50; index++) await store.put(`institution/P${index}`, Buffer.from("{"));
    const { logger, damaged } = await opened(store);
    expect([damaged(), logger.lines.length]).toEqual([50, 20]);
  });
});

/** Counts how often all entries are read, and what is written. */
class CountedKeyValue extends MemoryKeyValue {
  readings = 0;
  writes = 0;
  readFailure: Error | null = null;

  override async *entries(prefix: string) {
    this.readings += 1;
    if (this.readFailure !== null) throw this.readFailure;
    yield* super.entries(prefix);
  }

  override put(key: string, value: Uint8Array): Promise<void> {
    this.writes += 1;
    return super.put(key, value);
  }
}
