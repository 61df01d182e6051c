/** Pages of persons, institutions and findings, and the search, as every profile answers them. */

import { Kysely } from "kysely";
import type { Clock } from "../../platform/clock/clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import { personPage } from "../../services/alerts/subjects/person-page.js";
import { placeFacts } from "../../services/alerts/subjects/place-facts.js";
import { CaseLookups } from "../../services/alerts/subjects/subject-cases.js";
import { findingDetail, findingPage } from "../../services/alerts/subjects/subject-findings.js";
import type { AlertsTables } from "../../services/alerts/tables.js";
import type { SubjectsDesk } from "../../services/console/server/subjects-desk.js";

export function subjectsDesk(database: Pick<OpenDatabase, "dialect">, clock: Clock): SubjectsDesk {
  const tables = new Kysely<AlertsTables>({ dialect: database.dialect });
  const lookups = new CaseLookups(database);
  return {
    person: (personKey, scope) => personPage(tables, personKey, { scope, nowMs: clock.now() }),
    findings: (asked) => findingPage(tables, asked),
    finding: (findingId, scope) => findingDetail(tables, findingId, scope),
    placeFacts: (place, scope) => placeFacts(tables, place, scope),
    caseOfId: (caseId, scope) => lookups.ofId(caseId, scope),
    caseOfCode: (code, scope) => lookups.ofCode(code, scope),
    casesOfCardTail: (tail, scope) => lookups.ofCardTail(tail, scope),
    caseIdOfDecision: (decisionId, scope) => lookups.idOfDecision(decisionId, scope),
    appealOfNumber: (number, scope) => lookups.appealOfNumber(number, scope),
  };
}
