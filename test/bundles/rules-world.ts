/**
 * A room of rules for a test file: PGlite, logs in memory, a gateway whose journal is judged by detectors that can be
 * down, and people with their keys, who speak to it as over HTTP.
 */

import { createHash } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { Kysely } from "kysely";
import { packageRoot } from "../../cli/package-root.js";
import { keyHolders } from "../../cli/process/access-people.js";
import type { Clock } from "../../platform/clock/clock.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import { migrate } from "../../platform/database/migrations.js";
import { openPgliteDatabase } from "../../platform/database/pglite/pglite-database.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { type LogFields, type Logger, silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import type { RulesStatus } from "../../schemas/http/rules.js";
import { rulesProblem } from "../../schemas/http/rules-problem.js";
import { RULES_ROUTES, type RulesRoute } from "../../schemas/http/rules-routes.js";
import { encodeBody } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { encodePosition, Topic } from "../../schemas/topics.js";
import type {
  ActivationOrder,
  ActivationSender,
  RunningActivation,
  SendResult,
} from "../../services/bundles/activation-sender.js";
import type { LowerRules } from "../../services/bundles/breaker.js";
import {
  type BundlesOptions,
  type BundlesService,
  startBundles,
} from "../../services/bundles/bundles-service.js";
import type { Guard, GuardedVersion, GuardVerdict } from "../../services/bundles/guard.js";
import { answerRules, type RulesResponse } from "../../services/bundles/rules-api.js";
import type { ReadBundle } from "../../services/bundles/rules-room.js";
import type { BundlesTables } from "../../services/bundles/tables.js";
import type { AccessTables } from "../../services/console/access/access-tables.js";
import { ConsoleSessions } from "../../services/console/access/console-sessions.js";
import { Gate } from "../../services/console/access/gate.js";
import { emptyTables } from "../support/empty-tables.js";
import { newMigratedDatabase } from "../support/new-database.js";

export const PARTITIONS = 4;
export const LOCAL_KEY = "kdn_local_of-the-machine";
const migrationsFolder = join(packageRoot, "schemas", "postgres");
const WRITTEN = [
  "people",
  "accounts",
  "console_sessions",
  "bundle_contents",
  "bundle_versions",
  "bundle_comments",
  "bundle_approvals",
  "bundle_checks",
  "bundle_confirmations",
  "bundle_activations",
  "activation_answers",
  "rule_drafts",
  "consumer_progress",
  "breaker_windows",
];

export function hashOf(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

/** A document with a limit is a bundle here. */
export const readLimits: ReadBundle = (content) => {
  const limitFen = (content as { limitFen?: unknown } | null)?.limitFen;
  if (typeof limitFen === "number") return { bundleHash: hashOf(content), content };
  return { mistakes: [{ path: "limitFen", expected: "a number" }] };
};

/** Says what it was asked to lower. */
export const lowerLimits: LowerRules = (content, rules) => ({ ...(content as object), lowered: rules });

export const FIRST = { limitFen: 60_000 };

/** Moves when a test says so. */
export class MovedClock implements Clock {
  private movedMs = 0;
  private readonly moves = new EventEmitter().setMaxListeners(0);

  now(): number {
    return systemClock.now() + this.movedMs;
  }

  advance(ms: number): void {
    this.movedMs += ms;
    this.moves.emit("moved");
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const until = this.now() + ms;
    while (signal?.aborted !== true && this.now() < until) {
      const over = new AbortController();
      const given = signal === undefined ? [over.signal] : [signal, over.signal];
      // Real time passes as well.
      await Promise.race([
        systemClock.sleep(until - this.now(), AbortSignal.any(given)),
        once(this.moves, "moved", { signal: AbortSignal.any(given) }).catch(() => {}),
      ]);
      over.abort();
    }
  }
}

export class FakeGateway implements ActivationSender {
  readonly orders: ActivationOrder[] = [];
  readonly down = new Set<number>();
  isAway = false;
  /** What it refuses with; null takes everything that is in order. */
  refusal: string | null = null;
  runningNow: RunningActivation | null = {
    sequence: 0,
    bundleHash: hashOf(FIRST),
    shadowBundleHash: null,
    engineVersion: "1",
    publishedBy: [],
  };
  readonly contents = new Map<string, unknown>([[hashOf(FIRST), FIRST]]);
  private readonly events = new EventEmitter();
  private readonly waiting: { partition: number; outcome: LoggedOutcome }[] = [];
  private journalOffset = 0;

  constructor(readonly logs: MemoryLogWorld) {}

  async running(): Promise<RunningActivation | null> {
    this.requireThere();
    return this.runningNow;
  }

  async send(order: ActivationOrder): Promise<SendResult> {
    this.requireThere();
    if (this.refusal !== null) return { refused: this.refusal };
    const { sequence, content, shadow, publishedBy, partitions } = order;
    const last = this.runningNow?.sequence ?? -1;
    if (sequence < last || (sequence === last && this.runningNow?.bundleHash !== hashOf(content)))
      return { refused: `409: the journal goes by activation ${last}` };
    this.orders.push(order);
    const shadowBundleHash = shadow === null ? null : hashOf(shadow);
    this.runningNow = {
      sequence,
      bundleHash: hashOf(content),
      shadowBundleHash,
      engineVersion: "1",
      publishedBy,
    };
    this.contents.set(hashOf(content), content);
    for (const partition of partitions ?? this.all)
      this.judge(partition, {
        type: "activated",
        sequence,
        bundleHash: hashOf(content),
        shadowBundleHash,
        engineVersion: "1",
      });
    this.events.emit("sent");
    return { engineVersion: order.engineVersion ?? "1" };
  }

  /** Resolves when so many orders were taken. */
  async sent(count: number): Promise<void> {
    while (this.orders.length < count) await once(this.events, "sent");
  }

  /** Its detector is back, and judges what is in the journal. */
  recover(partition: number): void {
    this.down.delete(partition);
    for (const each of this.waiting.splice(0)) this.judge(each.partition, each.outcome);
  }

  /** A detector judges a record of the journal, or will. */
  judge(partition: number, outcome: LoggedOutcome): void {
    if (this.down.has(partition)) {
      this.waiting.push({ partition, outcome });
      return;
    }
    const header = encodePosition({ journalOffset: this.journalOffset++, sequence: 0 });
    this.logs.append(Topic.DECISIONS, partition, [{ key: "", value: encodeBody(outcome), header }]);
  }

  private get all(): number[] {
    return Array.from({ length: PARTITIONS }, (_, partition) => partition);
  }

  private requireThere(): void {
    if (this.isAway) throw Object.assign(new Error("nothing answers"), { code: "AWAY", retryable: true });
  }
}

/** Says what a test has it say, and counts how often it was asked. */
export class FakeGuard implements Guard {
  asked: GuardedVersion[] = [];
  verdict: GuardVerdict = { result: "ok", text: "rejects 0.1 % as before", numbers: { rejectShare: 0.001 } };
  fresh = true;

  async check(version: GuardedVersion): Promise<GuardVerdict> {
    this.asked.push(version);
    return this.verdict;
  }

  async isFresh({ againstHash }: { againstHash: string }, runningHash: string): Promise<boolean> {
    return this.fresh && againstHash === runningHash;
  }
}

/** Keeps the events of error lines. */
export class ErrorLog implements Logger {
  readonly errors: { event: string; fields: LogFields }[] = [];
  debug = silentLogger.debug;
  info = silentLogger.info;
  warn = silentLogger.warn;
  error = (event: string, fields: LogFields = {}) => void this.errors.push({ event, fields });
  with = () => this;
}

/** Of every route: schemas/json/openapi-rules.json says so. */
const COMMON_PROBLEMS = [
  "KEY_MISSING",
  "KEY_INVALID",
  "KEY_REVOKED",
  "BODY_INVALID",
  "NOT_FOUND",
  "METHOD_NOT_ALLOWED",
];

/** Every answer of every test is one that the table of routes, and so the OpenAPI document, has. */
function requireDocumented(request: string, status: number, body: unknown): void {
  const route = Object.values<RulesRoute>(RULES_ROUTES).find(({ method, path }) =>
    new RegExp(`^${method} ${path.replace("{version}", "\\d+")}$`).test(request),
  );
  if (route !== undefined && status === route.status) {
    route.answer.parse(body);
    return;
  }
  const { code } = rulesProblem.parse(body);
  const documented: readonly string[] = [...COMMON_PROBLEMS, ...(route?.problems ?? [])];
  if (!documented.includes(code)) throw new Error(`${request}: ${code} is not documented`);
}

type Answer = { readonly status: number; readonly body: Record<string, unknown> };

export class RulesWorld {
  clock = new MovedClock();
  guard = new FakeGuard();
  logger = new ErrorLog();
  gateway!: FakeGateway;
  service!: BundlesService;
  private log!: MemoryEventLog;
  private readonly keys = new Map<string, string>();

  private constructor(
    private readonly folder: string,
    readonly database: OpenDatabase,
    readonly tables: Kysely<BundlesTables>,
  ) {}

  static async open(): Promise<RulesWorld> {
    const folder = mkdtempSync(join(tmpdir(), "kadun-bundles-"));
    const database = await openPgliteDatabase({ path: await newMigratedDatabase(join(folder, "postgres")) });
    await migrate(database.dialect, migrationsFolder);
    return new RulesWorld(folder, database, new Kysely<BundlesTables>({ dialect: database.dialect }));
  }

  /** Everything new but the database engine. */
  async begin(changed: Partial<BundlesOptions> = {}): Promise<void> {
    await emptyTables(this.tables, WRITTEN);
    this.keys.clear();
    const logs = new MemoryLogWorld({ [Topic.JOURNAL]: PARTITIONS, [Topic.DECISIONS]: PARTITIONS });
    this.log = new MemoryEventLog(logs);
    this.gateway = new FakeGateway(logs);
    this.clock = new MovedClock();
    this.guard = new FakeGuard();
    this.logger = new ErrorLog();
    await this.start(changed);
  }

  async start(changed: Partial<BundlesOptions> = {}): Promise<void> {
    this.service = await startBundles({
      log: this.log,
      database: this.database,
      migrationsFolder,
      sender: this.gateway,
      contentOf: async (hash) => this.gateway.contents.get(hash),
      readBundle: readLimits,
      guard: this.guard,
      lowerRules: lowerLimits,
      clock: this.clock,
      logger: this.logger,
      metrics: noMetrics,
      ...changed,
    });
  }

  async end(): Promise<void> {
    await this.service.close();
    await this.log.close();
  }

  async close(): Promise<void> {
    await this.database.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async add(...names: readonly string[]): Promise<void> {
    for (const name of names) this.keys.set(name, await this.service.people.add(name));
  }

  keyOf(name: string): string {
    return this.keys.get(name)!;
  }

  /** As a process has it. */
  private get gate(): Gate {
    const { clock, database } = this;
    const tables = new Kysely<AccessTables>({ dialect: database.dialect });
    const holders = keyHolders(this.service.people, () => LOCAL_KEY);
    const sessions = new ConsoleSessions(tables);
    return new Gate({ tables, sessions, holders, clock, origin: null, isDemo: false });
  }

  /** `POST /v1/rules/versions/3/approve` as somebody. */
  async ask(person: string | null, request: string, body?: unknown): Promise<Answer> {
    const [method = "", address = ""] = request.split(" ");
    const url = new URL(address, "http://office");
    const { service, logger } = this;
    const response: RulesResponse = await answerRules(
      { service, logger, admit: this.gate.admit },
      {
        method,
        path: url.pathname,
        query: url.searchParams,
        headers: person === null ? {} : { authorization: `Bearer ${this.keys.get(person) ?? person}` },
        body: body === undefined ? new Uint8Array(0) : Buffer.from(JSON.stringify(body)),
      },
    );
    const answered: unknown = JSON.parse(JSON.stringify(response.body));
    requireDocumented(`${method} ${url.pathname}`, response.status, answered);
    return { status: response.status, body: answered as Record<string, unknown> };
  }

  /** @returns the number of the draft. */
  async draft(person: string, limitFen: number): Promise<number> {
    const content = { limitFen };
    const { body } = await this.ask(person, "POST /v1/rules/versions", {
      content,
      comment: `limit ${limitFen}`,
    });
    return body.version as number;
  }

  /** Drafted by the first, approved by the second, activated and answered by all. */
  async publish(limitFen: number, author = "an", approver = "bo"): Promise<number> {
    const version = await this.draft(author, limitFen);
    await this.ask(approver, `POST /v1/rules/versions/${version}/approve`);
    await this.ask(author, `POST /v1/rules/versions/${version}/activate`);
    await this.until(({ running }) => running?.version === version);
    return version;
  }

  /** Asks until it is so. */
  async until(isSo: (status: RulesStatus) => boolean): Promise<RulesStatus> {
    for (;;) {
      const status = await this.service.status();
      if (isSo(status)) return status;
      await turn();
    }
  }

  takenOver(): Promise<RulesStatus> {
    return this.until(({ running }) => running !== null);
  }
}
