/**
 * Keeps SMS from flooding a person. Pure, by the events' times and places in the journal, so that reading the log again
 * decides the same. What is held back stays in the ledger with its reason.
 */

import { storableText } from "../../../platform/database/database.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { SmsSituation, SmsTemplatesFile } from "../../../schemas/sms-templates.js";
import { isAbove, type OutcomePosition } from "../../../schemas/topics.js";
import type { SmsReason, SmsRow } from "../tables.js";
import type { SmsDraft } from "./sms-draft.js";
import { smsText } from "./sms-text.js";

/** What the guard looks at of an SMS that is in the ledger. */
export interface SmsBefore {
  readonly smsId: string;
  readonly personKey: string;
  readonly situation: SmsSituation;
  readonly eventMs: number;
  readonly position: OutcomePosition;
  readonly isSuppressed: boolean;
}

export interface GuardOptions {
  readonly templates: SmsTemplatesFile;
  /** News older than this is told by nobody's phone; null tells all (a demo plays old times). */
  readonly staleAfterMs: number | null;
}

/** Ledger rows of the drafts, in order. `before`: same persons and situations, a day around. */
export function guardedSms(
  drafts: readonly SmsDraft[],
  before: readonly SmsBefore[],
  options: GuardOptions,
): readonly SmsRow[] {
  const seen = new Map<string, SmsBefore[]>();
  const ids = new Set<string>();
  for (const sms of before) remember(seen, ids, sms);
  const rows: SmsRow[] = [];
  for (const draft of drafts) {
    if (ids.has(storableText(draft.smsId))) continue;
    const reason = reasonToSuppress(draft, seen.get(kindOf(draft)) ?? [], options);
    rows.push(rowOf(draft, reason, options.templates));
    remember(seen, ids, { ...draft, isSuppressed: reason !== null });
  }
  return rows;
}

function remember(seen: Map<string, SmsBefore[]>, ids: Set<string>, sms: SmsBefore): void {
  ids.add(storableText(sms.smsId));
  const same = seen.get(kindOf(sms));
  if (same === undefined) seen.set(kindOf(sms), [sms]);
  else same.push(sms);
}

function kindOf({ personKey, situation }: Pick<SmsBefore, "personKey" | "situation">): string {
  return `${personKey} ${situation}`;
}

function reasonToSuppress(
  draft: SmsDraft,
  same: readonly SmsBefore[],
  { templates, staleAfterMs }: GuardOptions,
): SmsReason | null {
  if (staleAfterMs !== null && draft.lateMs !== null && draft.lateMs > staleAfterMs) return "stale";
  const { perDayMax, quietMinutes } = templates.templates[draft.situation];
  const earlier = same.filter((sms) => !sms.isSuppressed && isAbove(draft.position, sms.position));
  const isQuiet = (sms: SmsBefore) => Math.abs(draft.eventMs - sms.eventMs) < quietMinutes * 60_000;
  if (earlier.some(isQuiet)) return "repeated";
  const today = earlier.filter((sms) => dayOf(sms.eventMs) === dayOf(draft.eventMs));
  return today.length >= perDayMax ? "too-many" : null;
}

function dayOf(ms: number): string {
  return formatInstant(ms).slice(0, 10);
}

function rowOf(draft: SmsDraft, reason: SmsReason | null, templates: SmsTemplatesFile): SmsRow {
  return {
    sms_id: draft.smsId,
    person_key: draft.personKey,
    template: draft.situation,
    text: smsText(templates, draft.situation, draft.values),
    status: reason === null ? "pending" : "suppressed",
    reason,
    created_at: formatInstant(draft.eventMs),
    journal_offset: draft.position.journalOffset,
    sequence: draft.position.sequence,
  };
}
