/** Appeals as every profile starts them, where people work: office and console. */

import { join } from "node:path";
import { appealDeadlinesFile } from "../../schemas/appeal-deadlines.js";
import { compileCalendar } from "../../schemas/working-calendar.js";
import { AppealChanges } from "../../services/alerts/appeals/appeal-changes.js";
import { AppealPapers } from "../../services/alerts/appeals/appeal-papers.js";
import { AppealRounds } from "../../services/alerts/appeals/appeal-rounds.js";
import { tellHolder } from "../../services/alerts/appeals/appeal-sms.js";
import { HolderAppealsDesk } from "../../services/alerts/appeals/holder-appeals.js";
import { OfficeAppealsDesk } from "../../services/alerts/appeals/office-appeals.js";
import { reportsOf } from "../../services/alerts/card-reports/cards-of.js";
import { personKeysOf } from "../../services/alerts/person-keys.js";
import type { HolderAppeals } from "../../services/console/citizen/citizen-desk.js";
import type { AppealsDesk } from "../../services/console/server/appeals-desk.js";
import { maskedName } from "../../services/evidence/package/masking.js";
import { loadBundle, readChecked } from "../bundle-files.js";
import { packageRoot } from "../package-root.js";
import type { AlertsPlatform } from "../platforms.js";
import { appealPress } from "./appeal-press.js";
import type { Closers } from "./closers.js";
import { contactOf } from "./contact-of.js";
import { lazily, openPrinter } from "./pdf-printer.js";
import { smsTemplates } from "./sms-templates.js";

export interface Appeals {
  readonly holder: HolderAppeals;
  readonly office: AppealsDesk;
}

export type AppealsPlatform = Pick<
  AlertsPlatform,
  "database" | "box" | "contacts" | "moved" | "clock" | "logger"
>;

/** The database is migrated. @throws where a file of rulesets/ is not what it should be. */
export function startAppeals(platform: AppealsPlatform, closers: Closers): Appeals {
  const { clock, logger, box } = platform;
  const templates = smsTemplates();
  const changes = new AppealChanges({
    ...platform,
    policy: readChecked(join(packageRoot, "rulesets", "appeal-deadlines.json"), appealDeadlinesFile),
    calendar: compileCalendar(loadBundle().content.calendar),
    reportsOf: async (database, personKey) => reportsOf(database, await personKeysOf(database, personKey)),
    notify: (trx, notice) => tellHolder(trx, notice, templates),
  });
  const papers = new AppealPapers({
    tables: changes.tables,
    box,
    press: appealPress(lazily(openPrinter)),
    addresseeOf: async (personKey) => {
      const contact = await contactOf(platform, personKey);
      return contact === null ? null : maskedName(contact.name);
    },
  });
  closers.add(startRounds(new AppealRounds({ changes, papers, clock, logger })));
  return {
    holder: new HolderAppealsDesk(changes, papers),
    office: new OfficeAppealsDesk(changes, papers),
  };
}

function startRounds(rounds: AppealRounds) {
  const stopping = new AbortController();
  const ended = rounds.run(stopping.signal);
  return {
    close: async () => {
      stopping.abort();
      await ended;
    },
  };
}
