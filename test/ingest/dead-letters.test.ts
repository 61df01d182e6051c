/** Refused records: kept whole and sealed, driven again after a correction, each once. */

import { afterEach, describe, expect, test } from "@jest/globals";
import type { CanonicalSwipe } from "../../schemas/journal.js";
import { Topic } from "../../schemas/topics.js";
import { ORIGINAL_BYTES_MAX } from "../../services/ingest/dead-letter.js";
import type { ListedLetter } from "../../services/ingest/dead-letters.js";
import { refusal } from "../../services/ingest/refusal.js";
import { at, rawSwipe, START_MS } from "../support/records.js";
import { GatewayWorld } from "./gateway-world.js";

let world: GatewayWorld;
afterEach(() => world.close());

async function listed(from?: number, max?: number): Promise<ListedLetter[]> {
  const letters: ListedLetter[] = [];
  for await (const letter of world.deadLetters.list(from, max)) letters.push(letter);
  return letters;
}

const redrive = (fields: Partial<Parameters<typeof world.deadLetters.redrive>[0]> = {}) =>
  world.deadLetters.redrive({
    accept: (original, expects) => world.intake.accept(original, expects),
    append: (record) => world.intake.append(record),
    ...fields,
  });

/** Accepts what lacks nothing but a valid amount, as a release with a correction would. */
const corrected: Parameters<typeof world.deadLetters.redrive>[0]["accept"] = (original, expects) => {
  const text = Buffer.from(original).toString("utf8").replace('"totalFen":-1', '"totalFen":1');
  return world.intake.accept(Buffer.from(text), expects);
};

const bad = (eventId: string) => rawSwipe({ eventId, personId: "330102199001011234", totalFen: -1 });

describe("dead letters", () => {
  test("hold the bytes as they came, with why, where from and when", async () => {
    world = await GatewayWorld.open();
    const line = ` ${JSON.stringify(bad("a"))} `;
    await world.lines("/v1/swipes", [rawSwipe(), line]);
    const [letter] = await listed();
    expect(letter).toMatchObject({
      offset: 0,
      expects: "swipe",
      code: "FIELD_INVALID",
      field: "totalFen",
      source: "hangzhou",
      position: 2,
      receivedAt: at(START_MS),
      isCut: false,
      isRedriven: false,
    });
    expect(Buffer.from(letter!.original).toString("utf8")).toBe(line);
  });

  test("are nowhere in clear", async () => {
    world = await GatewayWorld.open();
    await world.send("POST", "/v1/swipes", bad("a"));
    await world.send("POST", "/v1/swipes", rawSwipe({ "330102199001011234": { password: "888888" } }));
    expect(await listed()).toHaveLength(2);
    const everything = await world.everything();
    for (const text of ["330102199001011234", "888888", "CARD-0001", "totalFen"])
      expect(everything).not.toContain(text);
  });

  test("of bytes that are no text are kept too", async () => {
    world = await GatewayWorld.open();
    const bytes = Buffer.from([0xff, 0x00, 0xfe, 0x7b]);
    await world.send("POST", "/v1/swipes", bytes);
    expect((await listed()).map(({ code, original }) => [code, Buffer.from(original)])).toEqual([
      ["UTF8_INVALID", bytes],
    ]);
  });

  test("longer than the log takes are cut, and say so", async () => {
    world = await GatewayWorld.open();
    await world.send("POST", "/v1/swipes", `{"x":"${"y".repeat(1_040_000)}"`);
    const [letter] = await listed();
    expect([letter?.isCut, letter?.original.length]).toEqual([true, ORIGINAL_BYTES_MAX]);
  });

  test("are listed in parts", async () => {
    world = await GatewayWorld.open();
    await world.lines(
      "/v1/swipes",
      Array.from({ length: 450 }, (_, index) => `bad ${index}`),
    );
    expect((await listed(448)).map(({ offset }) => offset)).toEqual([448, 449]);
    expect((await listed(1, 2)).map(({ offset }) => offset)).toEqual([1, 2]);
    expect(await listed(450)).toEqual([]);
    expect(await listed()).toHaveLength(450);
  });

  test("driven again after a correction are in the journal, in their order, and only once", async () => {
    world = await GatewayWorld.open();
    await world.lines("/v1/swipes", [bad("a"), "broken", bad("b")]);
    expect(await redrive({ accept: corrected })).toEqual({
      redriven: 2,
      skipped: 0,
      stillRefused: [{ offset: 1, code: "JSON_INVALID", field: "", reason: expect.any(String) }],
    });
    expect(await redrive({ accept: corrected })).toMatchObject({ redriven: 0, skipped: 2 });
    expect(world.journal().map((record) => (record as CanonicalSwipe).eventId)).toEqual(["a", "b"]);
    expect((await listed()).map(({ isRedriven }) => isRedriven)).toEqual([true, false, true]);
  });

  test("still refused stay, with their new reason", async () => {
    world = await GatewayWorld.open();
    await world.send("POST", "/v1/swipes", bad("a"));
    const result = await redrive({ accept: () => refusal("TIME_OUT_OF_RANGE", { field: "occurredAt" }) });
    expect(result.stillRefused).toMatchObject([
      { offset: 0, code: "TIME_OUT_OF_RANGE", field: "occurredAt" },
    ]);
    expect(await redrive({ accept: corrected })).toMatchObject({ redriven: 1 });
  });

  test("sent to a wrong address do not get in by being driven again", async () => {
    world = await GatewayWorld.open();
    await world.send("POST", "/v1/person-facts", rawSwipe());
    expect((await redrive()).stillRefused).toMatchObject([{ code: "TYPE_UNEXPECTED" }]);
    expect(world.journal()).toEqual([]);
  });

  test("whose journal append fails are driven again the next time", async () => {
    world = await GatewayWorld.open();
    await world.send("POST", "/v1/swipes", bad("a"));
    const append = () => Promise.reject(new Error("no room"));
    await expect(redrive({ accept: corrected, append })).rejects.toThrow("no room");
    expect(await redrive({ accept: corrected })).toMatchObject({ redriven: 1, skipped: 0 });
  });

  test("do not open under another key", async () => {
    world = await GatewayWorld.open();
    await world.send("POST", "/v1/swipes", "broken");
    world.vaultKey.fill(7);
    await world.app.close();
    await world.compose();
    await expect(listed()).rejects.toMatchObject({ code: "TAMPERED" });
    expect(world.records(Topic.DEAD_LETTERS, 0)).toHaveLength(1);
  });
});
