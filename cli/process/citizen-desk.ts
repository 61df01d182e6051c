/** What the cardholder's pages ask of cases, cards, appeals and SMS, on one database. */

import { Kysely } from "kysely";
import type { Clock } from "../../platform/clock/clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import type { KeyValue } from "../../platform/key-value/key-value.js";
import type { Regions } from "../../schemas/bundle/regions.js";
import type { SmsTemplatesFile } from "../../schemas/sms-templates.js";
import { caseIdOfCode } from "../../services/alerts/cases/case-code.js";
import { HolderChannel } from "../../services/alerts/channel/holder-channel.js";
import { answerSwipe } from "../../services/alerts/holder-swipes/holder-answers.js";
import { type OwnSwipe, swipeOf, swipesOf } from "../../services/alerts/holder-swipes/holder-swipes.js";
import { placeName } from "../../services/alerts/place-name.js";
import { enqueueSms } from "../../services/alerts/sms/enqueue-sms.js";
import type { AlertsTables } from "../../services/alerts/tables.js";
import type {
  CitizenCase,
  CitizenDesk,
  HolderAppeals,
  HolderSwipe,
  SmsResult,
} from "../../services/console/citizen/citizen-desk.js";
import { institutionKey, institutionText, readInstitution } from "../../services/ingest/institution-entry.js";
import { type ContactStores, contactOf } from "./contact-of.js";

export interface CitizenDeskParts extends ContactStores {
  readonly database: OpenDatabase;
  readonly institutions: Pick<KeyValue, "get">;
  readonly clock: Clock;
  readonly regions: Regions;
  readonly templates: SmsTemplatesFile;
  readonly appeals: HolderAppeals;
}

export function citizenDesk(parts: CitizenDeskParts): CitizenDesk {
  const { database, clock, appeals } = parts;
  const tables = new Kysely<AlertsTables>({ dialect: database.dialect });
  const channel = new HolderChannel(database, clock);
  return {
    caseByCode: (code) => caseByCode(tables, code),
    contactOf: (personKey) => contactOf(parts, personKey),
    sendLoginCode: (sms) => sendLoginCode(tables, parts, sms),
    swipeOf: async (personKey, caseId, decisionId) => {
      const found = await swipeOf(tables, { personKey, caseId, decisionId });
      return found && shown(parts, found);
    },
    swipesOf: async (personKey, page) => {
      const { swipes, before } = await swipesOf(tables, personKey, page);
      return { swipes: await Promise.all(swipes.map((swipe) => shown(parts, swipe))), before };
    },
    answerSwipe: (word) => answerSwipe(tables, word, clock.now()),
    cardsOf: (personKey, atMs) => channel.cardsOf(personKey, atMs),
    reportLoss: (report) => channel.reportLoss(report),
    lossRequestsOf: (personKey) => channel.lossRequestsOf(personKey),
    limitsOf: (personKey) => channel.limitsOf(personKey),
    setLimits: (change) => channel.setLimits(change),
    appeals,
  };
}

/** Of an institution's case there is no holder. */
async function caseByCode(tables: Kysely<AlertsTables>, code: string): Promise<CitizenCase | null> {
  const caseId = await caseIdOfCode(tables, code);
  if (caseId === null) return null;
  const row = await tables
    .selectFrom("cases")
    .select("person_key")
    .where("case_id", "=", caseId)
    .executeTakeFirst();
  return row === undefined || row.person_key === null ? null : { caseId, personKey: row.person_key };
}

function sendLoginCode(
  tables: Kysely<AlertsTables>,
  { clock, templates }: Pick<CitizenDeskParts, "clock" | "templates">,
  { smsId, personKey, code }: { readonly smsId: string; readonly personKey: string; readonly code: string },
): Promise<SmsResult> {
  return tables.transaction().execute((trx) =>
    enqueueSms(
      trx,
      {
        smsId,
        personKey,
        situation: "login-code",
        values: { code },
        createdAtMs: clock.now(),
        severity: "critical",
      },
      templates,
    ),
  );
}

async function shown(
  { institutions, regions }: Pick<CitizenDeskParts, "institutions" | "regions">,
  { careRegion, institutionId, ...swipe }: OwnSwipe,
): Promise<HolderSwipe> {
  return {
    ...swipe,
    place: placeName(regions.regions, careRegion),
    institution: await institutionName(institutions, institutionId),
  };
}

/** Of one that the register does not know, or whose entry is damaged, there is its id. */
async function institutionName(institutions: Pick<KeyValue, "get">, institutionId: string): Promise<string> {
  const key = institutionKey(institutionId);
  const value = await institutions.get(key);
  if (value === null) return institutionId;
  const entry = readInstitution(key, institutionText(value));
  return "expected" in entry ? institutionId : (entry.name ?? institutionId);
}
