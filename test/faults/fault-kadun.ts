/**
 * A distributed Kadun that is watched as a supervisor watches it: what ends by itself is started again, and noted.
 *
 * Owns: the processes, which gateway requests go to. Does not own: servers, load.
 *
 * 1. A process that a fault kills is started again by the fault; one that ends without it is started by the supervisor.
 */

import { setTimeout as wait } from "node:timers/promises";
import { MovingServer } from "../../bench/load/moving-server.js";
import { RoleCluster, type RoleClusterOptions } from "../../bench/load/role-cluster.js";
import type { RoleName, RoleProcess } from "../../bench/load/role-process.js";
import { until } from "./until.js";

export const DETECTORS = 2;
export const SESSION_TIMEOUT_MS = 3_000;
/** A detector in turn with the others, as a group of containers comes up. */
const ROLES: readonly RoleName[] = [
  "alerts",
  "analytics",
  ...Array.from({ length: DETECTORS }, () => "detector" as const),
];
const CONNECTIONS_MAX = 16;
/** Above the gateway's own limit for an answer. */
const TIMEOUT_MS = 10_000;
const START_AGAIN_MS = 1_000;

export class FaultKadun {
  /** What ended by itself, and with what. */
  readonly endedByThemselves: string[] = [];
  readonly cluster: RoleCluster;
  private gatewayNow: MovingServer | null = null;
  private readonly killed = new Set<RoleProcess>();
  private isStopping = false;

  constructor(options: RoleClusterOptions) {
    this.cluster = new RoleCluster({
      ...options,
      settings: {
        KADUN_SESSION_TIMEOUT_MS: String(SESSION_TIMEOUT_MS),
        // The city's days are long past: its SMS are written all the same.
        KADUN_SMS_STALE_HOURS: "0",
        KADUN_LOG_LEVEL: "info",
        ...options.settings,
      },
    });
  }

  /** Topics, then all roles. */
  async start(roles: readonly RoleName[] = [...ROLES, "ingest"]): Promise<void> {
    await this.cluster.setUp();
    await Promise.all(roles.map((role) => this.startRole(role)));
  }

  get gateway(): MovingServer {
    this.gatewayNow ??= new MovingServer({
      apiKey: this.cluster.apiKey,
      connectionsMax: CONNECTIONS_MAX,
      timeoutMs: TIMEOUT_MS,
    });
    return this.gatewayNow;
  }

  only(role: RoleName): RoleProcess {
    const [process] = this.cluster.of(role);
    if (process === undefined) throw new Error(`no ${role} runs`);
    return process;
  }

  async startRole(role: RoleName): Promise<RoleProcess> {
    const process = await this.cluster.start(role);
    if (role === "ingest") this.gateway.moveTo(process.url);
    void process.exited.then(({ code, signal }) => this.supervise(process, code ?? signal));
    return process;
  }

  /** Its end is a fault's doing, who starts it again. */
  expectEnd(process: RoleProcess): void {
    this.killed.add(process);
  }

  /** SIGTERM. @returns exit status. */
  async stopRole(process: RoleProcess): Promise<number | null> {
    this.killed.add(process);
    return process.stop();
  }

  /** Resolves when this detector has all partitions, opened. */
  async ownsAll(detector: RoleProcess, everyMs?: number): Promise<void> {
    const { partitions: all } = this.cluster.options;
    const look = async () => {
      const { assigned, partitions } = await statusOf(detector);
      return assigned.length === all && partitions.length === all;
    };
    await until(`detector ${detector.pid} owns all ${all} partitions`, look, everyMs);
  }

  /** Resolves when the detectors have all partitions between them, opened, and each has some. */
  async shared(everyMs?: number): Promise<void> {
    const { partitions: all } = this.cluster.options;
    const look = async () => {
      const statuses = await Promise.all(this.cluster.of("detector").map(statusOf));
      const opened = statuses.flatMap(({ partitions }) => partitions.map(({ partition }) => partition));
      const isShared = statuses.every(({ assigned }) => assigned.length > 0);
      return isShared && opened.length === all && new Set(opened).size === all;
    };
    await until(`the detectors share all ${all} partitions`, look, everyMs);
  }

  /** Of a counter, over all its labels and the running processes of the role. */
  async counted(role: RoleName, name: string): Promise<number> {
    const counts = await Promise.all(this.cluster.of(role).map((each) => countOf(each, name)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.gatewayNow?.close();
    // SIGTERM waits for a stopped process for ever.
    for (const process of this.cluster.processes) if (process.isRunning) process.resume();
    await this.cluster.stop();
  }

  private async supervise(process: RoleProcess, status: string | number | null): Promise<void> {
    if (this.isStopping || this.killed.has(process)) return;
    this.endedByThemselves.push(`${process.options.role} (${status})`);
    await wait(START_AGAIN_MS);
    while (!this.isStopping) {
      try {
        await this.startRole(process.options.role);
        return;
      } catch (error) {
        // A server that is away: as a supervisor does, again.
        this.endedByThemselves.push(`${process.options.role} (not started: ${String(error)})`);
        await wait(START_AGAIN_MS);
      }
    }
  }
}

interface DetectorStatus {
  readonly assigned: readonly number[];
  readonly partitions: readonly { readonly partition: number; readonly lag: number | null }[];
}

async function statusOf(detector: RoleProcess): Promise<DetectorStatus> {
  const status = (await detector.ask("GET", "/v1/status")) as DetectorStatus | null;
  return status ?? { assigned: [], partitions: [] };
}

export async function countOf(process: RoleProcess, name: string): Promise<number> {
  const text = (await process.fetch("GET", "/metrics"))?.text ?? "";
  const lines = text.split("\n").filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
