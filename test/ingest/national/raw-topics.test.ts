/** Requests of the national platform in the raw topics. */

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import {
  nationalSamples,
  nestedPurchase,
  nestedText,
  PERSON,
  purchase,
  request,
} from "../../support/national.js";
import { rawSwipe } from "../../support/records.js";
import { FACTS, KeptMetrics, RawWorld, STATUSES, SWIPES } from "../raw-source-world.js";

let world: RawWorld;
beforeEach(() => {
  world = new RawWorld();
});
afterEach(() => world.close());

const sample = (name: string) => nationalSamples.find((each) => each.name === name)!.envelope;

test("all of them are taken among the swipes, beside Kadun's own records", async () => {
  const admission = sample("2401-admission");
  const settle = sample("2102-pharmacy-settle");
  world.send(SWIPES, 0, [rawSwipe({ eventId: "own" }), settle, admission]);
  await world.process();
  await world.groups.until(`${SWIPES}/0`, 3);
  expect(world.eventIds().sort()).toEqual([settle.msgid, admission.msgid, "own"].sort());
  expect(await world.letters()).toEqual([]);
});

test("the other topics take those of their own type", async () => {
  const admission = sample("2401-admission");
  world.send(FACTS, 0, [admission, sample("2102-pharmacy-settle")]);
  world.send(STATUSES, 0, [admission]);
  await world.process();
  await Promise.all([world.groups.until(`${FACTS}/0`, 2), world.groups.until(`${STATUSES}/0`, 1)]);
  expect(world.eventIds()).toEqual([admission.msgid]);
  expect((await world.letters()).map(({ code, field, source }) => [code, field, source]).sort()).toEqual([
    ["TYPE_UNEXPECTED", "infno", `${STATUSES}/0/0`],
    ["TYPE_UNEXPECTED", "infno", `${FACTS}/0/1`],
  ]);
});

test("one that is refused is parked by its path and holds up nothing", async () => {
  const bad = [request("9999", {}), purchase("2102", { medfee_sumamt: "ten" }, { msgid: "m-bad" })];
  world.send(SWIPES, 0, [...bad, purchase("2102", {}, { msgid: "m-good" })]);
  await world.process();
  await world.groups.until(`${SWIPES}/0`, 3);
  expect(world.eventIds()).toEqual(["m-good"]);
  expect((await world.letters()).map(({ code, field }) => `${code} ${field}`).sort()).toEqual([
    "FIELD_INVALID input.druginfo.medfee_sumamt",
    "TRANSACTION_UNKNOWN infno",
  ]);
});

test("one that nests endlessly is parked too, in the platform's words and in Kadun's own", async () => {
  const own = JSON.stringify(rawSwipe({ eventId: "deep", x: "NESTED" })).replace(
    '"NESTED"',
    nestedText(4000),
  );
  world.send(SWIPES, 0, [nestedPurchase(4000), own, rawSwipe({ eventId: "good" })]);
  const { failures } = await world.process();
  await world.groups.until(`${SWIPES}/0`, 3);
  expect(failures).toEqual([]);
  expect(world.eventIds()).toEqual(["good"]);
  expect((await world.letters()).map(({ code, field }) => `${code} ${field}`)).toEqual([
    expect.stringMatching(/^FIELD_INVALID input\.druginfo\.x(\.0)+$/),
    expect.stringMatching(/^FIELD_INVALID x(\.0)+$/),
  ]);
});

test("one that is no record is skipped and counted, wherever it is sent", async () => {
  const metrics = new KeptMetrics();
  world.send(SWIPES, 0, [request("2204", {}), purchase("2102", {}, { msgid: "good" })]);
  world.send(STATUSES, 0, [request("2503", {})]);
  await world.process({ metrics });
  await Promise.all([world.groups.until(`${SWIPES}/0`, 2), world.groups.until(`${STATUSES}/0`, 1)]);
  expect(world.eventIds()).toEqual(["good"]);
  expect(await world.letters()).toEqual([]);
  for (const topic of [SWIPES, STATUSES])
    expect(metrics.of("kadun_ingest_raw_records_total", { topic, result: "skipped" })).toBe(1);
});

test("a settlement and its cancel by setl_id may come in one batch", async () => {
  const settle = purchase("2102", {}, { msgid: "m-settle", output: { setlinfo: { setl_id: "S-1" } } });
  const cancel = request("2103", { data: { psn_no: PERSON, setl_id: "S-1" } }, { msgid: "m-cancel" });
  world.send(SWIPES, 0, [settle, cancel]);
  await world.process();
  await world.groups.until(`${SWIPES}/0`, 2);
  expect(world.eventIds()).toEqual(["m-settle", "m-cancel"]);
  expect(await world.letters()).toEqual([]);
});
