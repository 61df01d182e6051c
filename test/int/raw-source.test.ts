/** Ingest from Kafka: processes that share the raw topics, come, go and are killed. */

import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import { deleteTopics } from "../../platform/event-log/kafka/create-topics.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { MemoryStateStore } from "../../platform/state-store/memory/memory-state-store.js";
import { MemoryStateWorld } from "../../platform/state-store/memory/memory-state-world.js";
import type { CanonicalSwipe, JournalRecord } from "../../schemas/journal.js";
import { decodeJournalBody, decodeOutcomeBody, encodeBody } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { Topic } from "../../schemas/topics.js";
import { openLivePartition } from "../../services/detector/detector.js";
import { acceptBytes, isRefusal } from "../../services/ingest/accept.js";
import type { ListedLetter } from "../../services/ingest/dead-letters.js";
import type { RawSourceLimits } from "../../services/ingest/raw-source-options.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { TestProcess } from "../contract/child-process.js";
import { defaultBundle } from "../support/judge.js";
import { firstActivation, LiveWorld } from "../support/live-partition.js";
import { at, rawFact, rawStatus, rawSwipe, START_MS } from "../support/records.js";
import { addresses } from "../support/servers/addresses.js";
import { type IngestPlace, type IngestProcess, openIngest } from "./ingest-on-kafka.js";
import { makeTopics, openRenamedLog, optionsOf, randomSuffix } from "./kafka-event-log-under-test.js";

const CHILD = fileURLToPath(new URL("./raw-source.child.ts", import.meta.url));
const SWIPES = "kadun.swipes.raw";
const STATUSES = "kadun.card-status.raw";
const FACTS = "kadun.person-facts.raw";
const JOURNAL_PARTITIONS = 2;
const PARTITIONS: Readonly<Record<string, number>> = {
  [SWIPES]: 4,
  [STATUSES]: 2,
  [FACTS]: 2,
  [Topic.JOURNAL]: JOURNAL_PARTITIONS,
  [Topic.DECISIONS]: JOURNAL_PARTITIONS,
  [Topic.DEAD_LETTERS]: 1,
};
const UNTIL_MS = 40_000;

let cluster: KafkaCluster;
let place: IngestPlace;
let log: EventLog;
let producers: Map<string, Awaited<ReturnType<EventLog["producer"]>>>;
let processes: IngestProcess[] = [];
let children: TestProcess[] = [];
let failures: unknown[] = [];
const suffixes: string[] = [];

beforeAll(async () => {
  cluster = await KafkaCluster.open(optionsOf(addresses().kafka));
});
afterAll(async () => {
  const topics = suffixes.flatMap((suffix) => Object.keys(PARTITIONS).map((topic) => `${topic}.${suffix}`));
  await deleteTopics(cluster, topics);
  await cluster.close();
});

beforeEach(async () => {
  place = { bootstrap: addresses().kafka, suffix: randomSuffix(), boxKey: randomBytes(32).toString("hex") };
  suffixes.push(place.suffix);
  const topics = Object.entries(PARTITIONS);
  await makeTopics(
    cluster,
    topics.map(([topic, partitions]) => ({ topic: `${topic}.${place.suffix}`, partitions })),
  );
  log = await openRenamedLog(place);
  producers = new Map();
  for (const topic of [SWIPES, STATUSES, FACTS]) producers.set(topic, await log.producer(topic));
  failures = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => child.kill()));
  await Promise.all(processes.map((each) => each.close()));
  children = [];
  processes = [];
  await log.close();
});

async function ingest(limits: Partial<RawSourceLimits> = {}): Promise<IngestProcess> {
  const opened = await openIngest(place, { lagEveryMs: 100, ...limits }, (error) => failures.push(error));
  processes.push(opened);
  return opened;
}

async function send(topic: string, partition: number, messages: readonly (object | string)[]): Promise<void> {
  const entries = messages.map((message) => ({
    key: "the source's",
    value: Buffer.from(typeof message === "string" ? message : JSON.stringify(message)),
    header: new Uint8Array(0),
  }));
  await producers.get(topic)!.append(partition, entries);
}

/** Polls, as what it waits for happens in other processes. */
async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + UNTIL_MS;
  while (!(await isTrue())) {
    if (failures.length > 0) throw failures[0];
    if (performance.now() > deadlineMs) throw new Error(`not within ${UNTIL_MS} ms`);
    await systemClock.sleep(20);
  }
}

async function recordsOf(topic: string): Promise<LoggedRecord[][]> {
  return Promise.all(
    Array.from({ length: PARTITIONS[topic]! }, async (_, partition) => {
      const { end } = await log.bounds(topic, partition);
      const reader = await log.reader(topic, partition, 0);
      const records: LoggedRecord[] = [];
      while (records.length < end)
        records.push(...(await reader.read({ recordsMax: 2000, bytesMax: 8 << 20, waitMs: 500 })));
      await reader.close();
      return records.slice(0, end);
    }),
  );
}

async function journal(): Promise<JournalRecord[]> {
  return (await recordsOf(Topic.JOURNAL)).flat().map(({ value }) => decodeJournalBody(value));
}

async function journalLength(): Promise<number> {
  const partitions = Array.from({ length: JOURNAL_PARTITIONS }, (_, partition) => partition);
  const bounds = await Promise.all(partitions.map((partition) => log.bounds(Topic.JOURNAL, partition)));
  return bounds.reduce((sum, { end }) => sum + end, 0);
}

const eventIdOf = (record: JournalRecord) => (record as CanonicalSwipe).eventId;
const share = ({ source }: IngestProcess, topic: string) =>
  source.status().topics.find((status) => status.topic === topic)!.partitions;
const isShared = (sharing: readonly IngestProcess[]) =>
  [SWIPES, STATUSES, FACTS].every((topic) => {
    const shares = sharing.map((each) => share(each, topic));
    return shares.every(({ length }) => length > 0) && shares.flat().length === PARTITIONS[topic];
  });
const isCaughtUp = (each: IngestProcess) =>
  each.source.status().topics.every(({ lagRecords }) => lagRecords === 0);

async function lettersOf({ deadLetters }: IngestProcess): Promise<ListedLetter[]> {
  const letters: ListedLetter[] = [];
  for await (const letter of deadLetters.list()) letters.push(letter);
  return letters;
}

/** Judges the journal on Kafka up to its present end. @returns what the decisions topic then holds. */
async function judge(): Promise<LoggedOutcome[]> {
  const judging = await openRenamedLog(place);
  try {
    const producer = await judging.producer(Topic.DECISIONS);
    for (let partition = 0; partition < JOURNAL_PARTITIONS; partition++) {
      const live = await openLivePartition(
        {
          log: judging,
          producer,
          store: new MemoryStateStore(new MemoryStateWorld()),
          clock: systemClock,
          logger: silentLogger,
          metrics: noMetrics,
          bundles: { load: async () => defaultBundle.bundle },
          ownerId: "judge",
        },
        partition,
      );
      const stop = new AbortController();
      const running = live.run(stop.signal);
      const { end } = await log.bounds(Topic.JOURNAL, partition);
      await until(() => live.status.judgedOffset >= end - 1);
      stop.abort();
      await running;
    }
  } finally {
    await judging.close();
  }
  return (await recordsOf(Topic.DECISIONS)).flat().map(({ value }) => decodeOutcomeBody(value));
}

async function beginJournal(): Promise<void> {
  const producer = await log.producer(Topic.JOURNAL);
  const activation = { key: "", value: encodeBody(firstActivation), header: new Uint8Array(0) };
  for (let partition = 0; partition < JOURNAL_PARTITIONS; partition++)
    await producer.append(partition, [activation]);
  await producer.close();
}

const decisionsOf = (outcomes: readonly LoggedOutcome[]) =>
  outcomes
    .filter(({ type }) => type === "decision")
    .map((decision) => JSON.stringify(decision))
    .sort();

describe("raw topics on Kafka", () => {
  test("a heartbeat in one partition is in the journal behind the statuses of all, whoever reads them", async () => {
    const statuses = Array.from({ length: 300 }, (_, index) =>
      rawStatus({ eventId: `c-${index}`, personId: `PERSON-${index}` }),
    );
    await send(STATUSES, 1, statuses);
    await send(STATUSES, 0, [{ type: "heartbeat", feedId: "33", occurredAt: at(START_MS) }]);
    await ingest({ batchRecordsMax: 20 });
    await ingest({ batchRecordsMax: 20 });
    const types = async () =>
      (await recordsOf(Topic.JOURNAL)).map((records) =>
        records.map(({ value }) => decodeJournalBody(value).type),
      );
    await until(async () => (await types()).every((each) => each.includes("heartbeat")));
    const before = (await types()).map((each) => each.slice(0, each.indexOf("heartbeat")));
    // A process that got the partition from the other may read some again: those come later, the first are before.
    const stored = (await recordsOf(Topic.JOURNAL)).flatMap((records, partition) =>
      records.slice(0, before[partition]!.length).map(({ value }) => eventIdOf(decodeJournalBody(value))),
    );
    expect(new Set(stored).size).toBe(statuses.length);
  });

  test("are shared by two processes; bad records are parked; who stays takes over from who leaves", async () => {
    const first = await ingest();
    const second = await ingest();
    await until(() => isShared([first, second]));
    const sent: string[] = [];
    const swipes = (round: number, partition: number) =>
      Array.from({ length: 20 }, (_, index) => {
        const eventId = `s-${round}-${partition}-${index}`;
        sent.push(eventId);
        return rawSwipe({ eventId, personId: `PERSON-${partition}-${index % 3}` });
      });
    const sendRound = async (round: number) => {
      for (let partition = 0; partition < 4; partition++)
        await send(SWIPES, partition, [...swipes(round, partition), "broken", ""]);
      for (let partition = 0; partition < 2; partition++) {
        await send(STATUSES, partition, [rawStatus({ eventId: `c-${round}-${partition}` }), rawSwipe()]);
        await send(FACTS, partition, [rawFact({ eventId: `f-${round}-${partition}` })]);
        sent.push(`c-${round}-${partition}`, `f-${round}-${partition}`);
      }
    };
    const allArrived = async () => new Set((await journal()).map(eventIdOf)).size === sent.length;

    await sendRound(0);
    await until(async () => (await lettersOf(first)).length === 10 && (await allArrived()));
    expect((await journal()).map(eventIdOf).sort()).toEqual([...sent].sort());
    const parked = (await lettersOf(first)).map(({ code, source }) => `${code} ${source}`);
    expect(parked.sort()).toEqual(
      [
        ...[0, 1, 2, 3].flatMap((partition) => [
          `JSON_INVALID ${SWIPES}/${partition}/20`,
          `EMPTY ${SWIPES}/${partition}/21`,
        ]),
        ...[0, 1].map((partition) => `TYPE_UNEXPECTED ${STATUSES}/${partition}/1`),
      ].sort(),
    );

    await second.close();
    await until(() => share(first, SWIPES).length === 4 && share(first, FACTS).length === 2);
    await sendRound(1);
    await until(async () => (await lettersOf(first)).length === 20 && (await allArrived()));
    // Left in order: everything was committed, nothing is read twice.
    expect((await journal()).map(eventIdOf).sort()).toEqual([...sent].sort());
    expect(failures).toEqual([]);
  });

  test("one process killed in mid-batch: another reads its records again, every swipe is judged once", async () => {
    const persons = 60;
    const each = 50;
    const batches = Array.from({ length: each }, (_, round) =>
      Array.from({ length: persons }, (_, person) =>
        rawSwipe({
          personId: `PERSON-${person}`,
          eventId: `s-${person}-${round}`,
          occurredAt: at(START_MS + (round + 1) * 60_000),
          totalFen: 1_000 * ((person + round) % 7) + 500,
        }),
      ),
    );
    await beginJournal();
    let hasOpened = false;
    // Commits so seldom that the kill comes between an append and its commit.
    const limits: Partial<RawSourceLimits> = { batchRecordsMax: 40, commitEveryMs: 60_000 };
    const child = TestProcess.start({ program: CHILD, arguments: [place, limits] }, () => {
      hasOpened = true;
    });
    children.push(child);
    await child.until(() => hasOpened);
    const partitionOf = (person: number) => person % 4;
    const sendBatch = (batch: readonly object[]) =>
      Promise.all(
        [0, 1, 2, 3].map((partition) =>
          send(
            SWIPES,
            partition,
            batch.filter((_, person) => partitionOf(person) === partition),
          ),
        ),
      );
    const sending = (async () => {
      for (const batch of batches) await sendBatch(batch);
    })();
    await until(async () => (await journalLength()) > 400);
    await child.kill();
    const lengthAtKill = await journalLength();
    await sending;

    const heir = await ingest();
    await until(() => share(heir, SWIPES).length === 4 && isCaughtUp(heir));
    const ofSwipes = (await journal()).filter(({ type }) => type === "swipe");
    const all = persons * each;
    expect(lengthAtKill).toBeLessThanOrEqual(ofSwipes.length);
    expect(ofSwipes.length).toBeGreaterThan(all);
    const order = [...new Set(ofSwipes.map(eventIdOf))];
    expect(order).toHaveLength(all);
    for (let person = 0; person < persons; person++)
      expect(order.filter((eventId) => eventId.startsWith(`s-${person}-`))).toEqual(
        Array.from({ length: each }, (_, round) => `s-${person}-${round}`),
      );

    const outcomes = await judge();
    const undisturbed = new LiveWorld();
    undisturbed.append([firstActivation, ...canonical(batches.flat())]);
    await undisturbed.runToEnd();
    expect(decisionsOf(outcomes)).toEqual(decisionsOf(undisturbed.decisions().map(({ outcome }) => outcome)));
    expect(outcomes.filter(({ type }) => type === "duplicate")).toHaveLength(ofSwipes.length - all);
    expect(failures).toEqual([]);
  });

  test("a bad record is parked by one process, listed and driven again by another, judged once", async () => {
    await beginJournal();
    const first = await ingest();
    await send(SWIPES, 2, [
      rawSwipe({ eventId: "good" }),
      rawSwipe({ eventId: "bad", personId: "PERSON-2", totalFen: -5 }),
      rawSwipe({ eventId: "hopeless", occurredAt: "1970-01-01T00:00:00.000+08:00" }),
    ]);
    await until(async () => (await lettersOf(first)).length === 2);
    await first.close();

    const second = await ingest();
    const letters = await lettersOf(second);
    expect(letters.map(({ code, field, source, isRedriven }) => [code, field, source, isRedriven])).toEqual([
      ["FIELD_INVALID", "totalFen", `${SWIPES}/2/1`, false],
      ["TIME_OUT_OF_RANGE", "occurredAt", `${SWIPES}/2/2`, false],
    ]);
    const redrive = () =>
      second.deadLetters.redrive({
        // As a release with a correction would.
        accept: (original, expects) =>
          second.intake.accept(
            Buffer.from(Buffer.from(original).toString().replace('"totalFen":-5', '"totalFen":5')),
            expects,
          ),
        append: (record) => second.intake.append(record),
      });
    expect(await redrive()).toMatchObject({
      redriven: 1,
      skipped: 0,
      stillRefused: [{ offset: letters[1]!.offset }],
    });
    expect(await redrive()).toMatchObject({ redriven: 0, skipped: 1 });
    const outcomes = await judge();
    expect(
      outcomes.map((outcome) => [outcome.type, "eventId" in outcome ? outcome.eventId : null]).sort(),
    ).toEqual([
      // Of the first record of each partition.
      ["activated", null],
      ["activated", null],
      ["decision", "bad"],
      ["decision", "good"],
    ]);
    expect(failures).toEqual([]);
  });
});

function canonical(raw: readonly object[]): JournalRecord[] {
  const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: defaultBundle.drugs };
  return raw.map((record) => {
    const accepted = acceptBytes(Buffer.from(JSON.stringify(record)), context);
    if (isRefusal(accepted)) throw new Error(accepted.reason);
    return accepted;
  });
}
