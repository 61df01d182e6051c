/** What is behind the page of a case, as every profile mounts it. */

import { Kysely } from "kysely";
import type { Clock } from "../../platform/clock/clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import { draftsOf, keepDraft } from "../../services/alerts/case-page/case-drafts.js";
import { caseSubject } from "../../services/alerts/case-page/case-subject.js";
import { unmaskPerson } from "../../services/alerts/case-page/unmasking.js";
import { caseStream } from "../../services/alerts/case-page/work-stream.js";
import type { People } from "../../services/bundles/people.js";
import type { CasePageDesk } from "../../services/console/server/case-page-desk.js";
import { casePageRoutes } from "../../services/console/server/case-page-routes.js";
import type { TimelineParts } from "../../services/console/server/case-page-timeline.js";
import type { ConsoleRoutes } from "../../services/console/server/console-routes.js";
import { type ContactStores, contactOf } from "./contact-of.js";

export interface CasePagePlatform extends ContactStores {
  readonly database: OpenDatabase;
  readonly clock: Clock;
}

export interface CasePageOptions {
  readonly people: Pick<People, "list">;
  readonly figures: TimelineParts["figures"];
}

export function casePageOf(platform: CasePagePlatform, { people, figures }: CasePageOptions): ConsoleRoutes {
  return casePageRoutes({ desk: deskOf(platform, people), figures, now: () => platform.clock.now() });
}

function deskOf(platform: CasePagePlatform, people: CasePageOptions["people"]): CasePageDesk {
  const { database, clock } = platform;
  const tables = new Kysely<object>({ dialect: database.dialect });
  return {
    subject: (caseId, scope) => caseSubject(database, caseId, scope),
    work: ({ subject, ...asked }) => caseStream(tables, { ...subject, ...asked }),
    drafts: (caseId, person) => draftsOf(database, { caseId, person }),
    keepDraft: (kept) => keepDraft(database, kept, clock.now()),
    unmask: (asked) =>
      unmaskPerson(
        { database, nowMs: clock.now(), contactOf: (personKey) => contactOf(platform, personKey) },
        asked,
      ),
    colleagues: async () =>
      (await people.list()).flatMap(({ name, revokedAt }) => (revokedAt === null ? [name] : [])).sort(),
  };
}
