/** The console's HTTP as every profile mounts it: cases and audit log, behind the one gate, and the pages. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { Kysely } from "kysely";
import {
  AuditCheckpointer,
  type CheckpointTables,
  checkpointsOf,
} from "../../platform/audit-log/audit-checkpointer.js";
import { auditLines } from "../../platform/audit-log/audit-log.js";
import type { Clock } from "../../platform/clock/clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import type { KeyValue } from "../../platform/key-value/key-value.js";
import type { Logger } from "../../platform/logger/logger.js";
import { formatInstant } from "../../schemas/instant.js";
import { Topic } from "../../schemas/topics.js";
import { openAppealOf } from "../../services/alerts/appeals/appeal-store.js";
import { readCase } from "../../services/alerts/cases/case-detail.js";
import { casePage } from "../../services/alerts/cases/case-list.js";
import { CasesWork } from "../../services/alerts/cases/cases-work.js";
import type { People } from "../../services/bundles/people.js";
import type { AppealsDesk } from "../../services/console/server/appeals-desk.js";
import { appealsRoutes, reversalsRoutes } from "../../services/console/server/appeals-routes.js";
import type { AuditDesk, CasesDesk } from "../../services/console/server/cases-desk.js";
import { auditRoutes, casesRoutes } from "../../services/console/server/cases-routes.js";
import { openConsoleApp } from "../../services/console/server/console-app.js";
import { figuresAway } from "../../services/console/server/figures-away.js";
import type { FiguresDesk } from "../../services/console/server/figures-desk.js";
import { consolePageHeaders } from "../../services/console/server/page-headers.js";
import { queueRoutes } from "../../services/console/server/queue-routes.js";
import type { RulesConsoleDesk } from "../../services/console/server/rules-console-desk.js";
import { rulesConsoleRoutes } from "../../services/console/server/rules-console-routes.js";
import { searchRoutes } from "../../services/console/server/search-routes.js";
import {
  findingRoutes,
  institutionRoutes,
  personRoutes,
  type SubjectsParts,
} from "../../services/console/server/subjects-routes.js";
import { SystemAuditVerification } from "../../services/console/server/system-audit-verification.js";
import { auditLogRoutes, systemRoutes } from "../../services/console/server/system-routes.js";
import { openWebFiles, WEB_PAGE, type WebFiles } from "../../services/console/server/web-files.js";
import { packageRoot } from "../package-root.js";
import type { ProcessPlatform } from "../platforms.js";
import type { Access } from "./access-process.js";
import { auditLogDesk, CHECKPOINTS_PAGE } from "./audit-log-desk.js";
import { casePageOf } from "./case-page-process.js";
import type { Closers } from "./closers.js";
import { type OverviewOptions, startOverview } from "./console-overview.js";
import type { ContactStores } from "./contact-of.js";
import type { EvidenceKeys } from "./evidence-keys.js";
import type { HttpRequests } from "./evidence-process.js";
import { institutionDesk } from "./institution-desk.js";
import { startQueue } from "./queue-process.js";
import { subjectsDesk } from "./subjects-process.js";
import { type SystemParts, systemDesk } from "./system-process.js";

export interface ConsolePlatform extends ProcessPlatform, ContactStores {
  readonly log: Pick<EventLog, "partitionCount" | "bounds" | "tail" | "reader">;
  readonly database: OpenDatabase;
}

export interface ConsoleOptions {
  readonly people: Pick<People, "list">;
  readonly access: Pick<Access, "gate" | "routes" | "trustedProxies" | "requests">;
  readonly keys: EvidenceKeys;
  readonly appeals: AppealsDesk;
  readonly system: SystemParts;
  /** Rows of swipes; where they are absent the pages say that they cannot be had. */
  readonly figures?: FiguresDesk;
  readonly institutions: Pick<KeyValue, "get" | "entries">;
  /** What time it is on the pages, where that is not this machine's: a demo plays days that are past. */
  readonly dayClock?: Clock;
  /** Absent: the pages "today" and "analytics" have no addresses here. */
  readonly overview?: OverviewOptions;
  /** Absent: this process shows no rules. */
  readonly rules?: RulesConsoleDesk;
}

/** A page of the audit log is some 200 kB. */
const AUDIT_PAGE_LINES = 500;

/** @returns what answers its addresses. The database is migrated. */
export async function startConsole(
  platform: ConsolePlatform,
  options: ConsoleOptions,
  closers: Closers,
): Promise<HttpRequests> {
  const { access, figures = figuresAway(), dayClock = platform.clock } = options;
  closers.add(startCheckpoints(platform, options.keys));
  const auditLog = auditLogDesk(platform.database, options.keys);
  const verification = closers.add(new SystemAuditVerification({ ...platform, log: auditLog }));
  const subjects: SubjectsParts = {
    desk: subjectsDesk(platform.database, dayClock),
    register: institutionDesk(options.institutions, platform.clock),
    figures,
    clock: dayClock,
  };
  const activePeople = async () =>
    new Set(
      (await options.people.list()).flatMap(({ name, revokedAt }) => (revokedAt === null ? [name] : [])),
    );
  const work = new CasesWork({
    ...platform,
    partitionCount: () => platform.log.partitionCount(Topic.DECISIONS),
    activePeople,
    openAppealOf,
  });
  const app = closers.add(
    await openConsoleApp({
      gate: access.gate,
      trustedProxies: access.trustedProxies,
      parts: [
        access.routes,
        casesRoutes(casesDesk(platform, work)),
        queueRoutes(
          startQueue(
            platform,
            { change: (asked) => work.change(asked), activePeople, register: subjects.register, dayClock },
            closers,
          ),
        ),
        auditRoutes(auditDesk(platform)),
        appealsRoutes(options.appeals),
        reversalsRoutes(options.appeals),
        auditLogRoutes(auditLog, verification),
        systemRoutes(systemDesk(platform, options.system)),
        personRoutes(subjects),
        institutionRoutes(subjects),
        findingRoutes(subjects),
        searchRoutes(subjects),
        ...(options.overview === undefined
          ? []
          : startOverview(
              platform,
              { ...options.overview, figures, system: options.system, dayClock },
              closers,
            )),
        ...(options.rules === undefined ? [] : rulesConsoleRoutes(options.rules)),
        casePageOf(platform, { people: options.people, figures }),
      ],
      logger: platform.logger,
    }),
  );
  const pages = consolePages(platform.logger, access.gate.isSecure);
  return async (request, response) =>
    (await access.requests(request, response)) ||
    (await app.requests(request, response)) ||
    pages?.(request, response) === true;
}

/** null where they were not built. */
function consolePages(logger: Logger, isSecure: boolean): WebFiles | null {
  const folder = join(packageRoot, "dist", "web");
  if (existsSync(join(folder, WEB_PAGE)))
    return openWebFiles({ folder, headersOf: (nonce) => consolePageHeaders(nonce, { isSecure }) });
  logger.warn("console.pages-missing", { path: folder, reason: "npm run build makes them" });
  return null;
}

function casesDesk({ database, clock }: ConsolePlatform, work: CasesWork): CasesDesk {
  return {
    list: (asked) => casePage(database, asked),
    show: (caseId, scope) => readCase(database, { caseId, scope, nowMs: clock.now() }),
    change: (asked) => work.change(asked),
  };
}

function auditDesk({ database }: ConsolePlatform): AuditDesk {
  const tables = new Kysely<CheckpointTables>({ dialect: database.dialect });
  return {
    lines: async (afterSeq) => {
      const lines = await auditLines(tables, { afterSeq, limit: AUDIT_PAGE_LINES });
      return { lines: [...lines], after: lines.length < AUDIT_PAGE_LINES ? null : afterSeq + lines.length };
    },
    checkpoints: (afterSeq) => checkpointsOf(tables, { order: "asc", afterSeq, limit: CHECKPOINTS_PAGE }),
  };
}

function startCheckpoints({ database, clock, logger }: ConsolePlatform, keys: EvidenceKeys) {
  const stopping = new AbortController();
  const ended = new AuditCheckpointer({
    database,
    tables: new Kysely<CheckpointTables>({ dialect: database.dialect }),
    signer: () => keys.signer(),
    formatInstant,
    clock,
    logger,
  }).run(stopping.signal);
  return {
    close: async () => {
      stopping.abort();
      await ended;
    },
  };
}
