/** Raw topics into the journal: nothing lost, nothing skipped, nothing held up. */

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { EventLogError } from "../../platform/event-log/event-log.js";
import type { CanonicalSwipe } from "../../schemas/journal.js";
import { Topic } from "../../schemas/topics.js";
import { at, rawFact, rawStatus, rawSwipe, START_MS } from "../support/records.js";
import { FACTS, KeptMetrics, RawWorld, STATUSES, SWIPES, until } from "./raw-source-world.js";

let world: RawWorld;
beforeEach(() => {
  world = new RawWorld();
});
afterEach(() => world.close());

/** One person: order counts. */
const swipes = (...eventIds: string[]) => eventIds.map((eventId) => rawSwipe({ eventId }));
const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `s-${from + index}`);
/** Positions of the first partition of the swipes that say something was stored. */
const committed = () =>
  world.groups.commits
    .filter(({ place, offset }) => place === `${SWIPES}/0` && offset > 0)
    .map(({ offset }) => offset);
const passing = () => new EventLogError("FAILED", "no answer", { retryable: true });
const lasting = () => new EventLogError("NOT_AUTHORIZED", "may not write the journal");
const heartbeat = { type: "heartbeat", feedId: "33", occurredAt: at(START_MS) };

describe("records of the raw topics", () => {
  test("get into the journal, each type from its topic, and then their position is committed", async () => {
    world.send(SWIPES, 0, swipes("a", "b"));
    world.send(STATUSES, 1, [rawStatus()]);
    world.send(FACTS, 0, [rawFact()]);
    await world.process();
    await Promise.all([
      world.groups.until(`${SWIPES}/0`, 2),
      world.groups.until(`${STATUSES}/1`, 1),
      world.groups.until(`${FACTS}/0`, 1),
    ]);
    expect(world.eventIds().sort()).toEqual(["a", "b", "c-1", "f-1"]);
    expect(JSON.stringify(world.journal())).not.toContain("PERSON-1");
  });

  test("are filled from the register of institutions as at the gateway", async () => {
    const entry = { institutionId: "P33010600001", name: "百姓药店", kind: "pharmacy" };
    await world.store.put("institution/P33010600001", Buffer.from(JSON.stringify(entry)));
    world.send(SWIPES, 0, swipes("a"));
    await world.process();
    await world.groups.until(`${SWIPES}/0`, 1);
    expect((world.journal()[0] as CanonicalSwipe).institutionName).toBe("百姓药店");
  });

  test("are read from the position committed last, from what the topic still holds where none was", async () => {
    world.send(SWIPES, 0, swipes(...numbered(6)));
    world.send(SWIPES, 1, swipes(...numbered(6, 10)));
    world.groups.positions.set(`${SWIPES}/0`, 4);
    world.logs.trim(SWIPES, 1, 3);
    await world.process();
    await Promise.all([world.groups.until(`${SWIPES}/0`, 6), world.groups.until(`${SWIPES}/1`, 6)]);
    expect(world.eventIds().sort()).toEqual(["s-13", "s-14", "s-15", "s-4", "s-5"]);
  });

  test("that arrive later are read as well", async () => {
    await world.process();
    world.send(SWIPES, 0, swipes("a"));
    await world.groups.until(`${SWIPES}/0`, 1);
    world.send(SWIPES, 0, swipes("b"));
    await world.groups.until(`${SWIPES}/0`, 2);
    expect(world.eventIds()).toEqual(["a", "b"]);
  });
});

describe("a bad record", () => {
  test("is parked with its place and its bytes, and holds up nothing", async () => {
    const notText = Buffer.from([0xff, 0x00, 0x7b]);
    world.send(SWIPES, 1, [
      ...swipes("a"),
      rawSwipe({ eventId: "x", totalFen: -1 }),
      "",
      notText,
      '{"type":"swipe"',
      rawStatus(),
      { type: "activation" },
      rawSwipe({ eventId: "y", password: "888888" }),
      "x".repeat(1_048_577),
      ...swipes("b"),
    ]);
    await world.process();
    await world.groups.until(`${SWIPES}/1`, 10);
    expect(world.eventIds()).toEqual(["a", "b"]);
    const letters = await world.letters();
    expect(letters.map(({ code, source }) => [code, source])).toEqual([
      ["FIELD_INVALID", `${SWIPES}/1/1`],
      ["EMPTY", `${SWIPES}/1/2`],
      ["UTF8_INVALID", `${SWIPES}/1/3`],
      ["JSON_INVALID", `${SWIPES}/1/4`],
      ["TYPE_UNEXPECTED", `${SWIPES}/1/5`],
      ["FIELD_INVALID", `${SWIPES}/1/6`],
      ["FIELD_FORBIDDEN", `${SWIPES}/1/7`],
      ["LINE_TOO_LONG", `${SWIPES}/1/8`],
    ]);
    expect(Buffer.from(letters[2]!.original)).toEqual(notText);
    expect(letters.every(({ expects, position }) => expects === "swipe" && position === 1)).toBe(true);
  });

  test("is parked before its position is committed", async () => {
    const { lettersPace } = await world.process();
    const arrived = lettersPace.hold("log.append");
    world.send(SWIPES, 0, ["broken"]);
    await arrived;
    await until(() => true);
    expect(committed()).toEqual([]);
    lettersPace.release();
    await world.groups.until(`${SWIPES}/0`, 1);
  });

  test("is parked again where the dead letters did not take it", async () => {
    const { lettersPace, failures } = await world.process();
    lettersPace.failures.push({ step: "log.append", error: passing() });
    world.send(SWIPES, 0, ["broken"]);
    await world.groups.until(`${SWIPES}/0`, 1);
    expect([await world.letters(), failures]).toMatchObject([[{ code: "JSON_INVALID" }], []]);
  });

  test("longer in the journal than it may be is parked", async () => {
    // Short trace codes become hashes of 16 characters.
    const items = Array.from({ length: 500 }, (_, item) => ({
      code: `${item}`,
      name: "药",
      count: 1,
      amountFen: 1,
      traceCodes: Array.from({ length: 120 }, (_, code) => `${item}-${code}`),
    }));
    world.send(SWIPES, 0, [rawSwipe({ eventId: "long", items }), ...swipes("b")]);
    await world.process();
    await world.groups.until(`${SWIPES}/0`, 2);
    expect((await world.letters()).map(({ code }) => code)).toEqual(["RECORD_TOO_LONG"]);
    expect(world.eventIds()).toEqual(["b"]);
  });

  test("of a heartbeat is driven again as a heartbeat", async () => {
    world.send(STATUSES, 0, [{ ...heartbeat, feedId: 33 }, "broken"]);
    await world.process();
    await world.groups.until(`${STATUSES}/0`, 2);
    expect((await world.letters()).map(({ expects }) => expects)).toEqual(["heartbeat", "card-status"]);
  });

  test("corrected is driven again into the journal, once", async () => {
    world.send(SWIPES, 0, [rawSwipe({ eventId: "x", totalFen: -1 })]);
    const { deadLetters, intake } = await world.process();
    await world.groups.until(`${SWIPES}/0`, 1);
    const redrive = () =>
      deadLetters.redrive({
        accept: (original, expects) =>
          intake.accept(
            Buffer.from(Buffer.from(original).toString().replace('"totalFen":-1', '"totalFen":1')),
            expects,
          ),
        append: (record) => intake.append(record),
      });
    expect([await redrive(), await redrive()]).toMatchObject([{ redriven: 1 }, { redriven: 0, skipped: 1 }]);
    expect(world.eventIds()).toEqual(["x"]);
  });
});

describe("a journal that does not take a record", () => {
  test("for a passing reason is tried again, with the order of each person kept", async () => {
    const { journalPace, failures, logger } = await world.process({ limits: { batchRecordsMax: 50 } });
    for (let failure = 0; failure < 7; failure++)
      journalPace.failures.push({ step: failure % 2 ? "log.acknowledge" : "log.append", error: passing() });
    const persons = ["A", "B", "C", "D"];
    const sent = numbered(120).map((eventId, index) => rawSwipe({ eventId, personId: persons[index % 4] }));
    world.send(SWIPES, 0, sent);
    await world.groups.until(`${SWIPES}/0`, 120);
    expect(failures).toEqual([]);
    // Steps that failed after they had landed are there twice; the first of each counts.
    const first = [...new Set(world.eventIds())];
    expect(first).toHaveLength(120);
    for (const [index] of persons.entries()) {
      const ofPerson = numbered(120).filter((_, each) => each % 4 === index);
      expect(first.filter((eventId) => ofPerson.includes(eventId))).toEqual(ofPerson);
    }
    expect(logger.lines.some(({ event }) => event === "ingest.raw-retries")).toBe(true);
  });

  test("is shown as trouble until it takes the record", async () => {
    const metrics = new KeptMetrics();
    const { journalPace, source } = await world.process({ metrics, limits: { backoffFirstMs: 20 } });
    journalPace.failures.push({ step: "log.append", error: passing() });
    world.send(SWIPES, 0, swipes("a"));
    const trouble = () => source.status().topics.find(({ topic }) => topic === SWIPES)!.trouble;
    await until(() => trouble() !== null);
    expect(trouble()).toMatchObject({ error: { code: "FAILED" }, sinceMs: expect.any(Number) });
    expect(committed()).toEqual([]);
    await world.groups.until(`${SWIPES}/0`, 1);
    await until(() => trouble() === null);
    expect(metrics.of("kadun_ingest_raw_retries_total", { topic: SWIPES })).toBe(1);
  });

  test("for a lasting reason ends the source, once, and nothing is committed", async () => {
    const { journalPace, source, failures } = await world.process();
    journalPace.failures.push(
      { step: "log.append", error: lasting() },
      { step: "log.append", error: lasting() },
    );
    world.send(SWIPES, 0, swipes("a", "b"));
    world.send(STATUSES, 0, [rawStatus()]);
    await until(() => failures.length > 0);
    await source.close();
    expect(failures).toMatchObject([{ code: "NOT_AUTHORIZED" }]);
    expect(source.status().failure).toBe(failures[0]);
    expect(committed()).toEqual([]);
  });

  test("ends the source also while other records wait for what may pass", async () => {
    const { journalPace, failures } = await world.process({
      limits: { backoffFirstMs: 60_000, backoffMaxMs: 60_000 },
    });
    journalPace.failures.push(
      { step: "log.append", error: passing() },
      { step: "log.append", error: lasting() },
    );
    world.send(
      SWIPES,
      0,
      // Persons of both partitions of the journal.
      numbered(40).map((eventId) => rawSwipe({ eventId, personId: `PERSON-${eventId}` })),
    );
    await until(() => failures.length > 0);
    expect(failures).toMatchObject([{ code: "NOT_AUTHORIZED" }]);
  });

  test("for want of room waits, and leaves to the gateway what is the gateway's", async () => {
    const { journalPace, writer, failures } = await world.process({
      queueRecordsMax: 20,
      limits: { batchRecordsMax: 4, roomKeptRecords: 10, roomWaitMs: 1 },
    });
    const arrived = journalPace.hold("log.append");
    const persons = numbered(40).map((eventId) => rawSwipe({ eventId, personId: eventId }));
    for (const topic of [SWIPES, SWIPES]) world.send(topic, 0, persons);
    world.send(SWIPES, 1, persons);
    await arrived;
    for (let turns = 0; turns < 50; turns++) await new Promise((done) => setTimeout(done, 1));
    expect(writer.depth).toBeLessThanOrEqual(10);
    expect(writer.hasRoomFor(10)).toBe(true);
    journalPace.release();
    await Promise.all([world.groups.until(`${SWIPES}/0`, 80), world.groups.until(`${SWIPES}/1`, 40)]);
    expect([new Set(world.eventIds()).size, failures]).toEqual([40, []]);
  });

  test("with a queue too short for any batch is refused at the start", async () => {
    await expect(world.process({ queueRecordsMax: 100 })).rejects.toMatchObject({
      code: "QUEUE_TOO_SMALL",
      message: expect.stringContaining("5500"),
    });
  });
});

describe("a raw topic", () => {
  test("that no longer holds the position ends the source with what to do", async () => {
    world.send(SWIPES, 0, swipes(...numbered(9)));
    world.logs.trim(SWIPES, 0, 5);
    world.groups.positions.set(`${SWIPES}/0`, 2);
    const { failures } = await world.process();
    await until(() => failures.length > 0);
    expect(failures).toMatchObject([
      {
        code: "OFFSET_OUT_OF_RANGE",
        message: expect.stringMatching(
          /kadun\.swipes\.raw\/0: .*offset 2, the topic holds 5 to 9.*reset-offsets/s,
        ),
      },
    ]);
    expect(world.eventIds()).toEqual([]);
  });

  test("shorter than the position, as one made anew, ends the source too", async () => {
    world.groups.positions.set(`${SWIPES}/1`, 70);
    const { failures } = await world.process();
    await until(() => failures.length > 0);
    expect(failures).toMatchObject([{ code: "OFFSET_OUT_OF_RANGE" }]);
  });

  test("that cannot be read for a while is read on from where it was", async () => {
    const { rawPace, failures } = await world.process();
    world.send(SWIPES, 0, swipes("a"));
    await world.groups.until(`${SWIPES}/0`, 1);
    for (const step of ["log.read", "log.open", "log.read"] as const)
      rawPace.failures.push({ step, error: passing() });
    world.send(SWIPES, 0, swipes("b"));
    await world.groups.until(`${SWIPES}/0`, 2);
    expect([world.eventIds(), failures]).toEqual([["a", "b"], []]);
  });

  test("says how far behind it is", async () => {
    const metrics = new KeptMetrics();
    const { journalPace, source } = await world.process({ metrics, limits: { lagEveryMs: 1 } });
    const arrived = journalPace.hold("log.append");
    world.send(SWIPES, 0, swipes("a", "b", "c"));
    await arrived;
    const lag = () => metrics.of("kadun_ingest_raw_lag_records", { topic: SWIPES });
    await until(() => lag() === 3);
    expect(source.status().topics[0]).toEqual({
      topic: SWIPES,
      partitions: [0, 1],
      lagRecords: 3,
      trouble: null,
    });
    expect(metrics.of("kadun_ingest_raw_partitions", { topic: SWIPES })).toBe(2);
    journalPace.release();
    await until(() => lag() === 0);
  });
});

describe("a position", () => {
  test("that the group does not take is committed again", async () => {
    const { failures } = await world.process();
    await until(() => world.groups.members.length === 3);
    world.groups.failures.push(passing(), new EventLogError("NOT_ASSIGNED", "a new generation"));
    world.send(SWIPES, 0, swipes("a"));
    await world.groups.until(`${SWIPES}/0`, 1);
    expect([world.eventIds(), failures]).toEqual([["a"], []]);
  });

  test("is committed as seldom as it is said to, and at the end", async () => {
    const { source } = await world.process({ limits: { commitEveryMs: 3_600_000 } });
    world.send(SWIPES, 0, swipes("a"));
    await until(() => world.eventIds().length === 1);
    world.send(SWIPES, 0, swipes("b"));
    await until(() => world.eventIds().length === 2);
    expect(committed()).toEqual([]);
    await source.close();
    expect(committed()).toEqual([2]);
  });

  test("is committed before the first record: what is deleted unread later is missed", async () => {
    world.send(SWIPES, 0, swipes("a", "b"));
    world.logs.trim(SWIPES, 0, 2);
    await world.process();
    await world.groups.until(`${SWIPES}/0`, 2);
    expect(committed()).toEqual([2]);
  });
});

describe("a partition that was taken away", () => {
  test("is neither read on nor committed, and the next process reads again what was not", async () => {
    const { journalPace, source } = await world.process({ assigned: [0] });
    const arrived = journalPace.hold("log.append");
    world.send(SWIPES, 0, swipes("a", "b"));
    await arrived;
    world.groups.memberOf(SWIPES).assign([]);
    expect(source.status().topics[0]!.partitions).toEqual([]);
    journalPace.release();
    await until(() => world.eventIds().length === 1);
    world.send(SWIPES, 0, swipes("c"));
    await world.process({ assigned: [0] });
    await world.groups.until(`${SWIPES}/0`, 3);
    await source.close();
    expect(world.eventIds()).toEqual(["a", "a", "b", "c"]);
    expect(committed()).toEqual([3]);
  });

  test("while the process stood still gets no record from it, though nobody has told it yet", async () => {
    const { journalPace, source, failures } = await world.process({ assigned: [0] });
    const arrived = journalPace.hold("log.append");
    world.send(SWIPES, 0, swipes("a", "b", "c"));
    await arrived;
    const member = world.groups.memberOf(SWIPES);
    member.isSure = false;
    journalPace.release();
    // "a" was on its way before the pause; "b" finds out.
    const trouble = () => source.status().topics.find(({ topic }) => topic === SWIPES)!.trouble;
    await until(() => trouble() !== null);
    expect(trouble()).toMatchObject({ error: { code: "NOT_ASSIGNED" } });
    expect(world.eventIds()).toEqual(["a"]);
    member.assign([]);
    await world.process({ assigned: [0] });
    await world.groups.until(`${SWIPES}/0`, 3);
    expect([world.eventIds(), failures]).toEqual([["a", "a", "b", "c"], []]);
  });

  test("is read on where it stood where a pause was short enough: the group says that it still is this process's", async () => {
    const { source } = await world.process({ assigned: [0] });
    const member = world.groups.memberOf(SWIPES);
    member.isSure = false;
    world.send(SWIPES, 0, swipes("a", "b"));
    await until(() => source.status().topics.some(({ trouble }) => trouble !== null));
    expect(world.eventIds()).toEqual([]);
    member.isSure = true;
    await world.groups.until(`${SWIPES}/0`, 2);
    expect(world.eventIds()).toEqual(["a", "b"]);
  });

  test("and comes back begins where it was committed, once what was under way has ended", async () => {
    const { journalPace } = await world.process({ assigned: [0] });
    const arrived = journalPace.hold("log.append");
    world.send(SWIPES, 0, swipes("a"));
    await arrived;
    const member = world.groups.memberOf(SWIPES);
    member.assign([]);
    member.assign([0]);
    journalPace.release();
    await world.groups.until(`${SWIPES}/0`, 1);
    expect(world.eventIds()).toEqual(["a", "a"]);
  });

  test("in the middle of trouble is given up at once", async () => {
    const { journalPace, failures } = await world.process({
      limits: { backoffFirstMs: 60_000, backoffMaxMs: 60_000 },
    });
    journalPace.failures.push({ step: "log.append", error: passing() });
    world.send(SWIPES, 0, swipes("a"));
    await until(() => journalPace.failures.length === 0);
    const member = world.groups.memberOf(SWIPES);
    member.assign([1]);
    member.assign([0, 1]);
    await world.groups.until(`${SWIPES}/0`, 1);
    expect([world.eventIds(), failures]).toEqual([["a"], []]);
  });
});

describe("an orderly end", () => {
  test("stores and commits what was read, gives the partitions back and reads nothing more", async () => {
    const { journalPace, source } = await world.process({ limits: { batchRecordsMax: 2 } });
    const arrived = journalPace.hold("log.append");
    world.send(SWIPES, 0, swipes("a", "b", "c"));
    await arrived;
    const closed = source.close();
    journalPace.release();
    await closed;
    await source.close();
    expect(world.eventIds()).toEqual(["a", "b"]);
    expect(committed()).toEqual([2]);
    expect(world.groups.members.every(({ hasLeft }) => hasLeft)).toBe(true);
  });

  test("does not wait longer than it may, and commits nothing of what is not durable", async () => {
    const { journalPace, source } = await world.process({ limits: { closeTimeoutMs: 10 } });
    const arrived = journalPace.hold("log.append");
    world.send(SWIPES, 0, swipes("a"));
    await arrived;
    await source.close();
    expect(world.groups.memberOf(SWIPES).hasLeft).toBe(true);
    journalPace.release();
    await until(() => world.eventIds().length === 1);
    expect(committed()).toEqual([]);
  });

  test("of a source with a topic that does not exist leaves no group joined", async () => {
    const groups = world.groups;
    const join = groups.join(() => []);
    const refuse: typeof join = (options) =>
      options.topic === FACTS ? Promise.reject(new EventLogError("TOPIC_UNKNOWN", "unknown")) : join(options);
    groups.join = () => refuse;
    await expect(world.process()).rejects.toMatchObject({ code: "TOPIC_UNKNOWN" });
    expect(groups.members.map(({ hasLeft }) => hasLeft)).toEqual([true, true]);
  });
});

test("records counted by result", async () => {
  const metrics = new KeptMetrics();
  world.send(SWIPES, 0, [...swipes("a", "b"), "broken"]);
  await world.process({ metrics });
  await world.groups.until(`${SWIPES}/0`, 3);
  const count = (result: string) => metrics.of("kadun_ingest_raw_records_total", { topic: SWIPES, result });
  expect([count("accepted"), count("parked")]).toEqual([2, 1]);
  expect(world.logs.bounds(Topic.DEAD_LETTERS, 0).end).toBe(1);
});
