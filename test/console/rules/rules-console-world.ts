/** The console's desk of rules over its HTTP: the shipped rules run as version 1, history is judged by the test. */

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely, sql } from "kysely";
import type { HistoryRun } from "../../../cli/backtest/history-child.js";
import { loadBundle } from "../../../cli/bundle-files.js";
import { packageRoot } from "../../../cli/package-root.js";
import { readBundle } from "../../../cli/process/bundles-process.js";
import { Closers } from "../../../cli/process/closers.js";
import { type CountRules, startRulesConsole } from "../../../cli/process/rules-console/rules-console.js";
import type { AnalyticsDatabase } from "../../../platform/analytics/analytics-database.js";
import type { Clock } from "../../../platform/clock/clock.js";
import { systemClock } from "../../../platform/clock/system-clock.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { migrate } from "../../../platform/database/migrations.js";
import { openPgliteDatabase } from "../../../platform/database/pglite/pglite-database.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import {
  NATION,
  type Permission,
  permissionsOf,
  type Role,
  type Scope,
} from "../../../schemas/console/access.js";
import type { AskedRequest } from "../../../schemas/console/caller.js";
import { RULES_CONSOLE_ROUTES, type RulesConsoleRoute } from "../../../schemas/http/rules-console-routes.js";
import { BREAKER_LIMITS } from "../../../services/bundles/breaker-limits.js";
import { activateForBreaker } from "../../../services/bundles/publishing.js";
import type { RulesRoom } from "../../../services/bundles/rules-room.js";
import type { BundlesTables } from "../../../services/bundles/tables.js";
import { takeOver } from "../../../services/bundles/take-over.js";
import { openConsoleApp } from "../../../services/console/server/console-app.js";
import { rulesConsoleRoutes } from "../../../services/console/server/rules-console-routes.js";
import { newMigratedDatabase } from "../../support/new-database.js";
import { callerOf } from "../server/asked.js";

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read any shape and say what they expect of it.
  readonly body: any;
}

export type Requests = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

interface Person {
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly scope: Scope;
}

export const shipped = loadBundle();
const PAUSE_MS_MAX = 10;

export class RulesConsoleWorld {
  /** What history is judged by; a test sets it. */
  run: (asked: HistoryRun) => Promise<unknown> = async () => {
    throw new Error("no history in this test");
  };
  countRules: CountRules = async () => ({ rules: [] });
  /** Moves the clock of desks and jobs; pauses are short. */
  movedMs = 0;
  /** What time it is in the data; null: the same. */
  dayMs: number | null = null;
  readonly clock: Clock = {
    now: () => systemClock.now() + this.movedMs,
    sleep: (ms, signal) => systemClock.sleep(Math.min(ms, PAUSE_MS_MAX), signal),
  };
  readonly room: RulesRoom;
  /** Asked first, and last: true where it has answered. */
  before: Requests = async () => false;
  after: Requests = async () => false;
  private readonly people = new Map<string, Person>();
  private closers = new Closers();
  private server: Server | null = null;
  url = "";

  private constructor(
    private readonly folder: string,
    readonly database: OpenDatabase,
    readonly tables: Kysely<BundlesTables>,
  ) {
    this.room = {
      tables,
      clock: this.clock,
      readBundle,
      guard: {
        check: async () => ({ result: "ok", text: "as before", numbers: {} }),
        isFresh: async () => true,
      },
      partitions: 2,
      onActivation: () => {},
    };
  }

  static async open(): Promise<RulesConsoleWorld> {
    const folder = mkdtempSync(join(tmpdir(), "kadun-rules-console-"));
    const database = await openPgliteDatabase({ path: await newMigratedDatabase(join(folder, "postgres")) });
    await migrate(database.dialect, join(packageRoot, "schemas", "postgres"));
    return new RulesConsoleWorld(folder, database, new Kysely<BundlesTables>({ dialect: database.dialect }));
  }

  /** Everything new but the database engine. @param analytics null: this process has none. */
  async begin(analytics: AnalyticsDatabase | null = null): Promise<void> {
    await sql`truncate people, bundle_contents, bundle_versions, bundle_comments, bundle_approvals, bundle_checks,
      bundle_confirmations, bundle_activations, activation_answers, breaker_windows, rule_drafts, rule_jobs, alerts, cases cascade`.execute(
      this.tables,
    );
    this.people.clear();
    this.movedMs = 0;
    await takeOver(this.tables, {
      running: {
        sequence: 0,
        bundleHash: shipped.bundle.hash,
        shadowBundleHash: null,
        engineVersion: "1",
        publishedBy: [],
      },
      contentOf: async () => shipped.content,
      partitions: 2,
      nowMs: this.clock.now(),
    });
    await this.start(analytics);
  }

  async start(analytics: AnalyticsDatabase | null = null): Promise<void> {
    const { room, database, clock, closers } = this;
    const desk = startRulesConsole(
      {
        room,
        database,
        analytics,
        countRules: (asked) => this.countRules(asked),
        dayClock: { now: () => this.dayMs ?? clock.now() },
        history: { data: "nowhere" },
        breaker: BREAKER_LIMITS,
        patrolsFile: "",
        clock,
        logger: silentLogger,
        run: (asked) => this.run(asked),
      },
      closers,
    );
    const app = closers.add(
      await openConsoleApp({
        gate: {
          admit: this.admit,
          readmit: async ({ headers }) => this.admitted(headers.authorization),
          admitNobody: () => null,
        },
        parts: rulesConsoleRoutes(desk),
        logger: silentLogger,
      }),
    );
    this.server = createServer(async (request, response) => {
      for (const requests of [this.before, app.requests, this.after])
        if (await requests(request, response)) return;
      response.writeHead(418).end();
    });
    await new Promise<void>((resolve) => this.server!.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** @param key what the person is known by here: the name where absent. */
  add(name: string, role: Role = "rule-manager", scope: Scope = NATION, key = name): void {
    this.people.set(key, { name, permissions: permissionsOf([role]), scope });
  }

  /** What runs now, with this rule lowered by the breaker. */
  async trip(lower: (content: unknown) => unknown): Promise<void> {
    const content = lower(shipped.content);
    await activateForBreaker(this.room, { content, comment: "breaker: R14 stopped many", sequence: 0 });
  }

  /** A decision of which there is an alert in a case. */
  async alertOf(decisionId: string, caseId: string): Promise<void> {
    await sql`insert into cases (case_id, person_key, ordinal, status, opened_at)
      values (${caseId}, ${caseId}, 1, 'open', now())`.execute(this.tables);
    await sql`insert into alerts (alert_id, case_id, person_key, decision_id, ordinal, event_id, action, severity,
        rules, disputed, degraded, state)
      values (${decisionId}, ${caseId}, ${caseId}, ${decisionId}, 0, ${decisionId}, 'review', 'high', '[]', false,
        false, 'standing')`.execute(this.tables);
  }

  /** What is answered has the shape that the table of routes says. */
  async ask(who: string, request: string, body?: unknown): Promise<Answer> {
    const [method = "", path = ""] = request.split(" ");
    const response = await fetch(`${this.url}/v1/console/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${who}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = { status: response.status, body: await response.json() };
    const route = routeOf(method, `/v1/console/${path}`);
    if (route !== undefined && route.status === answer.status) route.answer.parse(answer.body);
    else if (response.ok) throw new Error(`${request}: ${response.status} is not documented`);
    return answer;
  }

  async stop(): Promise<void> {
    const { server, closers } = this;
    this.closers = new Closers();
    await closers.close();
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  }

  async close(): Promise<void> {
    await this.database.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  readonly admit = async ({ headers }: Pick<AskedRequest, "headers">) => this.admitted(headers.authorization);

  private admitted(authorization: AskedRequest["headers"][string]) {
    const person = this.people.get(String(authorization ?? "").replace("Bearer ", ""));
    if (person === undefined) return { refused: "KEY_INVALID", detail: "nobody" } as const;
    return callerOf(person.name, person.scope, [...person.permissions]);
  }
}

function routeOf(method: string, path: string): RulesConsoleRoute | undefined {
  const asked = path.split("?", 1)[0]!;
  return Object.values<RulesConsoleRoute>(RULES_CONSOLE_ROUTES).find(
    (route) =>
      route.method === method && new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(asked),
  );
}
