import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { LogProducer } from "../../platform/event-log/event-log.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { type Appending, appendNumbered, compare, NOTHING_WRONG } from "../support/append-numbered.js";
import { KafkaOracle } from "../support/kafka-oracle.js";
import { openProducer } from "../support/kafka-producing.js";
import { type KafkaServers, startKafka } from "../support/servers/kafka-server.js";

const PARTITIONS = 6;
const ENTRIES = 5;
/** An election takes as long as the broker's session (3 s) and a little; two servers share the machine with it. */
const FAULT_MS_MAX = 120_000;

describe.each([1, 3] as const)("appends to Kafka of %i node(s) that are killed and restarted", (nodes) => {
  let kafka: KafkaServers;
  let oracle: KafkaOracle;
  let cluster: KafkaCluster;
  let topic: string;
  let producer: LogProducer;
  /** That had to be made again: without any, the fault has met no append. */
  let tries: number;

  beforeAll(async () => {
    kafka = await startKafka({ nodes });
    oracle = new KafkaOracle(kafka.bootstrap);
  }, FAULT_MS_MAX);
  afterAll(() => kafka?.close());
  beforeEach(async () => {
    topic = await oracle.createTopic({ partitions: PARTITIONS, replicationFactor: nodes });
    const brokers = kafka.bootstrap.split(",");
    cluster = await KafkaCluster.open({ brokers, clientId: "failover", tls: null, sasl: null });
    tries = 0;
    producer = await openProducer(cluster, topic, { deadlineMs: 60_000, onAgain: () => tries++ });
  });
  afterEach(async () => {
    await producer?.close();
    await cluster?.close();
  });

  /** Appends to all partitions while the fault runs its course, and some more behind it. */
  const appendDuring = async (fault: () => Promise<void>, before: Partial<Appending> = {}) => {
    let isOver = false;
    let begin: () => void;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const course = begun.then(fault).finally(() => {
      isOver = true;
    });
    const order: Appending = {
      partitions: PARTITIONS,
      entriesPerAppend: ENTRIES,
      appendsMax: 1_000_000,
      isOver: () => isOver,
      onAcknowledged: (_partition, appends) => appends === 20 && begin(),
      ...before,
    };
    const during = await appendNumbered(producer, order);
    await course;
    expect(tries).toBeGreaterThan(0);
    return during;
  };

  const leaderNode = async (partition: number) => {
    await cluster.refresh([topic]);
    const leader = await cluster.leaderOf(topic, partition);
    return kafka.nodes.find(({ id }) => id === leader)!;
  };

  test(
    "kill -9 of a leader in mid-append and its restart: nothing lost, nothing doubled, the order kept",
    async () => {
      const appended = await appendDuring(async () => {
        const node = await leaderNode(0);
        await node.kill();
        await node.start();
      });
      expect(appended.failures).toEqual([]);
      expect(compare(appended, await oracle.read(topic), ENTRIES)).toEqual(NOTHING_WRONG);
    },
    FAULT_MS_MAX,
  );

  if (nodes === 1) return;

  test(
    "leaders killed one after the other and moved back: nothing lost, nothing doubled, the order kept",
    async () => {
      const appended = await appendDuring(async () => {
        for (const partition of [0, 1, 2]) {
          const node = await leaderNode(partition);
          await node.kill();
          await untilMoved(partition, node.id);
          await node.start();
          await oracle.untilInSync(topic, nodes);
        }
      });
      expect(appended.failures).toEqual([]);
      expect(compare(appended, await oracle.read(topic), ENTRIES)).toEqual(NOTHING_WRONG);
    },
    FAULT_MS_MAX,
  );

  test(
    "a leader that hangs and wakes when another leads: nothing lost, nothing doubled, the order kept",
    async () => {
      const appended = await appendDuring(async () => {
        const node = await leaderNode(0);
        await node.pause();
        await untilMoved(0, node.id);
        await node.resume();
        await oracle.untilInSync(topic, nodes);
      });
      expect(appended.failures).toEqual([]);
      expect(compare(appended, await oracle.read(topic), ENTRIES)).toEqual(NOTHING_WRONG);
    },
    FAULT_MS_MAX,
  );

  const untilMoved = async (partition: number, from: number) => {
    for (;;) {
      await cluster.refresh([topic]).catch(() => {});
      const leader = Promise.resolve(cluster.leaderOf(topic, partition));
      if ((await leader.catch(() => from)) !== from) return;
    }
  };
});
