/**
 * Faults of every role and every server, one after the other, over one broker whose clients go through a proxy.
 * After them: every accepted swipe has one effective decision with the body of a replay, the state is the fold of the
 * journal, rows are reconciled, alerts and SMS are those of a service that saw no fault; and all of it can be made again,
 * archived and trimmed.
 */

import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Random } from "../../bench/city/random.js";
import type { RoleName } from "../../bench/load/role-process.js";
import { Topic } from "../../schemas/topics.js";
import { losingAnswers, PRODUCE } from "../support/kafka-frames.js";
import { type ProxiedKafka, startProxiedKafka } from "../support/proxied-kafka.js";
import { archived, expectSound, trimmed } from "./archived-and-trimmed.js";
import { countOf } from "./fault-kadun.js";
import { AGAIN, byLength, IS_SHORT, SEED } from "./fault-run.js";
import { FaultWorld } from "./fault-world.js";
import { intruder } from "./intruder.js";
import { alertsMadeAgain, rowsMadeAgain } from "./made-again.js";
import { expectMoved, movePersons } from "./moves-under-faults.js";
import type { MovingPersons } from "./moving-persons.js";
import { expectRings, killInMidPatrol } from "./patrols-under-faults.js";
import { plantedRings } from "./planted-rings.js";
import { sound } from "./sound.js";
import { until } from "./until.js";

const STREAM = 401;
const PARTITIONS = 6;
const CITY = byLength({ short: { persons: 8_000, days: 60 }, long: { persons: 16_000, days: 120 } });
const LINES_PER_SECOND = byLength({ short: 200, long: 100 });
const KILLS = byLength({ short: 1, long: 3 });
const AWAY_MS = byLength({ short: 2_000, long: 60_000 });
const CUTS = byLength({ short: 5, long: 30 });
const CUT_SHARE = 0.1;
/** Between two kills of one role. */
const GAP_MS_MAX = 1_000;
const SHUFFLED_MIN = 10;
/** Taken while a zombie sleeps. */
const LINES_MEANWHILE = 30;
const REFUSALS = 3;
const MOVING = 8;
/** Of a rebuild: each of its two tables has one at least, however fast the logs are read. */
const INSERTS_MAX = 2;
const FENCED = "kadun_detector_fenced_writes_total";

describe(`one broker (${AGAIN})`, () => {
  const random = Random.derived(SEED, STREAM, 0);
  let kafka: ProxiedKafka;
  let world: FaultWorld;
  let moving: MovingPersons;
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

  /** A fault under load. By hand everything is judged after each one; in CI twice. */
  const strike = async (fault: () => Promise<unknown>) => {
    await world.under(fault);
    if (!IS_SHORT) sound(await world.verdict());
  };

  const judged = () => {
    if (!IS_SHORT) return;
    test("nothing is lost, doubled or changed", async () => {
      sound(await world.verdict());
    });
  };

  describe("processes", () => {
    test("none disturbed", () => strike(async () => {}));

    test(`ingest killed ${KILLS} times with an append to the journal under way`, async () => {
      const before = world.load.resent;
      await strike(() => killed("ingest", killAtProduce(Topic.JOURNAL)));
      expect(world.load.resent).toBeGreaterThan(before);
    });

    test(`a detector killed ${KILLS} times while outcomes are appended`, () =>
      strike(() => killed("detector", killAtProduce(Topic.DECISIONS))));

    test(`alerts killed ${KILLS} times`, () =>
      strike(() => killed("alerts", async (pid) => void process.kill(pid, "SIGKILL"))));

    test(`analytics killed ${KILLS} times in mid-insert`, () =>
      strike(() =>
        killed("analytics", async (pid) => {
          await world.servers.clickhouse.next("begun", "insert");
          process.kill(pid, "SIGKILL");
        }),
      ));
  });

  describe("the log", () => {
    test("the broker killed with an append under way, and restarted", () =>
      strike(async () => {
        const [broker] = world.servers.kafka.nodes;
        await atProduce(Topic.JOURNAL, () => process.kill(broker!.pid, "SIGKILL"));
        await broker!.kill();
        await broker!.start();
      }));

    test(`connections cut ${CUTS} times between an append and its acknowledgement`, () =>
      strike(async () => {
        let cuts = 0;
        onProduce = () => {
          const isLost = cuts < CUTS && random.chance(CUT_SHARE);
          if (isLost) cuts++;
          return isLost;
        };
        await until(`${CUTS} acknowledgements are lost`, () => cuts >= CUTS);
        onProduce = () => false;
      }));

    test("raw records delivered several times and in any order", () =>
      strike(async () => {
        expect(world.load.sendShuffled(random)).toBeGreaterThan(SHUFFLED_MIN);
      }));

    judged();
  });

  describe("owners of partitions", () => {
    test("a detector that is paused beyond its session wakes as a zombie: its writes are refused and counted", () =>
      strike(async () => {
        const [zombie, other] = random.shuffled(world.kadun.cluster.of("detector"));
        const before = await countOf(zombie!, FENCED);
        await zombie!.pause();
        await world.kadun.ownsAll(other!);
        await world.load.progress(LINES_MEANWHILE);
        zombie!.resume();
        await until("the zombie's writes are refused", async () => (await countOf(zombie!, FENCED)) > before);
        await world.kadun.shared();
      }));

    test("two owners of each partition, one outside the group: one writes, the other is refused and counted", () =>
      strike(async () => {
        const before = await world.kadun.counted("detector", FENCED);
        const outside = await intruder(world);
        await until(`either side is refused ${REFUSALS} times`, async () => {
          const refused = (await world.kadun.counted("detector", FENCED)) - before;
          return refused >= REFUSALS && outside.refusals() >= REFUSALS;
        });
        await outside.close();
      }));
  });

  describe("stores", () => {
    test("Redis restarted without what it held", () => strike(() => world.servers.redis.restart()));

    test("Redis failed over to a replica that lost the last second", () =>
      strike(async () => {
        expect(await world.servers.redis.failOver(1_000)).toBeGreaterThan(0);
      }));

    test("Redis restarted with its file", () => strike(() => world.servers.redis.restart()));

    test(`ClickHouse and PostgreSQL away for ${AWAY_MS} ms each, half of it together`, () =>
      strike(async () => {
        const { clickhouse, postgres } = world.servers;
        await clickhouse.next("begun", "insert");
        await clickhouse.kill();
        await wait(AWAY_MS / 2);
        await postgres.kill();
        await wait(AWAY_MS / 2);
        await clickhouse.start();
        await wait(AWAY_MS / 2);
        await postgres.start();
      }));
  });

  describe("persons and rings", () => {
    test(`${MOVING} persons get number after number while a detector and the carrier are killed: the lost card stays refused`, async () => {
      await strike(async () => {
        moving = await movePersons(world, MOVING, (role, topic) => killed(role, killAtProduce(topic)));
      });
      await expectMoved(world, moving);
    });

    test("alerts killed in mid-patrol: each ring is one finding with one alert in one case", async () => {
      const rings = plantedRings(world.linkageKey);
      await strike(() => killInMidPatrol(world, rings));
      await expectRings(world, rings);
    });

    judged();
  });

  describe("what was made of all this", () => {
    test("cases, alerts and rows are made again, killed in between: the same hashes, no SMS again", async () => {
      const { kadun, load } = world;
      await load.stop();
      const before = await kadun.cluster.reconciled();
      // Patrols have looked at everything.
      await kadun.only("alerts").ask("POST", "/v1/patrols/run");
      const ended = (["alerts", "analytics"] as const).map((role) => kadun.stopRole(kadun.only(role)));
      expect(await Promise.all(ended)).toEqual([0, 0]);
      const { personLinks, patrolAlerts, sms } = await alertsMadeAgain(world);
      expect([personLinks.rows, patrolAlerts.rows, sms.rows].every((rows) => rows > 0)).toBe(true);
      await rowsMadeAgain(world, before, random.whole(1, INSERTS_MAX));
    });

    test("the journal is archived and trimmed: a detector goes on from its state, and all is judged again from the archive", async () => {
      const { kadun } = world;
      const folder = join(world.folder, "archive");
      const { records } = await archived(world, folder);
      await Promise.all(kadun.cluster.of("detector").map((detector) => kadun.stopRole(detector)));
      expect(await trimmed(world, folder)).toBeGreaterThan(records / 2);
      await kadun.startRole("detector");
      await moving.swipeAll();
      const more = await archived(world, folder);
      expect(more.records).toBeGreaterThan(MOVING);
      await expectSound(world, folder, more.head);
      expect(kadun.endedByThemselves).toEqual([]);
    });
  });
});
