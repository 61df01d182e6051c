import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { pauseProcesses } from "../../bench/load/pause-processes.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import { kafkaPartitionGroups } from "../../platform/event-log/kafka/group/kafka-partition-group.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { TestProcess } from "../contract/child-process.js";
import { TestMember, untilShared } from "../support/group-member.js";
import { KafkaOracle } from "../support/kafka-oracle.js";
import { type KafkaServers, startKafka } from "../support/servers/kafka-server.js";

const PROGRAM = fileURLToPath(new URL("../int/kafka-group.child.ts", import.meta.url));
const PARTITIONS = 12;
const ALL = Array.from({ length: PARTITIONS }, (_, partition) => partition);
const SESSION_MS = 4_000;
/** A tenth of the session: how late the survivor can learn of it. */
const HEARTBEAT_MS = SESSION_MS / 10;
/** As the adapter has it. */
const LEAVE_DEADLINE_MS = 3_000;
/** The machine may be busy with other suites; sessions run by the clock. */
const TEST_MS_MAX = 120_000;
/** Each measured twice: a join and a leave. */
const REBALANCES = 5;

/** A member in a process of its own. */
class FarMember {
  assigned: readonly number[] = [];
  readonly told: (readonly number[])[] = [];
  readonly process: TestProcess;

  constructor(order: object) {
    this.process = TestProcess.start(
      { program: PROGRAM, arguments: [order] },
      (news: { partitions?: number[] }) => {
        if (news.partitions === undefined) return;
        this.assigned = news.partitions;
        this.told.push(news.partitions);
      },
    );
  }

  until(isTrue: (member: FarMember) => boolean): Promise<void> {
    return this.process.until(() => isTrue(this));
  }
}

describe("a partition group whose members and servers fail", () => {
  let kafka: KafkaServers;
  let cluster: KafkaCluster;
  let topic: string;
  let groupId: string;
  let members: TestMember[];
  let far: FarMember[];

  beforeAll(async () => {
    kafka = await startKafka();
    topic = await new KafkaOracle(kafka.bootstrap).createTopic({ partitions: PARTITIONS });
    cluster = await KafkaCluster.open({
      brokers: [kafka.bootstrap],
      clientId: "group-faults",
      tls: null,
      sasl: null,
    });
  }, TEST_MS_MAX);
  afterAll(async () => {
    await cluster?.close();
    await kafka?.close();
  });
  beforeEach(() => {
    groupId = `group-${randomUUID()}`;
    members = [];
    far = [];
  });
  afterEach(async () => {
    await Promise.all(members.map(({ group }) => group.leave()));
    await Promise.all(far.map(({ process }) => process.kill()));
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
  const joinFar = () => {
    const order = { bootstrap: kafka.bootstrap, groupId, topic, sessionTimeoutMs: SESSION_MS };
    const member = new FarMember(order);
    far.push(member);
    return member;
  };
  /** One member here, one in a process of its own, six partitions each. */
  const joinBoth = async () => {
    const near = await join("near");
    await untilShared([near], PARTITIONS);
    const other = joinFar();
    await near.until(({ partitions }) => partitions.length === PARTITIONS / 2);
    await other.until(({ assigned }) => assigned.length === PARTITIONS / 2);
    expect([...near.partitions, ...other.assigned].sort((a, b) => a - b)).toEqual(ALL);
    return { near, other };
  };

  test(
    "a member killed -9: the other has all within the session time-out and two undisturbed rebalances",
    async () => {
      const undisturbedMs = await medianRebalanceMs();
      const { near, other } = await joinBoth();
      const began = performance.now();
      await other.process.kill();
      await near.until(({ partitions }) => partitions.length === PARTITIONS);
      const tookMs = performance.now() - began;
      console.info(
        `rebalance ${undisturbedMs.toFixed(0)} ms, after kill -9 ${tookMs.toFixed(0)} ms of ${SESSION_MS}`,
      );
      expect(tookMs).toBeLessThan(SESSION_MS + 2 * undisturbedMs + HEARTBEAT_MS);
      expect(near.told.map(({ partitions }) => partitions.length)).toEqual([12, 6, 12]);
    },
    TEST_MS_MAX,
  );

  test(
    "a member paused beyond its session loses its partitions, learns it when it wakes and gets a share again",
    async () => {
      const { near, other } = await joinBoth();
      const had = other.assigned;
      await pauseProcesses([other.process.pid]);
      await near.until(({ partitions }) => partitions.length === PARTITIONS);
      process.kill(other.process.pid, "SIGCONT");
      await other.until(({ told }) => told.length >= 3);
      expect(other.told).toEqual([had, [], expect.anything()]);
      await near.until(({ partitions }) => partitions.length === PARTITIONS / 2);
      expect([...near.partitions, ...other.assigned].sort((a, b) => a - b)).toEqual(ALL);
    },
    TEST_MS_MAX,
  );

  test(
    "the coordinator's server restarted at once: members stay what they are, and commit again",
    async () => {
      const near = await join("near");
      const second = await join("second");
      await untilShared([near, second], PARTITIONS);
      const before = [near.partitions, second.partitions];
      await near.group.commit(new Map([[near.partitions[0]!, 7]]));
      await kafka.nodes[0]!.kill();
      await kafka.nodes[0]!.start();
      await near.group.commit(new Map([[near.partitions[0]!, 8]])).catch(() => {});
      await untilShared([near, second], PARTITIONS);
      expect([near.partitions, second.partitions]).toEqual(before);
      await near.group.commit(new Map([[near.partitions[0]!, 9]]));
      expect(await near.group.committed(near.partitions[0]!)).toBe(9);
      expect([near.failures, second.failures]).toEqual([[], []]);
    },
    TEST_MS_MAX,
  );

  test(
    "the coordinator away for longer than a session: nobody holds anything, then all is shared again",
    async () => {
      const near = await join("near");
      await untilShared([near], PARTITIONS);
      const killedAt = performance.now();
      await kafka.nodes[0]!.kill();
      await near.until(({ partitions }) => partitions.length === 0);
      const heldMs = near.told.at(-1)!.atMs - killedAt;
      expect(heldMs).toBeGreaterThan(SESSION_MS / 2);
      await expect(near.group.commit(new Map([[0, 1]]))).rejects.toMatchObject({ code: "NOT_ASSIGNED" });
      await kafka.nodes[0]!.start();
      await untilShared([near], PARTITIONS);
      expect(near.failures).toEqual([]);
    },
    TEST_MS_MAX,
  );

  test(
    "leaving where no server answers ends within its deadline",
    async () => {
      const near = await join("near");
      await untilShared([near], PARTITIONS);
      await kafka.nodes[0]!.pause();
      try {
        const began = performance.now();
        await near.group.leave();
        expect(performance.now() - began).toBeLessThan(LEAVE_DEADLINE_MS + 1_000);
      } finally {
        await kafka.nodes[0]!.resume();
      }
    },
    TEST_MS_MAX,
  );

  /** From a join, or a leave, to all partitions shared again. */
  const medianRebalanceMs = async () => {
    const near = await join("near");
    await untilShared([near], PARTITIONS);
    const times: number[] = [];
    for (let round = 0; round < REBALANCES; round++) {
      let began = performance.now();
      const second = await join(`second-${round}`);
      await untilShared([near, second], PARTITIONS);
      times.push(performance.now() - began);
      began = performance.now();
      await second.group.leave();
      await untilShared([near], PARTITIONS);
      times.push(performance.now() - began);
    }
    await near.group.leave();
    return times.sort((a, b) => a - b)[times.length >> 1]!;
  };
});
