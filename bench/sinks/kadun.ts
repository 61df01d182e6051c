/**
 * The Kadun under load: two detectors that stay, and sinks that come and go.
 *
 * Owns: the processes of the roles. Does not own: the servers, the load.
 */

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Reconciliation } from "../../services/analytics/reconciliation.js";
import type { TreeUsage } from "../end-to-end/process-tree.js";
import { treeUsage } from "../end-to-end/process-tree.js";
import { RoleCluster } from "../load/role-cluster.js";
import type { RoleProcess } from "../load/role-process.js";
import type { Standing } from "../load/standing.js";
import type { SinkServers } from "./servers.js";

export const PARTITIONS = 12;
const SINKS = ["analytics", "alerts"] as const;
type Sink = (typeof SINKS)[number];
/** Patrols are no sink: what they find is of no swipe. */
const SETTINGS = { analytics: {}, alerts: { KADUN_CLICKHOUSE_URL: "" } } as const;
const CATCHING_UP_POLL_MS = 1_000;

export const PARTS = ["detectors", "broker", "redis", ...SINKS, "clickhouse", "postgres", "load"] as const;
export type Part = (typeof PARTS)[number];
export type Usages = Readonly<Record<Part, TreeUsage>>;

/** What works for the rows, alerts and SMS alone. */
const SINK_PARTS = ["analytics", "alerts", "clickhouse", "postgres"] as const satisfies readonly Part[];

/** Seconds of processor time between two looks. */
export function sinkCpuSeconds(before: Usages, after: Usages): number {
  return SINK_PARTS.reduce((sum, part) => sum + after[part].cpuSeconds - before[part].cpuSeconds, 0);
}

/** Records of the logs that are not rows, alerts or SMS yet. */
export interface Lag {
  readonly analyticsRecords: number;
  readonly alertsRecords: number;
  readonly smsPending: number;
}

interface SinkStatus {
  readonly partitions: readonly { readonly lag: number | null }[];
  readonly smsPending?: number | null;
}

export class Kadun {
  private readonly cluster: RoleCluster;

  private constructor(
    private readonly servers: SinkServers,
    folder: string,
    private readonly standing: Standing,
  ) {
    this.cluster = new RoleCluster({
      servers: servers.environment,
      folder,
      partitions: PARTITIONS,
      settings: { KADUN_LOG_LEVEL: "warn" },
    });
  }

  /** Topics with their first records and the bundle of this release, two detectors. @throws LoadError. */
  static async start(servers: SinkServers, folder: string, standing: Standing): Promise<Kadun> {
    const kadun = new Kadun(servers, folder, standing);
    try {
      await kadun.cluster.setUp();
      await Promise.all([kadun.cluster.start("detector"), kadun.cluster.start("detector")]);
      await kadun.cluster.judged();
      return kadun;
    } catch (error) {
      await kadun.stop();
      throw error;
    }
  }

  get vaultKeyFile(): string {
    return this.cluster.environment.KADUN_VAULT_KEY_FILE!;
  }

  /** Lines of the file that SMS go to. */
  smsWritten(): number {
    try {
      return readFileSync(this.cluster.outbox, "utf8").split("\n").length - 1;
    } catch {
      return 0;
    }
  }

  async startSinks(): Promise<void> {
    const missing = SINKS.filter((sink) => this.cluster.of(sink).length === 0);
    const start = { standing: this.standing };
    await Promise.all(
      missing.map((sink) => this.cluster.start(sink, 0, { ...start, settings: SETTINGS[sink] })),
    );
  }

  /** What they have taken over by then is written. @throws Error where one did not end in order. */
  async stopSinks(): Promise<void> {
    const running = SINKS.flatMap((sink) => this.cluster.of(sink));
    const statuses = await Promise.all(running.map((each) => each.stop()));
    if (statuses.some((status) => status !== 0))
      throw new Error(`sinks ended with ${statuses.join(", ")}: ${this.logs()}`);
  }

  judged(): Promise<void> {
    return this.cluster.judged();
  }

  /** Resolves when all that the logs hold is written. @throws the signal's reason, LoadError where nothing moves. */
  async caughtUp(signal: AbortSignal): Promise<void> {
    // Asking costs ClickHouse two dozen queries: seldom, while there is much.
    for (;;) {
      const lag = await this.lag();
      if (lag !== null && lag.analyticsRecords + lag.alertsRecords + lag.smsPending === 0) break;
      await sleep(CATCHING_UP_POLL_MS, undefined, { signal });
    }
    await this.cluster.caughtUp(signal);
  }

  /** @param seconds for it. */
  reconciled(seconds: number): Promise<Reconciliation> {
    return this.cluster.reconciled(AbortSignal.timeout(seconds * 1000), seconds * 1000);
  }

  /** null where a sink does not say. */
  async lag(): Promise<Lag | null> {
    const ask = async (sink: Sink) =>
      (await this.cluster.of(sink)[0]?.ask("GET", "/v1/status")) as SinkStatus | null | undefined;
    const [analytics, alerts] = await Promise.all([ask("analytics"), ask("alerts")]);
    if (!analytics || !alerts) return null;
    return {
      analyticsRecords: recordsOf(analytics),
      alertsRecords: recordsOf(alerts),
      smsPending: alerts.smsPending ?? Number.NaN,
    };
  }

  /** Processor time and memory of each part so far. */
  usages(): Usages {
    const { pids } = this.servers;
    const of = (...processes: readonly RoleProcess[]) => treeUsage(processes.map(({ pid }) => pid));
    const roles = {
      detectors: of(...this.cluster.of("detector")),
      analytics: of(...this.cluster.of("analytics")),
      alerts: of(...this.cluster.of("alerts")),
    };
    return {
      ...roles,
      broker: treeUsage([pids.broker]),
      redis: treeUsage([pids.redis]),
      postgres: treeUsage([pids.postgres]),
      clickhouse: treeUsage(pids.clickhouse === null ? [] : [pids.clickhouse]),
      // Generator, observer and this process: what else began here.
      load: without(treeUsage([process.pid]), Object.values(roles)),
    };
  }

  /** Of the servers, which this program has not started. */
  get serverPids(): readonly number[] {
    return Object.values(this.servers.pids).filter((pid) => pid !== null);
  }

  /** Rejects where a detector ends by itself. */
  get failure(): Promise<never> {
    return Promise.race(
      this.cluster.of("detector").map(async ({ exited }) => {
        const { code, signal } = await exited;
        throw new Error(`a detector ended by itself (${code ?? signal}): ${this.logs()}`);
      }),
    );
  }

  async stop(): Promise<void> {
    await this.cluster.stop();
  }

  private logs(): string {
    return `see the logs in ${this.cluster.options.folder}`;
  }
}

function recordsOf({ partitions }: SinkStatus): number {
  return partitions.reduce((sum, { lag }) => sum + (lag ?? Number.NaN), 0);
}

function without(all: TreeUsage, parts: readonly TreeUsage[]): TreeUsage {
  return {
    cpuSeconds: parts.reduce((left, { cpuSeconds }) => left - cpuSeconds, all.cpuSeconds),
    residentMb: parts.reduce((left, { residentMb }) => left - residentMb, all.residentMb),
  };
}
