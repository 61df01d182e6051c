import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { DetectorLag } from "../../../cli/distributed/detector-lag.js";
import { LAG_RECORDS_MAX } from "../../../cli/process/lag-reasons.js";
import type { StandingPartition } from "../../../cli/process/partition-progress.js";
import { EventLogError } from "../../../platform/event-log/event-log.js";
import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../../platform/event-log/memory/memory-log-world.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import { PrometheusMetrics } from "../../../platform/metrics/prometheus/prometheus-metrics.js";
import { Topic } from "../../../schemas/topics.js";
import type { PartitionStatus } from "../../../services/detector/detector.js";
import { SteppedClock } from "./stepped-clock.js";

/** Measured every second, committed every fifth. */
const COMMIT_ROUNDS = 5;
const PARTITIONS = 3;

function judgedUpTo(judgedOffset: number, partition = 0, isBootstrapped = true): PartitionStatus {
  const others = { epoch: 1, running: null };
  return { partition, judgedOffset, isBootstrapped, ...others };
}

class World {
  readonly clock = new SteppedClock();
  readonly logs = new MemoryLogWorld({ [Topic.JOURNAL]: PARTITIONS });
  readonly metrics = new PrometheusMetrics();
  readonly owned: { wanted: number[]; status: PartitionStatus[] } = { wanted: [], status: [] };
  readonly commits: [number, number][][] = [];
  readonly group = {
    assigned: [] as number[],
    isHeld: () => true,
    committed: async () => null,
    commit: async (positions: ReadonlyMap<number, number>) => {
      this.commits.push([...positions]);
      if (this.refusal !== null) throw this.refusal;
    },
    leave: async () => {},
  };
  refusal: Error | null = null;
  isLogAway = false;
  /** Questions about them are never answered. */
  readonly silent = new Set<number>();
  readonly stuck: StandingPartition[] = [];
  readonly lag: DetectorLag;

  constructor() {
    const log = new MemoryEventLog(this.logs);
    const bounds = log.bounds.bind(log);
    log.bounds = async (topic, partition) => {
      if (this.isLogAway) throw new EventLogError("UNREACHABLE", "away", { retryable: true });
      return this.silent.has(partition) ? new Promise(() => {}) : bounds(topic, partition);
    };
    const { clock, metrics, owned, group } = this;
    const onStuck = (standing: StandingPartition) => this.stuck.push(standing);
    this.lag = new DetectorLag({ log, owned, group, clock, logger: silentLogger, metrics, onStuck });
  }

  append(count: number, partition = 0): void {
    const entry = { key: "", value: Buffer.from("x"), header: new Uint8Array(0) };
    this.logs.append(
      Topic.JOURNAL,
      partition,
      Array.from({ length: count }, () => entry),
    );
  }

  async own(...status: PartitionStatus[]): Promise<void> {
    this.owned.wanted = status.map(({ partition }) => partition);
    this.owned.status = status;
    await this.clock.rounds();
  }

  async gauge(partition: number): Promise<number | null> {
    const line = new RegExp(`^kadun_detector_lag_records{partition="${partition}"} (\\d+)$`, "m");
    const found = line.exec(await this.metrics.text());
    return found === null ? null : Number(found[1]);
  }
}

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.lag.close());

describe("readiness of a detector", () => {
  test("is green without partitions: the others have them", async () => {
    await world.own();
    expect(world.lag.readiness()).toEqual({ ready: true, reasons: [] });
    expect(world.lag.records).toBe(0);
  });

  test("is green where all partitions are open, bootstrapped and near the end", async () => {
    world.append(LAG_RECORDS_MAX);
    await world.own(judgedUpTo(-1), judgedUpTo(-1, 1));
    expect(world.lag.readiness()).toEqual({ ready: true, reasons: [] });
  });

  test("is red while partitions are being opened, with their number", async () => {
    await world.own(judgedUpTo(-1));
    world.owned.wanted = [0, 1, 2];
    expect(world.lag.readiness()).toEqual({
      ready: false,
      reasons: ["OPENING: 2 partitions are being opened; wait"],
    });
  });

  test("is red where the partitions together are too far behind", async () => {
    world.append(LAG_RECORDS_MAX);
    world.append(1, 1);
    await world.own(judgedUpTo(-1), judgedUpTo(-1, 1));
    expect(world.lag.readiness().reasons).toEqual([
      `CATCHING_UP: ${LAG_RECORDS_MAX + 1} records behind, ready from ${LAG_RECORDS_MAX} on; wait`,
    ]);
    await world.own(judgedUpTo(0), judgedUpTo(-1, 1));
    expect(world.lag.readiness().ready).toBe(true);
  });

  test("is red where the log does not say how long it is, and green again when it does", async () => {
    await world.own(judgedUpTo(-1));
    world.isLogAway = true;
    await world.clock.rounds();
    expect(world.lag.records).toBeNull();
    expect(world.lag.readiness().reasons).toEqual([expect.stringMatching(/^CATCHING_UP: .* not known yet/)]);
    world.isLogAway = false;
    await world.clock.rounds();
    expect(world.lag.readiness().ready).toBe(true);
  });

  test("is red before a snapshot of losses, and says both ways out", async () => {
    await world.own(judgedUpTo(0), judgedUpTo(0, 1, false));
    const { ready, reasons } = world.lag.readiness();
    expect(ready).toBe(false);
    expect(reasons).toEqual([expect.stringMatching(/^STATUS_SNAPSHOT_MISSING: /)]);
    expect(reasons[0]).toContain("'kadun import-status FILE'");
    expect(reasons[0]).toContain("'kadun topics create --cold-start'");
  });
});

describe("readiness of a detector without partitions", () => {
  test("is red where the log does not answer: then nobody knows who has them", async () => {
    world.isLogAway = true;
    await world.own();
    expect(world.lag.readiness().reasons).toEqual([expect.stringMatching(/^LOG_UNREACHABLE: /)]);
    world.isLogAway = false;
    await world.clock.rounds();
    expect(world.lag.readiness().ready).toBe(true);
  });
});

describe("a partition that stands still among others that get on", () => {
  /** Partition 1 stands at offset 4 of 10; the others are judged, a record a second. */
  async function seconds(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      world.append(1);
      const [first] = world.owned.status;
      await world.own(judgedUpTo((first?.judgedOffset ?? 0) + 1), judgedUpTo(4, 1));
    }
  }

  beforeEach(async () => {
    world.append(10);
    world.append(10, 1);
    await world.own(judgedUpTo(0), judgedUpTo(4, 1));
  });

  test("makes the detector red after a minute, by its number", async () => {
    await seconds(59);
    expect(world.lag.readiness()).toEqual({ ready: true, reasons: [] });
    await seconds(2);
    expect(world.lag.readiness()).toEqual({
      ready: false,
      reasons: [
        "STANDING: partition 1: no record judged for 61 s though 5 wait; see the log of this process",
      ],
    });
  });

  test("is forgiven with the next record that it judges", async () => {
    await seconds(70);
    await world.own(world.owned.status[0]!, judgedUpTo(5, 1));
    expect(world.lag.readiness()).toEqual({ ready: true, reasons: [] });
  });

  test("is no standstill where nothing waits in it, or nobody knows whether anything does", async () => {
    await world.own(judgedUpTo(0), judgedUpTo(9, 1));
    await world.clock.rounds(100);
    expect(world.lag.readiness().reasons.join()).not.toContain("partition 1");
    await seconds(40);
    world.isLogAway = true;
    await seconds(1);
    world.isLogAway = false;
    await seconds(40);
    expect(world.lag.readiness()).toEqual({ ready: true, reasons: [] });
  });

  test("ends the process after five minutes: what passes has passed, a loop that hangs has not", async () => {
    await seconds(299);
    expect(world.stuck).toEqual([]);
    await seconds(20);
    expect(world.stuck).toEqual([{ partition: 1, standingMs: 300_000, waiting: 5 }]);
  });

  test("is named, too, where it does not open", async () => {
    world.owned.wanted = [0, 1];
    world.owned.status = [judgedUpTo(10)];
    await world.clock.rounds(62);
    expect(world.lag.readiness().reasons).toEqual([
      "OPENING: 1 partitions are being opened, 1 for more than 60 s; see the log of this process",
    ]);
    await world.clock.rounds(300);
    expect(world.stuck).toEqual([]);
  });
});

describe("a partition whose leader does not answer", () => {
  test("holds up neither the look at the others nor the alarm about them", async () => {
    world.append(10);
    world.append(10, 1);
    world.silent.add(0);
    await world.own(judgedUpTo(0), judgedUpTo(4, 1));
    await world.clock.rounds(2);
    expect(world.lag.status().partitions).toMatchObject([{ lag: null }, { lag: 5 }]);
    expect([world.lag.records, world.lag.waitingRecords]).toEqual([null, 5]);
    await world.clock.rounds(32); // of a second, and of three until nothing more is waited for
    expect(world.lag.readiness().reasons).toContainEqual(expect.stringMatching(/^STANDING: partition 1: /));
  });

  test("holds up no end; neither does a coordinator that takes no positions", async () => {
    world.silent.add(0);
    world.group.commit = () => new Promise(() => {});
    await world.own(judgedUpTo(0), judgedUpTo(4, 1));
    await world.lag.close();
    world = new World();
    world.group.commit = () => new Promise(() => {});
    await world.own(judgedUpTo(0));
    await world.clock.rounds(2 * COMMIT_ROUNDS);
    await world.lag.close();
  });
});

describe("lag of a detector", () => {
  test("counts what lies behind the last record judged, in status and metrics", async () => {
    world.append(10);
    world.append(4, 2);
    world.group.assigned = [0, 2];
    await world.own(judgedUpTo(6), judgedUpTo(3, 2));
    expect(world.lag.records).toBe(3);
    expect(world.lag.status()).toMatchObject({
      assigned: [0, 2],
      partitions: [
        { partition: 0, lag: 3 },
        { partition: 2, lag: 0 },
      ],
    });
    expect([await world.gauge(0), await world.gauge(2), await world.gauge(1)]).toEqual([3, 0, null]);
  });

  test("of a partition that went to another process is no longer shown as its own", async () => {
    world.append(10);
    await world.own(judgedUpTo(-1));
    expect(await world.gauge(0)).toBe(10);
    await world.own();
    expect(await world.gauge(0)).toBe(0);
    expect(world.lag.status().partitions).toEqual([]);
  });

  test("is never below nothing: a record may be judged after the end was looked at", async () => {
    world.append(1);
    await world.own(judgedUpTo(0));
    world.owned.status = [judgedUpTo(5)];
    expect(world.lag.records).toBe(0);
  });

  test("tells the watchdog of every round in which something was judged, and of no other", async () => {
    await world.own(judgedUpTo(0));
    const before = world.lag.judgedRecords;
    await world.clock.rounds(3);
    expect(world.lag.judgedRecords).toBe(before);
    await world.own(judgedUpTo(1));
    expect(world.lag.judgedRecords).toBeGreaterThan(before);
  });
});

describe("positions of a detector", () => {
  test("are committed every five seconds, as the offset that is judged next", async () => {
    await world.own(judgedUpTo(6), judgedUpTo(-1, 1));
    world.commits.length = 0;
    await world.clock.rounds(2 * COMMIT_ROUNDS);
    const positions = [
      [0, 7],
      [1, 0],
    ];
    expect(world.commits).toEqual([positions, positions]);
  });

  test("are not committed where there are none", async () => {
    await world.own();
    await world.clock.rounds(COMMIT_ROUNDS);
    expect(world.commits).toEqual([]);
  });

  test("that are refused during a rebalance are committed the next time", async () => {
    world.refusal = new EventLogError("NOT_ASSIGNED", "rebalance");
    await world.own(judgedUpTo(6));
    await world.clock.rounds(COMMIT_ROUNDS);
    const refused = world.commits.length;
    expect(refused).toBeGreaterThan(0);
    world.refusal = null;
    await world.clock.rounds(COMMIT_ROUNDS);
    expect(world.commits.length).toBe(refused + 1);
    expect(world.lag.readiness().ready).toBe(true);
  });

  test("stop with close", async () => {
    await world.own(judgedUpTo(6));
    await world.lag.close();
    const { length } = world.commits;
    await world.lag.close();
    expect(world.commits).toHaveLength(length);
  });
});
