/**
 * A distributed Kadun of child processes: some of each role, over servers that are there already.
 *
 * Owns: the processes. Does not own: the servers, the topics (`setUp` makes them), the folder of keys.
 */

import { execFile } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../cli/package-root.js";
import type { Reconciliation } from "../../services/analytics/reconciliation.js";
import { LoadError } from "./load-error.js";
import { isReconciled } from "./office-client.js";
import { type RoleName, RoleProcess, type RoleProcessOptions } from "./role-process.js";

const MAIN = join(packageRoot, "dist", "cli", "main.js");
const run = promisify(execFile);
const SETUP_WITHIN_MS = 60_000;
/** A command may print whatever a database holds. */
const OUTPUT_BYTES_MAX = 1 << 28;
const POLL_MS = 200;
/** A role works off some thousand records a second; so long without a change means that it does not. */
const STANDSTILL_MS = 120_000;

export interface RoleClusterOptions {
  /** KADUN_KAFKA_BROKERS, KADUN_REDIS_URL, KADUN_POSTGRES_URL, KADUN_CLICKHOUSE_URL and what belongs to them. */
  readonly servers: Readonly<Record<string, string>>;
  /** Keys, outbox and logs are written here. */
  readonly folder: string;
  readonly partitions: number;
  readonly replicationFactor?: number;
  /** Further settings of all roles. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface StartOptions extends Pick<RoleProcessOptions, "standing" | "pausesIn"> {
  /** Of this process alone, before those of all. */
  readonly settings?: Readonly<Record<string, string>>;
}

interface DetectorStatus {
  readonly assigned: readonly number[];
  readonly partitions: readonly { readonly partition: number; readonly lag: number | null }[];
}

/** Of those that follow the logs: analytics, alerts. */
interface FollowerStatus {
  readonly caughtUp: boolean;
  readonly partitions: readonly { readonly partition: number }[];
}

export class RoleCluster {
  readonly processes: RoleProcess[] = [];
  readonly environment: Readonly<Record<string, string>>;

  constructor(readonly options: RoleClusterOptions) {
    const { servers, folder, settings } = options;
    const keys = join(folder, "keys");
    mkdirSync(keys, { recursive: true });
    this.environment = {
      // A key that is given makes the same tokens as another Kadun's.
      KADUN_LINKAGE_KEY_FILE: join(keys, "linkage.key"),
      ...servers,
      KADUN_VAULT_KEY_FILE: join(keys, "vault.key"),
      KADUN_LOCAL_KEY_FILE: join(keys, "local.key"),
      KADUN_SMS_OUTBOX: this.outbox,
      KADUN_PROOFS: join(keys, "..", "proofs"),
      KADUN_PACKAGES: join(keys, "..", "packages"),
      KADUN_EVIDENCE_KEYS_FILE: join(keys, "evidence.json"),
      ...settings,
    };
  }

  get outbox(): string {
    return join(this.options.folder, "outbox.ndjson");
  }

  get apiKey(): string {
    return readFileSync(join(this.options.folder, "keys", "local.key"), "utf8").trim();
  }

  logPath(role: RoleName): string {
    return join(this.options.folder, `${role}.log`);
  }

  /** `kadun topics create --cold-start`. @returns what it said. @throws LoadError. */
  async setUp(): Promise<string> {
    const { partitions, replicationFactor = 1 } = this.options;
    const args = ["topics", "create", "--cold-start", "--partitions", String(partitions)];
    return this.command([...args, "--replication-factor", String(replicationFactor)]);
  }

  /** Any command of the program, with this cluster's environment. @throws LoadError with what it said. */
  async command(args: readonly string[]): Promise<string> {
    try {
      const env = { PATH: process.env.PATH, ...this.environment };
      const options = { env, timeout: SETUP_WITHIN_MS, maxBuffer: OUTPUT_BYTES_MAX };
      const { stdout } = await run(process.execPath, [MAIN, ...args], options);
      return stdout;
    } catch (error) {
      const { stderr, stdout } = error as { stderr?: string; stdout?: string };
      throw new LoadError(`kadun ${args.join(" ")}: ${stderr ?? ""}${stdout ?? ""}${String(error)}`);
    }
  }

  async start(role: RoleName, port = 0, { settings = {}, ...how }: StartOptions = {}): Promise<RoleProcess> {
    // Others may be started before there is a gateway.
    const gateway = role === "console" ? { KADUN_INGEST_URL: this.of("ingest")[0]?.url ?? "" } : {};
    const environment = { ...this.environment, ...gateway, ...settings };
    const logPath = this.logPath(role);
    const process = await RoleProcess.start({ role, environment, logPath, port, ...how });
    this.processes.push(process);
    return process;
  }

  /** Running processes of a role. */
  of(role: RoleName): RoleProcess[] {
    return this.processes.filter(({ options, isRunning }) => options.role === role && isRunning);
  }

  /** Why a process ended by itself; never resolves while all run. */
  async firstExit(): Promise<string> {
    return Promise.race(
      this.processes.map(async ({ exited, options }) => {
        const { code, signal } = await exited;
        return `kadun ${options.role} ended by itself (${code ?? signal})`;
      }),
    );
  }

  /** Resolves when the running detectors have all partitions between them and judged all that the journal holds. */
  async judged(signal?: AbortSignal): Promise<void> {
    await this.until(async () => {
      const statuses = await Promise.all(
        this.of("detector").map((each) => each.ask("GET", "/v1/status") as Promise<DetectorStatus | null>),
      );
      const known = statuses.flatMap((status) => status?.partitions ?? []);
      const partitions = new Set(known.map(({ partition }) => partition));
      const isOver = partitions.size === this.options.partitions && known.every(({ lag }) => lag === 0);
      return { isOver, seen: JSON.stringify(statuses) };
    }, signal);
  }

  /** Resolves when rows, alerts and SMS are made of all that the logs hold. */
  async caughtUp(signal?: AbortSignal): Promise<void> {
    await this.judged(signal);
    for (const role of ["analytics", "alerts"] as const) {
      if (this.of(role).length === 0) continue;
      await this.until(async () => {
        const statuses = await Promise.all(
          this.of(role).map((each) => each.ask("GET", "/v1/status") as Promise<FollowerStatus | null>),
        );
        const known = statuses.flatMap((status) => status?.partitions ?? []);
        const partitions = new Set(known.map(({ partition }) => partition));
        const isOver =
          partitions.size === this.options.partitions &&
          statuses.every((status) => status?.caughtUp === true);
        return { isOver, seen: JSON.stringify(statuses) };
      }, signal);
    }
  }

  /** Compares logs and rows once everything is judged and written. @param timeoutMs for one comparison. */
  async reconciled(signal?: AbortSignal, timeoutMs?: number): Promise<Reconciliation> {
    for (const endMs = performance.now() + STANDSTILL_MS; ; ) {
      await this.caughtUp(signal);
      const [analytics] = this.of("analytics");
      if (analytics === undefined) throw new LoadError("no analytics process runs");
      const result = (await analytics.ask("POST", "/v1/reconcile", timeoutMs)) as Reconciliation | null;
      if (result === null) throw new LoadError("the analytics process does not say what it compared");
      const isUnderWay = result.isEqual && !isReconciled(result);
      if (!isUnderWay || performance.now() > endMs) return result;
      await pause(POLL_MS);
    }
  }

  /** Metrics of every running process, each under its name. */
  async metrics(): Promise<string> {
    const texts = await Promise.all(
      this.processes
        .filter(({ isRunning }) => isRunning)
        .map(async (each, index) => {
          const answer = await each.fetch("GET", "/metrics");
          return `# ${each.options.role} ${index}\n${answer?.text ?? "(no answer)\n"}`;
        }),
    );
    return texts.join("\n");
  }

  /** Those in front first: what was accepted is still judged and stored. @returns exit statuses. */
  async stop(): Promise<(number | null)[]> {
    const statuses: (number | null)[] = [];
    for (const role of ["console", "ingest", "detector", "alerts", "analytics"] as const)
      statuses.push(...(await Promise.all(this.of(role).map((each) => each.stop()))));
    return statuses;
  }

  private async until(
    look: () => Promise<{ readonly isOver: boolean; readonly seen: string }>,
    signal?: AbortSignal,
  ): Promise<void> {
    let last = "";
    let changedMs = performance.now();
    for (;;) {
      signal?.throwIfAborted();
      const { isOver, seen } = await look();
      if (isOver) return;
      if (seen !== last) changedMs = performance.now();
      last = seen;
      if (performance.now() - changedMs > STANDSTILL_MS)
        throw new LoadError(`nothing moves since ${STANDSTILL_MS} ms at ${seen}: see the logs`);
      await pause(POLL_MS);
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
