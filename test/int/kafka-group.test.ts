import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { systemClock } from "../../platform/clock/system-clock.js";
import { kafkaPartitionGroups } from "../../platform/event-log/kafka/group/kafka-partition-group.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { isShared, TestMember, untilShared } from "../support/group-member.js";
import { KafkaOracle } from "../support/kafka-oracle.js";
import { addresses } from "../support/servers/addresses.js";

const PARTITIONS = 12;
const SESSION_MS = 3_000;

describe("a partition group on Kafka", () => {
  const oracle = new KafkaOracle(addresses().kafka);
  let cluster: KafkaCluster;
  let topic: string;
  let groupId: string;
  let members: TestMember[] = [];

  beforeAll(async () => {
    topic = await oracle.createTopic({ partitions: PARTITIONS });
    cluster = await KafkaCluster.open({
      brokers: [addresses().kafka],
      clientId: "group-test",
      tls: null,
      sasl: null,
    });
  });
  afterAll(async () => {
    await cluster?.close();
    await oracle.deleteTopic(topic);
  });
  beforeEach(() => {
    groupId = `group-${randomUUID()}`;
    members = [];
  });
  afterEach(async () => {
    await Promise.all(members.map(({ group }) => group.leave()));
  });

  const join = async (name: string) => {
    const joinGroup = kafkaPartitionGroups({
      cluster,
      clock: systemClock,
      logger: silentLogger,
      sessionTimeoutMs: SESSION_MS,
    });
    const member = await TestMember.join(name, joinGroup, { groupId, topic });
    members.push(member);
    return member;
  };
  const [a, b, c] = ["a", "b", "c"];

  test("one member has all partitions, told once", async () => {
    const only = await join(a!);
    await untilShared([only], PARTITIONS);
    expect(only.told.map(({ partitions }) => partitions)).toEqual([
      Array.from({ length: PARTITIONS }, (_, i) => i),
    ]);
  });

  test("two and three members share them evenly; what stays is not taken away meanwhile", async () => {
    const first = await join(a!);
    await untilShared([first], PARTITIONS);
    const second = await join(b!);
    await untilShared([first, second], PARTITIONS);
    expect([first, second].map(({ partitions }) => partitions.length)).toEqual([6, 6]);
    const before = new Map([first, second].map((member) => [member, new Set(member.partitions)]));
    const third = await join(c!);
    await untilShared([first, second, third], PARTITIONS);
    expect([first, second, third].map(({ partitions }) => partitions.length)).toEqual([4, 4, 4]);
    for (const [member, had] of before)
      expect(member.partitions.every((partition) => had.has(partition))).toBe(true);
    expect(first.told.map(({ partitions }) => partitions.length)).toEqual([12, 6, 4]);
    expect(second.told.map(({ partitions }) => partitions.length)).toEqual([6, 4]);
  });

  test("who leaves is replaced at once, without waiting for its session to end", async () => {
    const first = await join(a!);
    const second = await join(b!);
    await untilShared([first, second], PARTITIONS);
    await first.until(({ partitions }) => partitions.length === 6);
    const began = performance.now();
    await second.group.leave();
    expect(performance.now() - began).toBeLessThan(SESSION_MS / 2);
    expect(second.partitions).toEqual([]);
    await untilShared([first], PARTITIONS);
    expect(performance.now() - began).toBeLessThan(SESSION_MS);
    expect(second.told.at(-1)!.partitions).toHaveLength(6);
  });

  test("committed positions go to whoever gets the partition next; none is null", async () => {
    const first = await join(a!);
    await untilShared([first], PARTITIONS);
    expect(await first.group.committed(3)).toBeNull();
    await first.group.commit(
      new Map([
        [3, 41],
        [4, 7],
      ]),
    );
    await first.group.commit(new Map([[3, 42]]));
    const second = await join(b!);
    await untilShared([first, second], PARTITIONS);
    expect([await second.group.committed(3), await second.group.committed(4)]).toEqual([42, 7]);
  });

  test("a commit for a partition that another has by now is refused", async () => {
    const first = await join(a!);
    await untilShared([first], PARTITIONS);
    const second = await join(b!);
    await untilShared([first, second], PARTITIONS);
    const others = second.partitions[0]!;
    await expect(first.group.commit(new Map([[others, 5]]))).rejects.toMatchObject({ code: "NOT_ASSIGNED" });
    expect(await second.group.committed(others)).toBeNull();
  });

  test("a commit sent while others join succeeds where the partition stays", async () => {
    const first = await join(a!);
    await untilShared([first], PARTITIONS);
    const joining = join(b!);
    const kept = 0;
    let commits = 0;
    while (!(members.length === 2 && isShared(members, PARTITIONS))) {
      await first.group.commit(new Map([[kept, ++commits]]));
    }
    await joining;
    expect(first.partitions).toContain(kept);
    expect(await first.group.committed(kept)).toBe(commits);
  });

  test("Kafka's own tools see the group", async () => {
    const first = await join(a!);
    await untilShared([first], PARTITIONS);
    expect(await oracle.members(groupId)).toEqual({ state: "Stable", count: 1 });
    await first.group.leave();
    expect(await oracle.members(groupId)).toEqual({ state: "Empty", count: 0 });
  });

  test("leaving twice is leaving once, and nothing is told afterwards", async () => {
    const first = await join(a!);
    await untilShared([first], PARTITIONS);
    await Promise.all([first.group.leave(), first.group.leave()]);
    await first.group.leave();
    expect(first.told).toHaveLength(1);
    expect(first.failures).toEqual([]);
  });

  test("a group whose members speak another protocol is named", async () => {
    const stop = await oracle.joinStock(groupId, topic);
    try {
      await expect(join(a!)).rejects.toMatchObject({
        code: "FAILED",
        retryable: false,
        message: expect.stringContaining(groupId),
      });
    } finally {
      await stop();
    }
  });

  test("a session time-out outside of the server's limits is named", async () => {
    const tooLong = kafkaPartitionGroups({
      cluster,
      clock: systemClock,
      logger: silentLogger,
      sessionTimeoutMs: 86_400_000,
    });
    await expect(TestMember.join(a!, tooLong, { groupId, topic })).rejects.toMatchObject({
      code: "FAILED",
      message: expect.stringContaining("group.max.session.timeout.ms"),
    });
  });
});
