/** The ledger of SMS over HTTP, with the machine's own key: it tells of persons. */

import type { Clock } from "../../platform/clock/clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import type { SmsResolvedAnswer, SmsSummary } from "../../schemas/http/sms.js";
import { resolveSms } from "../../services/alerts/sms/resolve-sms.js";
import { type SmsPage, type SmsPageQuery, smsOf, smsPage } from "../../services/alerts/sms/sms-list.js";
import { SMS_STATUSES, type SmsStatus } from "../../services/alerts/sms/sms-state.js";

/** What `kadun sms` needs, of an office or of a database. */
export interface SmsLedger {
  page(query: SmsPageQuery): Promise<SmsPage>;
  find(smsId: string): Promise<SmsSummary | null>;
  resolve(smsId: string, as: "sent" | "again"): Promise<SmsResolvedAnswer>;
}

/** As the audit log names whoever has the machine's own key. */
const LOCAL_ACTOR = "local";

export function smsLedgerOf(database: OpenDatabase, clock: Clock): SmsLedger {
  return {
    page: (query) => smsPage(database, query),
    find: (smsId) => smsOf(database, smsId),
    resolve: (smsId, as) => resolveSms(database, { smsId, as, actor: LOCAL_ACTOR, nowMs: clock.now() }),
  };
}

export function smsRoutes(ledger: SmsLedger) {
  return {
    "GET /v1/sms": (query: URLSearchParams) =>
      ledger.page({ status: smsStatusOf(query.get("status")), after: query.get("after") }),
    "GET /v1/sms/one": async (query: URLSearchParams) => ({ sms: await ledger.find(query.get("id") ?? "") }),
    "POST /v1/sms/resolution": (query: URLSearchParams) =>
      ledger.resolve(query.get("id") ?? "", query.get("as") === "again" ? "again" : "sent"),
  };
}

/** null of what is none. */
export function smsStatusOf(text: string | null): SmsStatus | null {
  return SMS_STATUSES.find((status) => status === text) ?? null;
}
