/** What answers the console's pages from PostgreSQL: the same desks as a process has, over one database. */

import { join } from "node:path";
import { Kysely } from "kysely";
import { loadBundle, readChecked } from "../../../cli/bundle-files.js";
import { packageRoot } from "../../../cli/package-root.js";
import { auditLogDesk } from "../../../cli/process/audit-log-desk.js";
import { subjectsDesk } from "../../../cli/process/subjects-process.js";
import type { Clock } from "../../../platform/clock/clock.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { SealedBox } from "../../../platform/sealed-box/sealed-box.js";
import { appealDeadlinesFile } from "../../../schemas/appeal-deadlines.js";
import { compileCalendar } from "../../../schemas/working-calendar.js";
import { AppealChanges } from "../../../services/alerts/appeals/appeal-changes.js";
import { AppealPapers } from "../../../services/alerts/appeals/appeal-papers.js";
import { OfficeAppealsDesk } from "../../../services/alerts/appeals/office-appeals.js";
import { reportsOf } from "../../../services/alerts/card-reports/cards-of.js";
import { OfficeOverview } from "../../../services/alerts/overview/office-overview.js";
import { personKeysOf } from "../../../services/alerts/person-keys.js";
import { QueueOperations } from "../../../services/alerts/queue/queue-operations.js";
import { QueueViews } from "../../../services/alerts/queue/queue-views.js";
import type { EvidenceTables } from "../../../services/evidence/tables.js";
import { NOW_MS } from "./case-numbers.js";

/** It is the end of what was made. */
const clock: Clock = { now: () => NOW_MS, sleep: async () => {} };

export type AlertsDesks = ReturnType<typeof openAlertsDesks>;

export function openAlertsDesks(database: OpenDatabase) {
  const policy = readChecked(join(packageRoot, "rulesets", "appeal-deadlines.json"), appealDeadlinesFile);
  const calendar = compileCalendar(loadBundle().content.calendar);
  // What was made holds nothing sealed.
  const box = new SealedBox({ id: "bench", key: new Uint8Array(32) });
  const changes = new AppealChanges({
    ...{ database, clock, policy, calendar, box, notify: never },
    reportsOf: async (tables, personKey) => reportsOf(tables, await personKeysOf(tables, personKey)),
  });
  const papers = new AppealPapers({
    ...{ tables: changes.tables, box, press: { print: never }, addresseeOf: never },
  });
  return {
    database,
    nowMs: NOW_MS,
    tables: new Kysely<EvidenceTables>({ dialect: database.dialect }),
    appeals: new OfficeAppealsDesk(changes, papers),
    overview: new OfficeOverview({ database, clock, terms: { policy, calendar } }),
    subjects: subjectsDesk(database, clock),
    audit: auditLogDesk(database, { signer: never, published: never, rotate: never }),
    views: new QueueViews(database),
    operations: new QueueOperations(database),
  };
}

/** Nothing is changed here, and nothing opened or signed. */
function never(): never {
  throw new Error("only reading is measured");
}
