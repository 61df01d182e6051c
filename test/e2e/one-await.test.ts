/**
 * What an answer waits for: the journal's append and no other write. The swipe process as `kadun start` composes it, on
 * its own LMDB adapters, each write of which can be held back.
 *
 * Not shown here: one append of outcomes is in flight in a partition, so the answers of a batch wait until the outcomes
 * of the batch before are handed to the decisions log. It is a derived log: its flush is waited for by nobody's answer.
 */

import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openEmbeddedSwipe } from "../../cli/compose/embedded.js";
import { pathsOf } from "../../cli/embedded/paths.js";
import { startSwipeProcess } from "../../cli/embedded/swipe-process.js";
import { Closers } from "../../cli/process/closers.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import { HttpClient } from "../../platform/http-client/http-client.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { answer, notStoredAnswer } from "../../schemas/http/authorization.js";
import { rawSwipe } from "../support/records.js";
import { Watch, WatchedEventLog, WatchedStateStore, watchedKeyValues } from "./watched-ports.js";

const JOURNAL = /^kadun\.journal append$/;
/** Every write there is but the journal's append. */
const ALL_OTHERS = /^(?!kadun\.journal append$)/;
const PARTITIONS = 2;
/** Longer than any answer takes on a busy machine: only what hangs is out of time. */
const TIME_LIMIT_MS = 5000;
const SHORT_TIME_LIMIT_MS = 300;

class World {
  readonly watch = new Watch();
  readonly folder = mkdtempSync(join(tmpdir(), "kadun-await-"));
  readonly closers = new Closers();
  client!: HttpClient;

  async open(answerTimeLimitMs: number): Promise<void> {
    const paths = pathsOf(this.folder);
    mkdirSync(paths.keys, { recursive: true });
    const platform = await openEmbeddedSwipe(
      {
        paths,
        partitions: PARTITIONS,
        clock: systemClock,
        logger: silentLogger,
        metrics: noMetrics,
        metricsText: { contentType: "text/plain", text: async () => "" },
        vaultKey: randomBytes(32),
        linkageKey: randomBytes(32),
      },
      this.closers,
    );
    const { watch } = this;
    const keyValues = platform.keyValues;
    const url = await startSwipeProcess(
      {
        platform: {
          ...platform,
          log: new WatchedEventLog(platform.log, watch),
          store: new WatchedStateStore(platform.store, watch),
          keyValues: {
            contacts: watchedKeyValues("contacts", keyValues.contacts, watch),
            institutions: watchedKeyValues("institutions", keyValues.institutions, watch),
            networks: watchedKeyValues("networks", keyValues.networks, watch),
            redriven: watchedKeyValues("redriven", keyValues.redriven, watch),
            moved: watchedKeyValues("moved", keyValues.moved, watch),
          },
        },
        host: "127.0.0.1",
        port: 0,
        isColdStart: true,
        answerTimeLimitMs,
        onFailure: (error) => {
          throw error;
        },
      },
      this.closers,
    );
    const apiKey = readFileSync(paths.localKey, "utf8").trim();
    this.client = new HttpClient({ url, apiKey, connectionsMax: 10, timeoutMs: 20_000 });
  }

  async authorize(eventId: string, personId = eventId) {
    const body = JSON.stringify(rawSwipe({ eventId, personId }));
    const response = await this.client.send({ method: "POST", path: "/v1/authorizations", body });
    return { status: response.status, body: JSON.parse(response.body.toString()) as unknown };
  }

  /** A decision of the judge, or the test ends here. */
  async decided(eventId: string, personId = eventId): Promise<void> {
    const { status, body } = await this.authorize(eventId, personId);
    expect(status).toBe(200);
    expect(answer.parse(body)).toMatchObject({ eventId, standIn: false, journaled: true });
  }

  async close(): Promise<void> {
    this.watch.release();
    this.client.close();
    await this.closers.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

test("with every write but the journal's append hanging, the decision arrives", async () => {
  await world.open(TIME_LIMIT_MS);
  const { watch } = world;
  await world.decided("warm-up");
  await watch.idle();
  watch.hold(ALL_OTHERS);
  watch.clear();
  await world.decided("held");
  // Reads are not held: a person seen for the first time is looked for in the state store.
  expect(new Set(watch.settled.filter((name) => name !== "state load"))).toEqual(
    new Set(["kadun.journal append"]),
  );
  expect(watch.begun.filter((name) => JOURNAL.test(name))).toHaveLength(1);
});

test("with the checkpoint's writes hanging, decisions go on arriving", async () => {
  await world.open(TIME_LIMIT_MS);
  const { watch } = world;
  watch.hold(/^state put$/);
  const checkpoint = watch.next("state put");
  await world.decided("before");
  await checkpoint;
  watch.clear();
  for (let i = 0; i < 20; i++) await world.decided(`during-${i}`, `PERSON-${i % 5}`);
  expect(watch.settled).not.toContain("state put");
});

test("with the decisions log's flush hanging, decisions go on arriving", async () => {
  await world.open(TIME_LIMIT_MS);
  const { watch } = world;
  watch.hold(/^kadun\.decisions flush$/);
  const flush = watch.next("kadun.decisions flush");
  await world.decided("before");
  await flush;
  watch.clear();
  for (let i = 0; i < 20; i++) await world.decided(`during-${i}`, `PERSON-${i % 5}`);
  expect(watch.settled).not.toContain("kadun.decisions flush");
});

test("with the journal's append hanging, no decision arrives: the terminal is told that nothing is stored", async () => {
  await world.open(SHORT_TIME_LIMIT_MS);
  const { watch } = world;
  watch.hold(JOURNAL);
  watch.clear();
  const { status, body } = await world.authorize("held");
  expect(status).toBe(503);
  expect(notStoredAnswer.parse(body).answer).toMatchObject({
    standIn: true,
    journaled: false,
    decisionId: null,
  });
  expect(watch.settled).not.toContain("kadun.journal append");
  watch.release();
});

test("a decision never leaves before the append of its swipe is through", async () => {
  await world.open(TIME_LIMIT_MS);
  const { watch } = world;
  for (let i = 0; i < 50; i++) {
    watch.clear();
    await world.decided(`each-${i}`, `PERSON-${i % 7}`);
    expect(watch.settled).toContain("kadun.journal append");
  }
});
