/**
 * Faults of every role and every server, one after the other, over one broker whose clients go through a proxy.
 * After each: every accepted swipe has one effective decision with the body of a replay, the state is the fold of the
 * journal, rows are reconciled, alerts and SMS are those of a service that saw no fault.
 */

import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Random } from "../../bench/city/random.js";
import type { RoleName } from "../../bench/load/role-process.js";
import { losingAnswers, PRODUCE } from "../support/kafka-frames.js";
import { type ProxiedKafka, startProxiedKafka } from "../support/proxied-kafka.js";
import { countOf } from "./fault-kadun.js";
import { AGAIN, byLength, SEED } from "./fault-run.js";
import { FaultWorld, type Verdict } from "./fault-world.js";
import { intruder } from "./intruder.js";
import { until } from "./until.js";

const STREAM = 401;
const PARTITIONS = 6;
const CITY = byLength({ short: { persons: 1_500, days: 30 }, long: { persons: 4_000, days: 40 } });
const LINES_PER_SECOND = 100;
const KILLS = byLength({ short: 1, long: 3 });
const AWAY_MS = byLength({ short: 3_000, long: 60_000 });
const CUTS = byLength({ short: 5, long: 30 });
const CUT_SHARE = 0.1;
/** Between two kills of one role. */
const GAP_MS_MAX = 1_500;
const FENCED = "kadun_detector_fenced_writes_total";

describe(`one broker (${AGAIN})`, () => {
  const random = Random.derived(SEED, STREAM, 0);
  let kafka: ProxiedKafka;
  let world: FaultWorld;
  let onProduce: (frame: Buffer) => boolean = () => false;

  beforeAll(async () => {
    const watch = losingAnswers((apiKey, frame) => apiKey === PRODUCE && onProduce(frame));
    world = await FaultWorld.open({
      name: "one-broker",
      startKafka: async () => {
        kafka = await startProxiedKafka({ seed: SEED, watch });
        const { bootstrap, servers, close } = kafka;
        return { bootstrap, nodes: servers.nodes, close };
      },
      partitions: PARTITIONS,
      city: CITY,
      linesPerSecond: LINES_PER_SECOND,
    });
  });
  afterAll(() => world?.close());

  /** Resolves when a produce request that names the topic passes by; `seize` acts on it before it goes on. */
  const atProduce = async (topic: string, seize: () => void) => {
    let seized = false;
    onProduce = (frame) => {
      if (seized || !frame.includes(topic)) return false;
      seized = true;
      seize();
      return false;
    };
    await until(`a produce request to ${topic}`, () => seized, 5);
    onProduce = () => false;
  };

  const sound = (verdict: Verdict) => {
    process.stderr.write(`${expect.getState().currentTestName}: ${JSON.stringify(verdict.counts)}\n`);
    expect(verdict.findings.slice(0, 10)).toEqual([]);
  };

  const killed = async (role: RoleName, strike: (pid: number) => Promise<void>) => {
    for (let kill = 0; kill < KILLS; kill++) {
      await wait(random.whole(0, GAP_MS_MAX));
      const victim = random.pick(world.kadun.cluster.of(role));
      world.kadun.expectEnd(victim);
      await strike(victim.pid);
      await victim.exited;
      await world.kadun.startRole(role);
    }
  };
  const killAtProduce = (topic: string) => (pid: number) =>
    atProduce(topic, () => process.kill(pid, "SIGKILL"));

  test("undisturbed", async () => {
    sound(await world.under(async () => {}));
  });

  test(`ingest killed ${KILLS} times with an append to the journal under way`, async () => {
    sound(await world.under(() => killed("ingest", killAtProduce("kadun.journal"))));
    expect(world.load.resent).toBeGreaterThan(0);
  });

  test(`a detector killed ${KILLS} times while outcomes are appended`, async () => {
    sound(await world.under(() => killed("detector", killAtProduce("kadun.decisions"))));
  });

  test(`alerts killed ${KILLS} times`, async () => {
    sound(await world.under(() => killed("alerts", async (pid) => void process.kill(pid, "SIGKILL"))));
  });

  test(`analytics killed ${KILLS} times in mid-insert`, async () => {
    const strike = async (pid: number) => {
      await world.servers.clickhouse.next("begun", "insert");
      process.kill(pid, "SIGKILL");
    };
    sound(await world.under(() => killed("analytics", strike)));
  });

  test("the broker killed and restarted", async () => {
    const [broker] = world.servers.kafka.nodes;
    const verdict = await world.under(async () => {
      await atProduce("kadun.journal", () => process.kill(broker!.pid, "SIGKILL"));
      await broker!.kill();
      await broker!.start();
    });
    sound(verdict);
  });

  test(`connections cut ${CUTS} times between an append and its acknowledgement`, async () => {
    let cuts = 0;
    const verdict = await world.under(async () => {
      onProduce = () => {
        const isLost = cuts < CUTS && random.chance(CUT_SHARE);
        if (isLost) cuts++;
        return isLost;
      };
      await until(`${CUTS} acknowledgements are lost`, () => cuts >= CUTS);
      onProduce = () => false;
    });
    sound(verdict);
  });

  test("raw records delivered several times and in any order", async () => {
    const before = world.load.sent.length;
    const verdict = await world.under(async () => {
      expect(world.load.sendShuffled(random)).toBeGreaterThan(10);
    });
    expect(world.load.sent.length).toBeGreaterThan(before);
    sound(verdict);
  });

  test("a detector that is paused beyond its session wakes as a zombie: its writes are refused and counted", async () => {
    let fenced = 0;
    const verdict = await world.under(async () => {
      const [zombie, other] = random.shuffled(world.kadun.cluster.of("detector"));
      zombie!.pause();
      await world.kadun.ownsAll(other!);
      await world.load.progress(30);
      zombie!.resume();
      fenced = await until("the zombie's writes are refused", () => countOf(zombie!, FENCED));
      await world.kadun.shared();
    });
    sound(verdict);
    expect(fenced).toBeGreaterThan(0);
  });

  test("two owners of each partition, one of them outside the group: one writes, the other is refused and counted", async () => {
    const before = await world.kadun.counted("detector", FENCED);
    const verdict = await world.under(async () => {
      const outside = await intruder(world);
      await until("either side is refused several times", async () => {
        const refused = (await world.kadun.counted("detector", FENCED)) - before;
        return refused >= 3 && outside.refusals() >= 3;
      });
      await outside.close();
    });
    sound(verdict);
  });

  test("Redis restarted without what it held", async () => {
    sound(await world.under(() => world.servers.redis.restart()));
  });

  test("Redis failed over to a replica that lost the last second", async () => {
    const verdict = await world.under(async () => {
      expect(await world.servers.redis.failOver(1_000)).toBeGreaterThan(0);
    });
    sound(verdict);
  });

  test("Redis restarted with its file", async () => {
    sound(await world.under(() => world.servers.redis.restart()));
  });

  test(`ClickHouse away for ${AWAY_MS} ms`, async () => {
    const { clickhouse } = world.servers;
    const verdict = await world.under(async () => {
      await clickhouse.next("begun", "insert");
      await clickhouse.kill();
      await wait(AWAY_MS);
      await clickhouse.start();
    });
    sound(verdict);
  });

  test(`PostgreSQL away for ${AWAY_MS} ms`, async () => {
    const { postgres } = world.servers;
    const verdict = await world.under(async () => {
      await postgres.kill();
      await wait(AWAY_MS);
      await postgres.start();
    });
    sound(verdict);
  });
});
