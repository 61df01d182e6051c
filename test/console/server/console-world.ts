/** The console's HTTP on a database of alerts, with people and their keys, as a process mounts it. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Kysely } from "kysely";
import * as z from "zod";
import { type Access, startAccess } from "../../../cli/process/access-process.js";
import type { AccessSettings } from "../../../cli/process/access-settings.js";
import type { Gateway } from "../../../cli/process/activation-client.js";
import { type Appeals, startAppeals } from "../../../cli/process/appeals-process.js";
import { Closers } from "../../../cli/process/closers.js";
import { startConsole } from "../../../cli/process/console-process.js";
import { openEvidenceKeys } from "../../../cli/process/evidence-keys.js";
import type { SystemParts } from "../../../cli/process/system-process.js";
import { AuditCheckpointer, type CheckpointTables } from "../../../platform/audit-log/audit-checkpointer.js";
import { MemoryKeyValue } from "../../../platform/key-value/memory/memory-key-value.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import { noMetrics } from "../../../platform/metrics/metrics.js";
import { SealedBox } from "../../../platform/sealed-box/sealed-box.js";
import { appealsProblem } from "../../../schemas/http/appeals-problem.js";
import { APPEALS_ROUTES, type AppealsRoute } from "../../../schemas/http/appeals-routes.js";
import { CASE_PAGE_PROBLEMS } from "../../../schemas/http/case-page-problem.js";
import { CASE_PAGE_ROUTES, type CasePageRoute } from "../../../schemas/http/case-page-routes.js";
import { casesProblem } from "../../../schemas/http/cases-problem.js";
import { CASES_ROUTES, type CasesRoute } from "../../../schemas/http/cases-routes.js";
import { consoleAccessProblem } from "../../../schemas/http/console-access-problem.js";
import {
  CONSOLE_ACCESS_ROUTES,
  type ConsoleAccessRoute,
} from "../../../schemas/http/console-access-routes.js";
import type { ConsoleApiRoute } from "../../../schemas/http/console-api.js";
import { QUEUE_PROBLEMS } from "../../../schemas/http/queue-problem.js";
import { QUEUE_ROUTES } from "../../../schemas/http/queue-routes.js";
import { SUBJECTS_PROBLEMS } from "../../../schemas/http/subjects-problem.js";
import {
  FINDING_ROUTES,
  INSTITUTION_ROUTES,
  PERSON_ROUTES,
  SEARCH_ROUTES,
} from "../../../schemas/http/subjects-routes.js";
import { SYSTEM_PROBLEMS } from "../../../schemas/http/system-problem.js";
import { AUDIT_ROUTES, SYSTEM_ROUTES } from "../../../schemas/http/system-routes.js";
import { formatInstant } from "../../../schemas/instant.js";
import { People } from "../../../services/bundles/people.js";
import type { BundlesTables } from "../../../services/bundles/tables.js";
import { figuresAway } from "../../../services/console/server/figures-away.js";
import type { FiguresDesk } from "../../../services/console/server/figures-desk.js";
import { AlertsDesk } from "../../alerts/alerts-desk.js";
import { StandingClock } from "../../ingest/gateway-world.js";
import { emptyTables } from "../../support/empty-tables.js";
import { FewSwipes } from "./few-swipes.js";

export const LOCAL_KEY = "kdn_local_of-the-machine";

const NO_SETTINGS: AccessSettings = {
  consoleOrigin: "",
  consoleProxies: "",
  oidcIssuer: "",
  oidcClientId: "",
  oidcClientSecretFile: "",
  oidcClaim: "sub",
};

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read any shape and say what they expect of it.
  readonly body: any;
}

export class ConsoleWorld {
  readonly clock = new StandingClock();
  readonly contacts = new MemoryKeyValue();
  readonly box = new SealedBox({ id: "test", key: Buffer.alloc(32, 3) });
  readonly figures = new FewSwipes();
  private readonly closers = new Closers();
  private readonly keys = new Map<string, string>([["local", LOCAL_KEY]]);
  private server!: Server;
  appeals!: Appeals;
  access!: Access;
  url!: string;
  /** Where the gateway is; null: it does not run. */
  gateway: Gateway | null = null;
  readonly institutions = new MemoryKeyValue();
  private readonly system: SystemParts = {
    gateway: () => {
      if (this.gateway === null) throw new Error("the swipe process does not run");
      return this.gateway;
    },
    readiness: async () => ({ ready: true, reasons: [] }),
    proofs: { status: async () => [] },
    rows: null,
    analytics: null,
    dataFolder: "",
  };

  private constructor(
    readonly desk: AlertsDesk,
    readonly people: People,
    private readonly settings: AccessSettings,
    private readonly isDemo: boolean,
  ) {}

  static async open({
    settings = {},
    isDemo = false,
  }: {
    readonly settings?: Partial<AccessSettings>;
    readonly isDemo?: boolean;
  } = {}): Promise<ConsoleWorld> {
    const desk = await AlertsDesk.open();
    const tables = new Kysely<BundlesTables>({ dialect: desk.database.dialect });
    const people = new People({ tables, clock: new StandingClock() });
    const world = new ConsoleWorld(desk, people, { ...NO_SETTINGS, ...settings }, isDemo);
    await world.start();
    return world;
  }

  private async start(): Promise<void> {
    const { desk, people, clock } = this;
    const { contacts, box } = this;
    const registers = { contacts, moved: new MemoryKeyValue() };
    this.appeals = startAppeals(
      { ...registers, box, database: desk.database, clock, logger: silentLogger },
      this.closers,
    );
    this.access = await startAccess(
      { box, database: desk.database, clock, logger: silentLogger },
      {
        settings: this.settings,
        people,
        localKey: () => LOCAL_KEY,
        isDemo: this.isDemo,
        passwordCost: { n: 16, r: 1, p: 1 },
      },
      this.closers,
    );
    const requests = await startConsole(
      {
        ...registers,
        box,
        database: desk.database,
        log: {
          partitionCount: async () => 1,
          bounds: async () => ({ start: 0, end: 7 }),
          tail: async () => null,
          reader: () => Promise.reject(new Error("nobody reads this log")),
        },
        clock,
        logger: silentLogger,
        metrics: noMetrics,
        metricsText: { contentType: "text/plain", text: async () => "" },
      },
      {
        people,
        access: this.access,
        keys: this.evidenceKeys,
        appeals: this.appeals.office,
        system: this.system,
        institutions: this.institutions,
        figures: deskOf(this.figures),
      },
      this.closers,
    );
    this.server = createServer((request, response) => {
      requests(request, response).then((taken) => {
        if (!taken) response.writeHead(418).end();
      });
    });
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    for (const name of ["lin", "wang"]) this.keys.set(name, await people.add(name));
  }

  get evidenceKeys() {
    return openEvidenceKeys({ keysFile: join(this.desk.folder, "evidence.json"), signer: "" }, this.clock);
  }

  keyOf(name: string): string {
    return this.keys.get(name) ?? name;
  }

  async ask(
    who: string | null,
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    body?: unknown,
  ): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(who !== null && { authorization: `Bearer ${this.keyOf(who)}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const answer = { status: response.status, body: await response.json().catch(() => null) };
    requireDocumented(`${method} ${path}`, response, answer.body);
    return answer;
  }

  get(who: string | null, path: string): Promise<Answer> {
    return this.ask(who, "GET", path);
  }

  post(who: string | null, path: string, body: unknown): Promise<Answer> {
    return this.ask(who, "POST", path, body);
  }

  /** Signs the head where that is due. */
  checkpoint() {
    const { database } = this.desk;
    const tables = new Kysely<CheckpointTables>({ dialect: database.dialect });
    const { clock, evidenceKeys } = this;
    const signer = () => evidenceKeys.signer();
    return new AuditCheckpointer({
      database,
      tables,
      signer,
      formatInstant,
      clock,
      logger: silentLogger,
    }).round();
  }

  async empty(): Promise<void> {
    await emptyTables(this.desk.tables, ["audit_checkpoints"]);
    await this.desk.empty();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.closers.close();
    await this.desk.close();
  }
}

/** Rows and journals in memory; the figures of the day cannot be had. */
function deskOf(rows: FewSwipes): FiguresDesk {
  return {
    ...figuresAway(),
    institution: (asked) => rows.institution(asked),
    decisions: (asked) => rows.decisions(asked),
    findEvent: (asked) => rows.findEvent(asked),
    personTimeline: (asked) => rows.personTimeline(asked),
    neighbours: (asked) => rows.neighbours(asked),
  };
}

/** Under names that no route of cases has. */
const appealsOnly = Object.fromEntries(
  Object.entries<AppealsRoute>(APPEALS_ROUTES).map(([name, route]) => [`appeals.${name}`, route]),
);

type AnyRoute = CasesRoute | AppealsRoute | ConsoleApiRoute | CasePageRoute | ConsoleAccessRoute;

const consoleRoutes: readonly AnyRoute[] = [
  AUDIT_ROUTES,
  SYSTEM_ROUTES,
  PERSON_ROUTES,
  INSTITUTION_ROUTES,
  FINDING_ROUTES,
  SEARCH_ROUTES,
  CASE_PAGE_ROUTES,
  CONSOLE_ACCESS_ROUTES,
  QUEUE_ROUTES,
].flatMap((table) => Object.values<AnyRoute>(table));
const consoleProblem = z.object({
  code: z.enum(
    Object.keys({ ...SYSTEM_PROBLEMS, ...SUBJECTS_PROBLEMS, ...CASE_PAGE_PROBLEMS, ...QUEUE_PROBLEMS }),
  ),
});
const anyProblem = z.union([casesProblem, appealsProblem, consoleProblem, consoleAccessProblem]);

/** What is answered has the shape that the table of routes says. @param asked method and path. */
export function requireDocumented(asked: string, { status, headers }: Response, body: unknown): void {
  const [method = "", path = ""] = asked.split(" ");
  if (headers.get("content-type") === "application/problem+json") anyProblem.parse(body);
  else if (status === 200 || status === 201) routeOf(method, path)?.answer.parse(body);
}

function routeOf(method: string, path: string): AnyRoute | undefined {
  const asked = path.split("?", 1)[0]!;
  return [
    ...consoleRoutes,
    ...Object.values<CasesRoute | AppealsRoute>({ ...CASES_ROUTES, ...appealsOnly }),
  ].find(
    (route) =>
      route.method === method && new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(asked),
  );
}
