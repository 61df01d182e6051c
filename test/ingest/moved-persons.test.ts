/** The table of persons who moved: what gateways know of it, and what a damaged or old entry costs. */

import { beforeEach, describe, expect, test } from "@jest/globals";
import { MemoryKeyValue } from "../../platform/key-value/memory/memory-key-value.js";
import { type LogFields, silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { MovedKeys } from "../../services/ingest/moved-keys.js";
import { MovedPersons } from "../../services/ingest/moved-persons.js";

const A = "a".repeat(32);
const B = "b".repeat(32);
const C = "c".repeat(32);

let store: MemoryKeyValue;
let errors: (LogFields | undefined)[];
beforeEach(() => {
  store = new MemoryKeyValue();
  errors = [];
});

function open(keysMax?: number): Promise<MovedPersons> {
  const logger = { ...silentLogger, error: (_event: string, fields?: LogFields) => void errors.push(fields) };
  return MovedPersons.open(store, {
    logger,
    metrics: noMetrics,
    ...(keysMax === undefined ? {} : { keysMax }),
  });
}

describe("the table of persons who moved", () => {
  test("places a record under the key its person moved to, the rest of it as it is", async () => {
    const moved = await open();
    await moved.put(A, B);
    const record = { type: "swipe", eventId: "s-1", personKey: A, contentHash: "0" };
    expect(JSON.stringify(moved.placed(record))).toBe(JSON.stringify({ ...record, personKey: B }));
    expect(moved.placed({ ...record, personKey: C })).toMatchObject({ personKey: C });
  });

  test("leaves what the carrier brings where the carrier brings it", async () => {
    const moved = await open();
    await moved.put(A, B);
    for (const type of ["person-state", "carried"])
      expect(moved.placed({ type, personKey: A })).toEqual({ type, personKey: A });
  });

  test("leads over all numbers to the last, whichever was written first and however often", async () => {
    for (const order of [
      [0, 1],
      [1, 0],
      [0, 1, 0],
    ]) {
      store = new MemoryKeyValue();
      const moved = await open();
      for (const which of order)
        await moved.put(
          ...(
            [
              [A, B],
              [B, C],
            ] as const
          )[which]!,
        );
      expect([A, B, C].map((key) => moved.keyOf(key))).toEqual([C, C, C]);
      expect((await open()).keyOf(A)).toBe(C);
    }
  });

  test("is known to a gateway that starts later, and to one that reads it again", async () => {
    const [here, there] = [await open(), await open()];
    await here.put(A, B);
    expect(there.keyOf(A)).toBe(A);
    await there.reload();
    expect(there.keyOf(A)).toBe(B);
    expect((await open()).keyOf(A)).toBe(B);
  });

  test("tells others of an entry whose writer ended before it could", async () => {
    const there = await open();
    await store.put(`moved/${A}`, Buffer.from(B));
    await there.reload();
    expect(there.keyOf(A)).toBe(A);
    await (await open()).put(A, B);
    await there.reload();
    expect(there.keyOf(A)).toBe(B);
  });

  test("that goes in a circle, which is damage, ends", async () => {
    const moved = await open();
    await moved.put(A, B);
    await moved.put(B, A);
    expect([A, B]).toContain(moved.keyOf(A));
  });

  test("leaves out an entry that cannot be read and says so", async () => {
    await (await open()).put(A, B);
    await store.put(`moved/${C}`, Buffer.from("no key"));
    const moved = await open();
    expect([moved.keyOf(A), moved.keyOf(C)]).toEqual([B, C]);
    expect(errors).toEqual([{ count: 1 }]);
  });

  test("takes no more than it has room for: whoever is left out goes by the former key", () => {
    const keys = new MovedKeys(1);
    keys.set(A, C);
    keys.set(B, C);
    expect([keys.keyOf(A), keys.keyOf(B)]).toEqual([C, B]);
  });
});
