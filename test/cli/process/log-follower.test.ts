import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type FollowedPartition, LogFollower } from "../../../cli/process/log-follower.js";
import { DatabaseError } from "../../../platform/database/database.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import { SteppedClock } from "../distributed/stepped-clock.js";

const AWAY = new DatabaseError("UNREACHABLE", "nobody answers", { retryable: true });
const NAMES_POSTGRES =
  /^DATABASE_UNREACHABLE: PostgreSQL \(KADUN_POSTGRES_URL\) does not answer; .*; see the log of this process$/;

class World {
  readonly clock = new SteppedClock();
  partitions: FollowedPartition[] = [at(0, 10, 0), at(1, 4, 5)];
  log: () => Promise<void> = async () => {};
  database: () => Promise<unknown> = async () => 0;
  readonly follower = new LogFollower({
    partitions: async () => {
      await this.log();
      return this.partitions;
    },
    database: { name: "PostgreSQL", variable: "KADUN_POSTGRES_URL", ask: () => this.database() },
    clock: this.clock,
    logger: silentLogger,
  });
}

function at(partition: number, nextOffset: number, lag: number | null): FollowedPartition {
  return { topic: "kadun.decisions", partition, nextOffset, lag };
}

const never = () => new Promise<never>(() => {});

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.follower.close());

describe("a process that follows a log into a database", () => {
  test("is red until both have answered, then green", async () => {
    const { follower, clock } = new World();
    expect(follower.readiness().reasons).toEqual([expect.stringMatching(/^STARTING: /)]);
    await clock.sleeping();
    expect(follower.readiness()).toEqual({ ready: true, reasons: [] });
    await follower.close();
  });

  test("is red and names the database where that refuses, and green by itself when it is back", async () => {
    world.database = () => Promise.reject(AWAY);
    await world.clock.rounds();
    expect(world.follower.readiness()).toEqual({
      ready: false,
      reasons: [expect.stringMatching(NAMES_POSTGRES)],
    });
    world.database = async () => 0;
    await world.clock.rounds();
    expect(world.follower.readiness().ready).toBe(true);
  });

  test("is red where the database says nothing at all; whoever asks does not wait, nor does the end", async () => {
    world.database = never;
    await world.clock.rounds(2); // the pause, then the time for an answer
    expect(world.follower.readiness().reasons).toEqual([expect.stringMatching(NAMES_POSTGRES)]);
    await world.clock.rounds();
    await world.follower.close();
  });

  test("is red where the log says nothing, in an answer or at all", async () => {
    world.partitions = [at(0, 10, null)];
    await world.clock.rounds();
    expect(world.follower.readiness().reasons).toEqual([expect.stringMatching(/^LOG_UNREACHABLE: /)]);
    world.partitions = [at(0, 10, 0)];
    world.log = never;
    await world.clock.rounds(2);
    expect(world.follower.readiness().reasons).toEqual([expect.stringMatching(/^LOG_UNREACHABLE: /)]);
  });

  test("is red where one partition stands for a minute while the others get on, and names it", async () => {
    for (let offset = 11; offset < 42; offset++) {
      world.partitions = [at(0, offset, 1), at(1, 4, 5)];
      await world.clock.rounds();
    }
    expect(world.follower.readiness().reasons).toEqual([
      expect.stringMatching(/^STANDING: kadun\.decisions\/1: nothing stored for 6\d s though 5 wait; /),
    ]);
    world.partitions = [at(0, 42, 1), at(1, 5, 4)];
    await world.clock.rounds();
    expect(world.follower.readiness().ready).toBe(true);
  });
});
