/**
 * Two people change the rules of a distributed Kadun over live PostgreSQL and Kafka, by the commands they would use:
 * four partitions answer, also when a detector is killed in between and the console with it.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { RoleCluster } from "../../bench/load/role-cluster.js";
import type { RoleProcess } from "../../bench/load/role-process.js";
import {
  activationAnswer,
  type RulesStatus,
  rollbackAnswer,
  rulesStatus,
  versionDetail,
} from "../../schemas/http/rules.js";
import { type KadunServers, startKadunServers } from "../support/servers/kadun-servers.js";

const PARTITIONS = 4;
/**
 * Long enough to see what is partial before the killed detector's partitions go to the other: a dozen commands, 8 s on an idle
 * machine, several times that beside other suites.
 */
const SESSION_MS = 60_000;
const START_MS = 180_000;
const WITHIN_MS = 120_000;
const POLL_MS = 250;

let folder: string;
let servers: KadunServers;
let cluster: RoleCluster;
let desk: RoleProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kadun-rules-on-servers-"));
  servers = await startKadunServers(folder);
  const settings = { KADUN_SESSION_TIMEOUT_MS: String(SESSION_MS), KADUN_LOG_LEVEL: "warn" };
  cluster = new RoleCluster({ servers: servers.environment, folder, partitions: PARTITIONS, settings });
  await cluster.setUp();
  await cluster.start("ingest");
  await cluster.start("detector");
  await cluster.start("detector");
  desk = await cluster.start("console");
  for (const person of ["an", "bo", "chen"]) writeFileSync(keyOf(person), await people("add", person));
  await eventually(async () => (await status()).running !== null);
}, START_MS);

afterAll(async () => {
  for (const process of cluster?.processes ?? []) if (process.isRunning) await process.kill();
  await servers?.close();
  rmSync(folder, { recursive: true, force: true });
}, START_MS);

function keyOf(person: string): string {
  return join(folder, `${person}.key`);
}

function people(...args: string[]): Promise<string> {
  return cluster.command(["people", ...args, "--url", desk.url]);
}

/** `kadun rules …` as a person. @returns its JSON. */
async function rules(person: string, ...args: string[]): Promise<unknown> {
  const given = ["--url", desk.url, "--person-key-file", keyOf(person), "--json"];
  return JSON.parse(await cluster.command(["rules", ...args, ...given]));
}

async function status(): Promise<RulesStatus> {
  return rulesStatus.parse(await rules("an", "status"));
}

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (const endMs = performance.now() + WITHIN_MS; !(await isSo()); ) {
    if (performance.now() > endMs)
      throw new Error(`not within ${WITHIN_MS} ms: ${JSON.stringify(await status())}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function partitionsOf(detector: RoleProcess): Promise<number> {
  const { partitions } = (await detector.ask("GET", "/v1/status")) as { partitions: readonly object[] };
  return partitions.length;
}

/** Drafted by an, approved by bo, confirmed by chen: the journal has too little that the guard could judge by. */
async function publish(limitFen: number): Promise<number> {
  const file = join(folder, `limit-${limitFen}.json`);
  const changed = [{ id: "R14", params: { limitFen } }];
  writeFileSync(
    file,
    JSON.stringify({ name: "mine", version: String(limitFen), extends: "default", rules: changed }),
  );
  const { version } = versionDetail.parse(await rules("an", "draft", file, "--comment", `limit ${limitFen}`));
  await rules("bo", "approve", String(version));
  await expect(rules("an", "activate", String(version))).rejects.toThrow(
    /GUARD_OBJECTS.*too little to judge by/,
  );
  await rules("chen", "confirm", String(version));
  const { activation } = activationAnswer.parse(await rules("an", "activate", String(version)));
  expect(activation).toMatchObject({ version, publishedBy: ["an", "bo", "chen"] });
  return version;
}

describe("a distributed Kadun", () => {
  test("starts with the activation that 'kadun topics create' wrote, and a green console", async () => {
    expect(await status()).toMatchObject({
      running: { sequence: 0, version: 1, kind: "found" },
      open: null,
      alarms: [],
    });
    await eventually(async () => (await desk.fetch("GET", "/readyz"))?.status === 200);
    expect(await people("list")).toMatch(/^an .*\nbo .*\nchen .*\n$/);
  });

  test(
    "has a new version in all four partitions when two people and a third have published it",
    async () => {
      const version = await publish(70_000);
      await eventually(async () => (await status()).running?.version === version);
      expect(await status()).toMatchObject({
        open: null,
        running: { sequence: 1, engineVersion: expect.any(String) },
      });
    },
    WITHIN_MS * 2,
  );

  test(
    "is partial while a killed detector's partitions are nobody's, also for a new console, and complete when they are taken over",
    async () => {
      const [first, second] = cluster.of("detector");
      await eventually(async () => (await partitionsOf(first!)) === 2 && (await partitionsOf(second!)) === 2);
      await second!.kill();
      const version = await publish(80_000);
      await eventually(async () => (await status()).open?.answered === 2);
      const refused = rules("an", "rollback");
      await expect(refused).rejects.toThrow("PARTIAL");
      await desk.kill();
      desk = await cluster.start("console");
      expect(await status()).toMatchObject({
        running: { sequence: 1 },
        open: { sequence: 2, version, answered: 2 },
      });
      await eventually(async () => (await status()).running?.version === version);
      expect(await status()).toMatchObject({ open: null, alarms: [] });
    },
    WITHIN_MS * 3,
  );

  test(
    "goes back by two people",
    async () => {
      await rules("an", "rollback");
      const { activation } = rollbackAnswer.parse(await rules("bo", "rollback"));
      await eventually(async () => (await status()).running?.sequence === activation?.sequence);
      const { running } = await status();
      const before = versionDetail.parse(await rules("an", "show", "2"));
      expect(running).toMatchObject({
        kind: "rollback",
        bundleHash: before.bundleHash,
        publishedBy: ["an", "bo"],
      });
    },
    WITHIN_MS * 2,
  );

  test("ends its console in order", async () => {
    expect(await desk.stop()).toBe(0);
  });
});
