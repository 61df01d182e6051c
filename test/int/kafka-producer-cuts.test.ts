import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { LogProducer } from "../../platform/event-log/event-log.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { numberedEntries, numberedEntry } from "../contract/numbered-entry.js";
import { seededRandom } from "../oracle/scenario-random.js";
import { appendNumbered, compare, NOTHING_WRONG } from "../support/append-numbered.js";
import { losingAnswers, PRODUCE } from "../support/kafka-frames.js";
import { KafkaOracle } from "../support/kafka-oracle.js";
import { openProducer } from "../support/kafka-producing.js";
import { type ProxiedKafka, startProxiedKafka } from "../support/proxied-kafka.js";

const SEED = Number(process.env.KADUN_SEED ?? 20_261_126);
const PARTITIONS = 12;
const CUTS_MIN = 20;

describe(`appends over a network that fails (KADUN_SEED=${SEED})`, () => {
  let kafka: ProxiedKafka;
  let oracle: KafkaOracle;
  let cluster: KafkaCluster;
  let topic: string;
  let producer: LogProducer;
  let losesAnswer = (_apiKey: number) => false;

  beforeAll(async () => {
    kafka = await startProxiedKafka({ seed: SEED, watch: losingAnswers((apiKey) => losesAnswer(apiKey)) });
    oracle = new KafkaOracle(kafka.bootstrap);
  });
  afterAll(() => kafka?.close());
  beforeEach(async () => {
    topic = await oracle.createTopic({ partitions: PARTITIONS });
    cluster = await KafkaCluster.open({
      brokers: [kafka.bootstrap],
      clientId: "cuts",
      tls: null,
      sasl: null,
    });
    producer = await openProducer(cluster, topic, { answerMs: 2_000 });
  });
  afterEach(async () => {
    losesAnswer = () => false;
    kafka.proxy.delay(null);
    kafka.proxy.resume("toClient");
    kafka.proxy.resume("toServer");
    await producer.close();
    await cluster.close();
  });

  test("acknowledgements lost with their connection: nothing lost, nothing doubled", async () => {
    const random = seededRandom(SEED);
    let lost = 0;
    losesAnswer = (apiKey) => {
      const isLost = apiKey === PRODUCE && random.chance(0.15);
      if (isLost) lost++;
      return isLost;
    };
    const appended = await appendNumbered(producer, {
      partitions: PARTITIONS,
      entriesPerAppend: 3,
      appendsMax: 1_000,
      isOver: () => lost >= 2 * CUTS_MIN,
    });
    losesAnswer = () => false;
    expect(lost).toBeGreaterThanOrEqual(CUTS_MIN);
    expect(appended.failures).toEqual([]);
    expect(compare(appended, await oracle.read(topic), 3)).toEqual(NOTHING_WRONG);
  });

  test("connections cut at any moment, bytes late: nothing lost, nothing doubled", async () => {
    const random = seededRandom(SEED + 1);
    kafka.proxy.delay({ min: 0, max: 4 });
    const before = kafka.proxy.cuts;
    let next = 5;
    let appends = 0;
    const appended = await appendNumbered(producer, {
      partitions: PARTITIONS,
      entriesPerAppend: 3,
      appendsMax: 2_000,
      isOver: () => kafka.proxy.cuts - before >= 2 * CUTS_MIN,
      onAcknowledged: () => {
        if (++appends < next) return;
        next += random.integer(5, 40);
        setTimeout(() => kafka.proxy.cut(), random.integer(0, 6));
      },
    });
    expect(kafka.proxy.cuts - before).toBeGreaterThanOrEqual(CUTS_MIN);
    expect(appended.failures).toEqual([]);
    expect(compare(appended, await oracle.read(topic), 3)).toEqual(NOTHING_WRONG);
  });

  test("no answer in time: the batch is sent again over another connection and kept once", async () => {
    await producer.append(0, numberedEntries(0, 2));
    kafka.proxy.pause("toClient");
    const append = producer.append(0, numberedEntries(2, 2));
    setTimeout(() => {
      kafka.proxy.cut();
      kafka.proxy.resume("toClient");
    }, 2_500);
    expect((await append).firstOffset).toBe(2);
    expect((await oracle.read(topic))[0]!.map(({ key }) => key)).toEqual([
      "key-0",
      "key-1",
      "key-2",
      "key-3",
    ]);
  });

  describe("a copy of a failed append that arrives late", () => {
    beforeEach(async () => {
      await producer.close();
      producer = await openProducer(cluster, topic, { deadlineMs: 1_000, answerMs: 1_000 });
      await producer.append(0, [numberedEntry(0)]);
      kafka.proxy.keepLate(true);
      kafka.proxy.pause("toServer");
      await expect(producer.append(0, [numberedEntry(1)])).rejects.toMatchObject({ retryable: true });
      await kafka.proxy.untilLate();
    });
    afterEach(() => kafka.proxy.keepLate(false));

    const deliverLate = async () => {
      const late = await kafka.proxy.deliverLate();
      expect(late.filter((bytes) => bytes.readInt16BE(4) === PRODUCE)).not.toEqual([]);
    };
    const keys = async () => (await oracle.read(topic))[0]!.map(({ key }) => key);

    test("is refused behind the next append", async () => {
      kafka.proxy.resume("toServer");
      await producer.append(0, [numberedEntry(1)]);
      await producer.append(0, [numberedEntry(2)]);
      await deliverLate();
      await producer.append(0, [numberedEntry(3)]);
      expect(await keys()).toEqual(["key-0", "key-1", "key-2", "key-3"]);
    });

    test("lands before it, where the caller that sends again has to expect it", async () => {
      await deliverLate();
      kafka.proxy.resume("toServer");
      await producer.append(0, [numberedEntry(1)]);
      await producer.append(0, [numberedEntry(2)]);
      expect(await keys()).toEqual(["key-0", "key-1", "key-1", "key-2"]);
    });
  });
});
