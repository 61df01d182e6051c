/**
 * Keeps SMS from flooding a person. Pure, by the events' times and places in the journal, so that reading the log again
 * decides the same. What is held back stays in the ledger with its reason.
 */

import { storableText } from "../../../platform/database/database.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { SmsSituation, SmsTemplatesFile } from "../../../schemas/sms-templates.js";
import { isAbove, type OutcomePosition } from "../../../schemas/topics.js";
import type { SmsDraft } from "./sms-draft.js";
import { notBeforeMs } from "./sms-hours.js";
import { newsRank, SAME_NEWS_MS } from "./sms-news.js";
import type { SmsReason } from "./sms-state.js";
import type { SmsRow } from "./sms-tables.js";
import { orderedValues, smsText } from "./sms-text.js";

/** What the guard looks at of an SMS that is in the ledger. */
export interface SmsBefore {
  readonly smsId: string;
  readonly personKey: string;
  readonly situation: SmsSituation;
  readonly newsKey: string | null;
  readonly eventMs: number;
  readonly position: OutcomePosition;
  readonly isSuppressed: boolean;
}

export interface GuardOptions {
  readonly templates: SmsTemplatesFile;
  /** News older than this is told by nobody's phone; null tells all, and by the events' hours (a demo plays old times). */
  readonly staleAfterMs: number | null;
}

/** The operators' limits count so, not by the day. */
const DAY_MS = 86_400_000;

/** Ledger rows of the drafts, in order. `before`: of the same persons, a day around. */
export function guardedSms(
  drafts: readonly SmsDraft[],
  before: readonly SmsBefore[],
  options: GuardOptions,
): readonly SmsRow[] {
  const told = new Map<string, SmsBefore[]>();
  const ids = new Set<string>();
  for (const sms of before) remember(told, ids, sms);
  const rows: SmsRow[] = [];
  for (const draft of drafts) {
    if (ids.has(storableText(draft.smsId))) continue;
    const reason = reasonToSuppress(draft, told.get(draft.personKey) ?? [], options);
    rows.push(rowOf(draft, reason, options));
    remember(told, ids, { ...draft, isSuppressed: reason !== null });
  }
  return rows;
}

/** What was held back was told to nobody: it holds nothing back itself. */
function remember(told: Map<string, SmsBefore[]>, ids: Set<string>, sms: SmsBefore): void {
  ids.add(storableText(sms.smsId));
  if (sms.isSuppressed) return;
  const ofPerson = told.get(sms.personKey);
  if (ofPerson === undefined) told.set(sms.personKey, [sms]);
  else ofPerson.push(sms);
}

function reasonToSuppress(
  draft: SmsDraft,
  told: readonly SmsBefore[],
  { templates, staleAfterMs }: GuardOptions,
): SmsReason | null {
  if (staleAfterMs !== null && draft.lateMs !== null && draft.lateMs > staleAfterMs) return "stale";
  const earlier = told.filter(({ position }) => isAbove(draft.position, position));
  if (earlier.some((sms) => isSameNews(draft, sms))) return "repeated";
  const ofDay = earlier.filter(
    (sms) => sms.situation === draft.situation && Math.abs(draft.eventMs - sms.eventMs) < DAY_MS,
  );
  return ofDay.length >= templates.templates[draft.situation].perDayMax ? "too-many" : null;
}

function isSameNews(draft: SmsDraft, sms: SmsBefore): boolean {
  if (draft.newsKey === null || draft.newsKey !== sms.newsKey) return false;
  if (newsRank(draft.situation) > newsRank(sms.situation)) return false;
  return Math.abs(draft.eventMs - sms.eventMs) < SAME_NEWS_MS;
}

function rowOf(draft: SmsDraft, reason: SmsReason | null, { templates, staleAfterMs }: GuardOptions): SmsRow {
  const values = orderedValues(templates, draft.situation, draft.values);
  const atMs = staleAfterMs === null ? draft.eventMs : Math.max(draft.eventMs, draft.judgedMs);
  const fromMs = notBeforeMs({ ...draft, atMs });
  return {
    sms_id: draft.smsId,
    person_key: draft.personKey,
    template: draft.situation,
    text: smsText(templates, draft.situation, values),
    values,
    severity: draft.severity,
    news_key: draft.newsKey,
    status: reason === null ? "queued" : "suppressed",
    reason,
    created_at: formatInstant(draft.eventMs),
    not_before: fromMs > atMs ? formatInstant(fromMs) : null,
    expires_at: null,
    is_secret: false,
    journal_offset: draft.position.journalOffset,
    sequence: draft.position.sequence,
  };
}
