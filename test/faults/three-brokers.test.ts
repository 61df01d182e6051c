/**
 * Three brokers, each record on all of them, two of which must have it: leaders are killed, and hang, while every
 * request's records go to several of them. By hand only; `test/int` has the producer alone under the same faults.
 */

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Random } from "../../bench/city/random.js";
import { Topic } from "../../schemas/topics.js";
import { KafkaOracle } from "../support/kafka-oracle.js";
import { type KafkaServers, startKafka } from "../support/servers/kafka-server.js";
import { AGAIN, SEED } from "./fault-run.js";
import { FaultWorld } from "./fault-world.js";
import { sound } from "./sound.js";
import { until } from "./until.js";

const STREAM = 402;
const NODES = 3;
const PARTITIONS = 12;
const CITY = { persons: 4_000, days: 60 };
const LINES_PER_SECOND = 60;

describe(`three brokers (${AGAIN})`, () => {
  const random = Random.derived(SEED, STREAM, 0);
  let kafka: KafkaServers;
  let world: FaultWorld;
  let oracle: KafkaOracle;

  beforeAll(async () => {
    world = await FaultWorld.open({
      name: "three-brokers",
      startKafka: async () => {
        kafka = await startKafka({ nodes: NODES });
        return kafka;
      },
      partitions: PARTITIONS,
      replicationFactor: NODES,
      city: CITY,
      linesPerSecond: LINES_PER_SECOND,
    });
    oracle = new KafkaOracle(kafka.bootstrap);
  });
  afterAll(() => world?.close());

  const leaders = async () => {
    await world.cluster.refresh([Topic.JOURNAL]);
    const all = Array.from({ length: PARTITIONS }, (_, partition) =>
      world.cluster.leaderOf(Topic.JOURNAL, partition),
    );
    return Promise.all(all);
  };
  const someLeader = async () => {
    const leading = await leaders();
    expect(new Set(leading).size).toBeGreaterThan(1);
    const id = random.pick(leading);
    return kafka.nodes.find((node) => node.id === id)!;
  };
  const untilMovedFrom = (id: number) =>
    until(`no partition is led by node ${id}`, async () => !(await leaders().catch(() => [id])).includes(id));
  const untilWhole = async () => {
    for (const topic of [Topic.JOURNAL, Topic.DECISIONS]) await oracle.untilInSync(topic, NODES);
  };

  test("a leader killed and started again, its partitions moved, while requests span several leaders", async () => {
    await world.under(async () => {
      const node = await someLeader();
      await node.kill();
      await untilMovedFrom(node.id);
      await world.load.progress(30);
      await node.start();
      await untilWhole();
    });
    sound(await world.verdict());
  });

  test("a leader that hangs and wakes when others lead", async () => {
    await world.under(async () => {
      const node = await someLeader();
      await node.pause();
      await untilMovedFrom(node.id);
      await world.load.progress(30);
      await node.resume();
      await untilWhole();
    });
    sound(await world.verdict());
  });
});
