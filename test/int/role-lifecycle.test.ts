/**
 * All roles of a distributed Kadun, started once as child processes over live servers: what they say of themselves
 * before there is anything to judge, after it, when they share the work, and how they end.
 */

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { RoleCluster } from "../../bench/load/role-cluster.js";
import type { RoleName, RoleProcess } from "../../bench/load/role-process.js";
import type { Readiness } from "../../schemas/http/readiness.js";
import { type KadunServers, startKadunServers } from "../support/servers/kadun-servers.js";

const PARTITIONS = 4;
const ALL_PARTITIONS = [0, 1, 2, 3];
const ROLES: readonly RoleName[] = ["ingest", "detector", "alerts", "analytics", "console"];
/** So long that nobody takes anything over within a test unless it was given back. */
const SESSION_MS = 60_000;
/** Of an orderly end (cli/distributed/role.ts). */
const CLOSE_DEADLINE_MS = 25_000;
const START_MS = 180_000;
const WITHIN_MS = 30_000;
const POLL_MS = 100;

let folder: string;
let servers: KadunServers;
let cluster: RoleCluster;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kadun-role-lifecycle-"));
  servers = await startKadunServers(folder);
  const settings = { KADUN_SESSION_TIMEOUT_MS: String(SESSION_MS), KADUN_LOG_LEVEL: "warn" };
  cluster = new RoleCluster({ servers: servers.environment, folder, partitions: PARTITIONS, settings });
}, START_MS);

afterAll(async () => {
  for (const process of cluster?.processes ?? []) if (process.isRunning) await process.kill();
  await servers?.close();
  rmSync(folder, { recursive: true, force: true });
}, START_MS);

function of(role: RoleName): RoleProcess {
  return cluster.of(role)[0]!;
}

async function readinessOf(process: RoleProcess): Promise<{ status: number } & Readiness> {
  const answer = (await process.fetch("GET", "/readyz"))!;
  return { status: answer.status, ...(JSON.parse(answer.text) as Readiness) };
}

/** Asks until the answer is as expected; what it was last is in the error. @returns after how many milliseconds. */
async function eventually<Answer>(ask: () => Promise<Answer>, expected: Answer | object): Promise<number> {
  const startedMs = performance.now();
  for (;;) {
    const answer = await ask();
    try {
      expect(answer).toEqual(expected);
      return performance.now() - startedMs;
    } catch (error) {
      if (performance.now() - startedMs > WITHIN_MS) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const READY = { status: 200, ready: true, reasons: [] };

interface DetectorStatus {
  readonly assigned: readonly number[];
  readonly partitions: readonly { readonly partition: number }[];
}

/** Partitions that the detector has opened; not only those that it was given. */
async function openIn(detector: RoleProcess): Promise<readonly number[]> {
  const { partitions } = (await detector.ask("GET", "/v1/status")) as DetectorStatus;
  return partitions.map(({ partition }) => partition).sort((a, b) => a - b);
}

describe("a distributed Kadun without a snapshot of known losses", () => {
  beforeAll(async () => {
    const size = ["--partitions", String(PARTITIONS), "--replication-factor", "1"];
    const said = await cluster.command(["topics", "create", ...size]);
    expect(said).toContain("kadun.journal: made, 4 partitions, 1 copies");
    expect(existsSync(cluster.environment.KADUN_VAULT_KEY_FILE!)).toBe(true);
    for (const role of ROLES) await cluster.start(role);
  }, START_MS);

  test("is alive in all its processes", async () => {
    for (const role of ROLES) expect(await of(role).fetch("GET", "/livez")).toMatchObject({ status: 200 });
  });

  test("is red at the detector alone, with the reason and both ways out", async () => {
    const red = {
      status: 503,
      ready: false,
      reasons: [
        expect.stringMatching(/^STATUS_SNAPSHOT_MISSING: .*'kadun import-status FILE'.*--cold-start'$/),
      ],
    };
    await eventually(() => readinessOf(of("detector")), red);
    for (const role of ["ingest", "alerts", "analytics"] as const)
      await eventually(() => readinessOf(of(role)), READY);
  });

  test("tells its metrics, its own and those of Node", async () => {
    const own: Readonly<Record<RoleName, RegExp>> = {
      ingest: /^# TYPE kadun_ingest_\w+ /m,
      detector: /^kadun_detector_lag_records\{partition="0"\} \d+$/m,
      alerts: /^# TYPE kadun_alerts_\w+ /m,
      analytics: /^# TYPE kadun_analytics_\w+ /m,
      console: /^kadun_bundles_running_sequence -?\d+$/m,
    };
    for (const role of ROLES) {
      const { status, text } = (await of(role).fetch("GET", "/metrics"))!;
      expect({ role, status, text }).toEqual({ role, status: 200, text: expect.stringMatching(own[role]) });
      expect(text).toContain("process_cpu_seconds_total");
    }
  });

  test("tells how far it is, partition by partition", async () => {
    await eventually(() => openIn(of("detector")), ALL_PARTITIONS);
    const partitions = ALL_PARTITIONS.map((partition) => expect.objectContaining({ partition, lag: 0 }));
    const ask = (role: RoleName) => () => of(role).ask("GET", "/v1/status");
    await eventually(ask("detector"), {
      assigned: ALL_PARTITIONS,
      partitions: expect.arrayContaining(partitions),
    });
    for (const role of ["alerts", "analytics"] as const)
      await eventually(ask(role), expect.objectContaining({ caughtUp: true }));
  });

  test("answers what it does not know with what it knows", async () => {
    const { status, text } = (await of("detector").fetch("GET", "/v2/status"))!;
    expect(status).toBe(404);
    expect(text).toContain("GET /livez, GET /readyz, GET /metrics, GET /v1/status");
  });

  test(
    "turns green with 'kadun topics create --cold-start', while it runs",
    async () => {
      expect(await cluster.setUp()).toContain("started without a snapshot of known losses");
      await eventually(() => readinessOf(of("detector")), READY);
    },
    START_MS,
  );
});

describe("a detector", () => {
  test(
    "that comes gets its share, and both are green",
    async () => {
      const [first, second] = [of("detector"), await cluster.start("detector")];
      const shares = async () => [(await openIn(first)).length, (await openIn(second)).length];
      await eventually(shares, [PARTITIONS / 2, PARTITIONS / 2]);
      expect([...(await openIn(first)), ...(await openIn(second))].sort()).toEqual(ALL_PARTITIONS);
      for (const detector of [first, second]) await eventually(() => readinessOf(detector), READY);
    },
    START_MS,
  );

  test(
    "that is asked to end gives its share back: the other has all of it long before a session would have ended",
    async () => {
      const [first, second] = cluster.of("detector");
      const [status, takeoverMs] = await Promise.all([
        first!.stop(),
        eventually(() => openIn(second!), ALL_PARTITIONS),
      ]);
      expect(status).toBe(0);
      expect(takeoverMs).toBeLessThan(SESSION_MS / 4);
      await eventually(() => readinessOf(second!), READY);
    },
    START_MS,
  );
});

describe("SIGTERM", () => {
  test.each(ROLES)(
    "ends %s in order, with status 0, within its deadline",
    async (role) => {
      const startedMs = performance.now();
      expect(await of(role).stop()).toBe(0);
      expect(performance.now() - startedMs).toBeLessThan(CLOSE_DEADLINE_MS);
    },
    START_MS,
  );
});
