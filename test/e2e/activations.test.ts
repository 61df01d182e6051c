/**
 * Bundles change under load, in a real Kadun on four partitions, one kill -9 between: decisions change exactly from the
 * activation's position in each partition, nobody's windows are lost, and the journal judged again says the same and gives the
 * same persons. (bench/activations does it at thousands of swipes a second, on both profiles.)
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { verdictOf } from "../../bench/activations/verdict.js";
import { KadunProcess } from "../../bench/load/kadun-process.js";
import { isReconciled, reconciled } from "../../bench/load/office-client.js";
import { SettleGenerator } from "../../bench/pipeline/settle-generator.js";
import { type BundleContent, bundleOfValue, type LoadedBundle } from "../../cli/bundle-files.js";
import { BundleFolder } from "../../cli/bundle-folder.js";
import { openLogReadOnly } from "../../cli/compose/embedded.js";
import { pathsOf } from "../../cli/embedded/paths.js";
import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import { openLmdbStateStore } from "../../platform/state-store/lmdb/lmdb-state-store.js";
import { decodeJournalBody, decodeOutcomeBody } from "../../schemas/log-body.js";
import type { DecisionOutcome } from "../../schemas/outcomes.js";
import { Topic } from "../../schemas/topics.js";
import { changedBundle } from "../detector/changed-bundle.js";
import { defaultBundle } from "../support/judge.js";
import { newDataDirectory } from "../support/new-data-directory.js";
import { at, rawSwipe } from "../support/records.js";

const PARTITIONS = 4;
const PERSONS = 1_500;
const LINES = 300;
const IN_FLIGHT = 4;
/** Acknowledged between two activations. */
const STRETCH = 3_000;
const TIMEOUT_MS = 500_000;

/** Two purchases within half an hour are split ones: what was bought before an activation counts. */
const eager = changedBundle({
  ruleset: {
    rules: [
      {
        id: "R14",
        params: {
          limitFen: 5_000,
          sharePercentMin: 1,
          sharePercentMax: 200,
          countMin: 2,
          sumPercentMin: 100,
        },
      },
    ],
  },
});
const contentOf = ({ content }: LoadedBundle) => content;
const withDrug: BundleContent = {
  ...eager.content,
  drugs: { ...eager.content.drugs, names: ["KADUN-TEST-DRUG"] },
};
const withDrugHash = bundleOfValue(withDrug, "with a drug").bundle.hash;

let folder: string;
let kadun: KadunProcess;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kadun-activations-"));
  await newDataDirectory(join(folder, "data"), PARTITIONS);
  await start("--cold-start");
});
afterEach(async () => {
  await kadun.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(...args: string[]): Promise<void> {
  kadun = await KadunProcess.start({
    dataDirectory: join(folder, "data"),
    logPath: join(folder, "log.ndjson"),
    args: ["--partitions", String(PARTITIONS), ...args],
  });
}

async function send(method: "GET" | "POST", path: string, body?: string, contentType = "application/json") {
  const response = await fetch(`${kadun.url}${path}`, {
    method,
    headers: { "content-type": contentType, authorization: `Bearer ${kadun.apiKey}` },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const publish = (request: object) => send("POST", "/local/activations", JSON.stringify(request));

/** Sends settles of the city's people as fast as they are taken, each again until it was. */
class Load {
  acknowledged = 0;
  private isOver = false;
  private readonly generator = new SettleGenerator({ seed: 7, persons: PERSONS });
  private readonly ended = Promise.all(Array.from({ length: IN_FLIGHT }, () => this.run()));

  async until(acknowledged: number): Promise<void> {
    while (this.acknowledged < acknowledged) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.ended;
  }

  private async run(): Promise<void> {
    while (!this.isOver) {
      const lines = Array.from({ length: LINES }, () => this.generator.next(Date.now())).join("\n");
      while (!(await this.isTaken(lines))) await new Promise((resolve) => setTimeout(resolve, 50));
      this.acknowledged += LINES;
    }
  }

  private async isTaken(lines: string): Promise<boolean> {
    try {
      return (await send("POST", "/v1/swipes", lines, "application/x-ndjson")).status === 202;
    } catch {
      // Killed, or not there yet.
      return false;
    }
  }
}

const drugSwipe = (eventId: string) =>
  send(
    "POST",
    "/v1/authorizations",
    JSON.stringify(
      rawSwipe({
        eventId,
        personId: `DRUGS-${eventId}`,
        occurredAt: at(Date.now()),
        items: [{ name: "KADUN-TEST-DRUG 10 mg", amountFen: 1_000 }],
      }),
    ),
  );

test(
  "activations under load count from their positions on, and the journal judged again says what was said",
  async () => {
    const load = new Load();
    await load.until(STRETCH);
    await drugSwipe("before");
    expect(await publish({ sequence: 1, content: withDrug, publishedBy: ["A", "B"] })).toMatchObject({
      status: 200,
      body: { sequence: 1, shadowBundleHash: null, partitions: [0, 1, 2, 3] },
    });
    await running(1);
    await drugSwipe("after");
    await load.until(2 * STRETCH);
    const shadowed = {
      sequence: 2,
      content: contentOf(defaultBundle),
      shadow: eager.content,
      publishedBy: ["A", "C"],
    };
    expect(await publish(shadowed)).toMatchObject({ status: 200 });
    expect(await publish({ ...shadowed, partitions: [1] })).toMatchObject({
      status: 200,
      body: { partitions: [1] },
    });
    expect(await publish({ sequence: 1, content: withDrug, publishedBy: [] })).toMatchObject({
      status: 409,
      body: { code: "ACTIVATION_SUPERSEDED" },
    });
    await load.until(3 * STRETCH);
    await kadun.kill();
    await start();
    await running(2);
    expect(await publish({ ...shadowed, shadow: null })).toMatchObject({
      status: 409,
      body: { code: "ACTIVATION_CONFLICT" },
    });
    await load.until(4 * STRETCH);
    expect(await publish({ sequence: 3, bundleHash: eager.bundle.hash, publishedBy: [] })).toMatchObject({
      status: 200,
    });
    await load.until(5 * STRETCH);
    await load.stop();
    await kadun.officeUp();
    expect(isReconciled(await reconciled(kadun))).toBe(true);
    expect(await kadun.stop()).toBe(0);
    await check(load.acknowledged);
  },
  TIMEOUT_MS,
);

/** Waits until every partition goes by the activation. */
async function running(sequence: number): Promise<void> {
  for (;;) {
    const { body } = await send("GET", "/local/activations");
    const partitions = body.partitions as { running: { sequence: number } | null }[];
    expect(partitions).toHaveLength(PARTITIONS);
    if (partitions.every((each) => each.running?.sequence === sequence)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function check(acknowledged: number): Promise<void> {
  const paths = pathsOf(join(folder, "data"));
  const log = await openLogReadOnly(paths, PARTITIONS);
  const store = await openLmdbStateStore({ path: paths.state, partitions: PARTITIONS });
  const shelf = new BundleFolder(paths.bundles);
  const listed: Record<string, boolean | undefined> = {};
  let [evidenceOfBefore, ofDraft] = [0, 0];
  try {
    const { findings, swipes, decisionsBy } = await verdictOf(
      { log, store, close: async () => {} },
      {
        partitions: PARTITIONS,
        bundles: new Map(shelf.hashes().map((hash) => [hash, shelf.whole(hash)!.bundle])),
        sequences: [0, 1, 2, 3],
        accepted: ["before", "after"],
      },
    );
    expect(findings).toEqual([]);
    expect(swipes).toBeGreaterThanOrEqual(acknowledged + 2);
    expect(Object.keys(decisionsBy)).toEqual(["0", "1", "2", "3"]);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const journal = await recordsOf(log, Topic.JOURNAL, partition);
      const before = eventsBefore(journal, 1);
      for (const { value } of await recordsOf(log, Topic.DECISIONS, partition)) {
        const outcome = decodeOutcomeBody(value);
        if (outcome.type !== "decision") continue;
        const splits = outcome.reasons.filter(({ rule }) => rule === "R14");
        ofDraft += splits.filter(({ draft }) => draft === true).length;
        if (outcome.bundleHash === withDrugHash && restsOn(splits, before)) evidenceOfBefore++;
      }
      for (const { value } of journal) {
        const record = decodeJournalBody(value);
        if (record.type === "swipe" && /^(before|after)$/.test(record.eventId))
          listed[record.eventId] = record.items?.[0]?.listed;
      }
    }
  } finally {
    await store.close();
    await log.close();
  }
  expect(listed).toEqual({ before: false, after: true });
  expect(evidenceOfBefore).toBeGreaterThan(0);
  expect(ofDraft).toBeGreaterThan(0);
}

async function recordsOf(log: EventLog, topic: string, partition: number): Promise<LoggedRecord[]> {
  const { start: from, end } = await log.bounds(topic, partition);
  const reader = await log.reader(topic, partition, from);
  const records: LoggedRecord[] = [];
  try {
    while (reader.position < end)
      records.push(...(await reader.read({ recordsMax: 5_000, bytesMax: 16_000_000, waitMs: 0 })));
  } finally {
    await reader.close();
  }
  return records;
}

function eventsBefore(journal: readonly LoggedRecord[], sequence: number): ReadonlySet<string> {
  const events = new Set<string>();
  for (const { value } of journal) {
    const record = decodeJournalBody(value);
    if (record.type === "activation" && record.sequence === sequence) return events;
    if (record.type === "swipe") events.add(record.eventId);
  }
  return events;
}

function restsOn(reasons: DecisionOutcome["reasons"], events: ReadonlySet<string>): boolean {
  return reasons.some(({ evidence }) => evidence.some((eventId) => events.has(eventId)));
}
