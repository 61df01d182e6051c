/**
 * The job as a capable team would write it with stock kafkajs: `node dist/bench/peers/kafkajs-worker/worker.js --brokers
 * HOST:PORT --input TOPIC --card-status TOPIC --output TOPIC --group NAME [--concurrent N]`; ends on SIGTERM.
 *
 * Persons are a Map of objects and die with the process: a partition that moves to another worker begins anew there.
 * Kadun, Kafka Streams with a changelog and Flink keep them; this is the speed of what keeps nothing.
 */

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Kafka, logLevel, Partitioners } from "kafkajs";
import { followCardStates } from "./card-states.js";
import { Judge } from "./judge.js";
import { workerOptions } from "./options.js";

/** Answers come from full fetches or after so long: with a longer wait, slow partitions hold up the others. */
const FETCH_WAIT_MS = 5;
const COMMIT_EVERY_MS = 5_000;
const ALL_REPLICAS = -1;

const options = workerOptions(process.argv.slice(2));
const kafka = new Kafka({
  clientId: "kafkajs-worker",
  brokers: [...options.brokers],
  logLevel: logLevel.ERROR,
});
const judge = new Judge();
const cardStates = await followCardStates(
  kafka,
  { topic: options.cardStatus, group: `${options.group}-card-states-${randomUUID()}` },
  judge,
);
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
await producer.connect();
const consumer = kafka.consumer({ groupId: options.group, maxWaitTimeInMs: FETCH_WAIT_MS, minBytes: 1 });
consumer.on(consumer.events.CRASH, ({ payload }) => {
  console.error(payload.error);
  if (!payload.restart) process.exit(1);
});
await consumer.connect();
await consumer.subscribe({ topics: [options.input], fromBeginning: true });
await consumer.run({
  partitionsConsumedConcurrently: options.concurrent,
  autoCommitInterval: COMMIT_EVERY_MS,
  eachBatch: async ({ batch }) => {
    const nowMs = Date.now();
    const messages = batch.messages.map(({ key, value }) => ({
      key,
      value: judge.answer(value!.toString(), nowMs),
      partition: batch.partition,
    }));
    await producer.send({ topic: options.output, acks: ALL_REPLICAS, messages });
  },
});
console.log("ready");

await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
await Promise.all([consumer.disconnect(), cardStates.disconnect()]);
await producer.disconnect();
process.exit(0);
