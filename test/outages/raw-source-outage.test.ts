/** Ingest from Kafka while its only broker is killed and comes back: nothing lost, nothing ends. */

import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "@jest/globals";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import type { CanonicalSwipe } from "../../schemas/journal.js";
import { decodeJournalBody } from "../../schemas/log-body.js";
import { Topic } from "../../schemas/topics.js";
import { RAW_TOPICS } from "../../services/ingest/raw-topics.js";
import { type IngestPlace, openIngest } from "../int/ingest-on-kafka.js";
import { makeTopics, openRenamedLog, optionsOf } from "../int/kafka-event-log-under-test.js";
import { rawSwipe } from "../support/records.js";
import { startKafka } from "../support/servers/kafka-server.js";

const SWIPES = "kadun.swipes.raw";
const RECORDS = 4_000;
/** Divides the 1,000 of an append. */
const PERSONS = 20;
const UNTIL_MS = 90_000;

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + UNTIL_MS;
  while (!(await isTrue())) {
    if (performance.now() > deadlineMs) throw new Error(`not within ${UNTIL_MS} ms`);
    await systemClock.sleep(20);
  }
}

async function journal(log: EventLog): Promise<string[]> {
  const { end } = await log.bounds(Topic.JOURNAL, 0);
  const reader = await log.reader(Topic.JOURNAL, 0, 0);
  const eventIds: string[] = [];
  while (eventIds.length < end)
    for (const { value } of await reader.read({ recordsMax: 2000, bytesMax: 8 << 20, waitMs: 500 }))
      eventIds.push((decodeJournalBody(value) as CanonicalSwipe).eventId);
  await reader.close();
  return eventIds;
}

test("the broker killed in mid-batch and started again", async () => {
  const servers = await startKafka();
  ends.push(() => servers.close());
  const place: IngestPlace = {
    bootstrap: servers.bootstrap,
    suffix: "outage",
    boxKey: randomBytes(32).toString("hex"),
  };
  const cluster = await KafkaCluster.open(optionsOf(servers.bootstrap));
  ends.push(() => cluster.close());
  const topics = [
    Topic.JOURNAL,
    Topic.DECISIONS,
    Topic.DEAD_LETTERS,
    ...RAW_TOPICS.map(({ topic }) => topic),
  ];
  await makeTopics(
    cluster,
    topics.map((topic) => ({ topic: `${topic}.${place.suffix}`, partitions: 1 })),
  );
  const log = await openRenamedLog(place);
  ends.push(() => log.close());
  const producer = await log.producer(SWIPES);
  const sent = Array.from({ length: RECORDS }, (_, index) => `s-${index}`);
  for (let first = 0; first < RECORDS; first += 1000)
    await producer.append(
      0,
      sent.slice(first, first + 1000).map((eventId, index) => ({
        key: "the source's",
        value: Buffer.from(JSON.stringify(rawSwipe({ eventId, personId: `PERSON-${index % PERSONS}` }))),
        header: new Uint8Array(0),
      })),
    );

  const failures: unknown[] = [];
  const opened = await openIngest(place, { batchRecordsMax: 5, lagEveryMs: 20 }, (error) =>
    failures.push(error),
  );
  ends.push(() => opened.close());
  const swipes = () => opened.source.status().topics[0]!;
  await until(() => swipes().partitions.length === 1 && (swipes().lagRecords ?? RECORDS) < RECORDS - 100);
  await servers.nodes[0]!.kill();
  expect(swipes().lagRecords).toBeGreaterThan(0);
  await systemClock.sleep(2_000);
  await servers.nodes[0]!.start();
  await until(() => swipes().partitions.length === 1 && swipes().lagRecords === 0);

  const eventIds = await journal(log);
  const first = [...new Set(eventIds)];
  expect(first).toHaveLength(RECORDS);
  for (let person = 0; person < PERSONS; person++) {
    const ofPerson = sent.filter((_, index) => index % PERSONS === person);
    const known = new Set(ofPerson);
    expect(first.filter((eventId) => known.has(eventId))).toEqual(ofPerson);
  }
  expect(failures).toEqual([]);
}, 150_000);
