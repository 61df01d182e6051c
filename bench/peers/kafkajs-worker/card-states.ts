/** The topic of card states: read to its end before the first swipe, followed afterwards. */

import type { Consumer, Kafka } from "kafkajs";
import type { Judge } from "./judge.js";

/** @returns the consumer, for whoever ends the worker. Every worker reads all of it: its group is its own. */
export async function followCardStates(
  kafka: Kafka,
  options: { readonly topic: string; readonly group: string },
  judge: Judge,
): Promise<Consumer> {
  const missing = await recordsIn(kafka, options.topic);
  const consumer = kafka.consumer({ groupId: options.group });
  await consumer.connect();
  await consumer.subscribe({ topics: [options.topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    if (allRead(missing)) resolve();
    const running = consumer.run({
      eachBatch: async ({ batch }) => {
        for (const { key, value } of batch.messages)
          judge.setLost(key!.toString(), value !== null && isLost(value));
        if (Number(batch.lastOffset()) + 1 >= (missing.get(batch.partition) ?? 0))
          missing.delete(batch.partition);
        if (allRead(missing)) resolve();
      },
    });
    running.catch(reject);
  });
  return consumer;
}

function isLost(value: Buffer): boolean {
  const { status } = JSON.parse(value.toString()) as { status: string };
  return status === "LOST";
}

/** By partition, where it ends; empty ones are not named. */
async function recordsIn(kafka: Kafka, topic: string): Promise<Map<number, number>> {
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return new Map(
    offsets
      .filter(({ low, high }) => Number(high) > Number(low))
      .map(({ partition, high }) => [partition, Number(high)]),
  );
}

function allRead(missing: ReadonlyMap<number, number>): boolean {
  return missing.size === 0;
}
