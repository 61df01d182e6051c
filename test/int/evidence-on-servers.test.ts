/** The story of the Hangzhou card over live Kafka, Redis and PostgreSQL: a console makes the day proofs and the package. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { RoleCluster } from "../../bench/load/role-cluster.js";
import type { RoleProcess } from "../../bench/load/role-process.js";
import { HANGZHOU } from "../../bench/stories/hangzhou.js";
import { HttpClient } from "../../platform/http-client/http-client.js";
import { type KadunServers, startKadunServers } from "../support/servers/kadun-servers.js";

const PARTITIONS = 4;
const START_MS = 180_000;
const WITHIN_MS = 90_000;
const POLL_MS = 250;

let folder: string;
let servers: KadunServers;
let cluster: RoleCluster;
let desk: RoleProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kadun-evidence-on-servers-"));
  servers = await startKadunServers(folder);
  const settings = { KADUN_LOG_LEVEL: "warn", KADUN_SMS_STALE_HOURS: "0" };
  cluster = new RoleCluster({ servers: servers.environment, folder, partitions: PARTITIONS, settings });
  await cluster.setUp();
  const ingest = await cluster.start("ingest");
  await cluster.start("detector");
  await cluster.start("alerts");
  desk = await cluster.start("console");
  const client = new HttpClient({
    url: ingest.url,
    apiKey: cluster.apiKey,
    connectionsMax: 1,
    timeoutMs: 60_000,
  });
  const send = async (method: "PUT" | "POST", path: string, body: object) => {
    const { status } = await client.send({ method, path, body: JSON.stringify(body) });
    expect(status).toBeLessThan(300);
  };
  await send("PUT", "/v1/contacts", { personId: HANGZHOU.personId, ...HANGZHOU.contact });
  for (const entry of HANGZHOU.institutions) await send("PUT", "/v1/institutions", entry);
  for (const record of HANGZHOU.records)
    await send("POST", record.type === "swipe" ? "/v1/swipes" : "/v1/card-status", record);
  client.close();
}, START_MS);

afterAll(async () => {
  for (const process of cluster?.processes ?? []) if (process.isRunning) await process.kill();
  await servers?.close();
  rmSync(folder, { recursive: true, force: true });
}, START_MS);

/** The whole story is told: its last swipe is an alert. */
async function caseId(): Promise<string> {
  for (const endMs = performance.now() + WITHIN_MS; ; ) {
    const said = await cluster.command(["alerts", "cases", "--postgres", "--json"]);
    const found = said === "" ? null : JSON.parse(said.split("\n")[0]!);
    if (found?.strongestAction === "reject") return found.caseId;
    if (performance.now() > endMs) throw new Error(`no case within ${WITHIN_MS} ms: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

describe("evidence of a distributed Kadun", () => {
  test(
    "is made by a console, the same bytes twice, and verified offline",
    async () => {
      const id = await caseId();
      const made = async (name: string) => {
        const path = join(folder, name);
        await cluster.command(["evidence", "export", "--url", desk.url, "--case", id, "--out", path]);
        return path;
      };
      const [first, again] = [await made("first.zip"), await made("again.zip")];
      expect(readFileSync(again).equals(readFileSync(first))).toBe(true);
      const said = JSON.parse(await cluster.command(["evidence", "verify", first, "--replay", "--json"]));
      expect(said.isSound).toBe(true);
      const replay = said.checks.find(({ name }: { name: string }) => name === "replay");
      expect(replay.detail).toMatch(/^12 outcomes are equal/);
    },
    START_MS,
  );
});
