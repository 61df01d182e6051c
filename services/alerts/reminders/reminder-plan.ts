/**
 * Which reminders there are, from the reports of a person's cards and the deadlines of appeals. Pure.
 *
 * 1. A reminder has its id from what it reminds of: planned again it is the same one.
 * 2. What a later record ended (a release, a replacement, another report) is not in the plan: whoever has it planned
 *    cancels it.
 * 3. Reports that may end earlier or later are reminded of by the earliest end, and said to have ended by the latest.
 */

import type { Severity, StatusAction } from "../../../schemas/fields.js";
import { parseInstantMs } from "../../../schemas/instant.js";
import type { SmsSituation } from "../../../schemas/sms-templates.js";
import { dayOf, type WorkingCalendar } from "../../../schemas/working-calendar.js";
import { appliedInTime, type PlacedReport } from "../card-reports/card-standing.js";
import { recordIdOf } from "../journal-outbox/journal-outbox.js";
import { cardWords, codeWords, endWords, momentWords, type SmsValues } from "../sms/sms-text.js";
import type { ReminderKind } from "./reminder-tables.js";
import { morningOf, soonBefore, workingDaysBefore } from "./reminder-times.js";

export interface Reminder {
  readonly reminderId: string;
  readonly personKey: string;
  readonly kind: ReminderKind;
  readonly dueAtMs: number;
  readonly usefulUntilMs: number;
  readonly situation: SmsSituation;
  readonly values: SmsValues;
  readonly severity: Severity;
}

/** A report with the key under which it lies. */
export interface PersonReport extends PlacedReport {
  readonly personKey: string;
}

/** A deadline of an appeal that is the holder's own. */
export interface HolderDeadline {
  /** Of this one deadline; another when it is moved. */
  readonly deadlineId: string;
  readonly personKey: string;
  /** Of the case, K7M2-Q9XW. */
  readonly caseCode: string;
  readonly dueAtMs: number;
}

const DAY_MS = 86_400_000;
/** A week: by then a slip is lost or the visit forgotten; a month: once more, and no more. */
const REPLACEMENT_DUE_DAYS = [7, 30] as const;
/** Told later than that it is no news. */
const LAPSED_USEFUL_MS = 7 * DAY_MS;
const CARD_USEFUL_MS = 14 * DAY_MS;
/** Papers take days to get; the day before is the last that helps. */
const APPEAL_WORKING_DAYS = [3, 1] as const;

/** What ends the wait for the end of a report, and for a new card: another record takes over, or nothing is lost any more. */
const ENDED_BY: readonly StatusAction[] = [
  "report-loss",
  "confirm-loss",
  "file-replacement",
  "release",
  "replace",
  "cancel",
];

/** @param newCardTail the new card's last four where it is known. */
export function cardReminders(
  reports: readonly PersonReport[],
  options: { readonly calendar: WorkingCalendar; readonly newCardTail: string | null },
): readonly Reminder[] {
  const ordered = appliedInTime(reports) as readonly PersonReport[];
  if (ordered.some(({ action }) => action === "deceased")) return [];
  return ordered.flatMap((report, index) => {
    const later = ordered.slice(index + 1);
    return [
      ...lapseReminders(report, later, options.calendar),
      ...replacementReminders(report, later),
      ...newCardReminders(report, ordered, index, options.newCardTail),
    ];
  });
}

function lapseReminders(
  report: PersonReport,
  later: readonly PersonReport[],
  calendar: WorkingCalendar,
): readonly Reminder[] {
  const { action, expiresAtMin, expiresAtMax, reportedAt } = report;
  if (action !== "report-loss" || expiresAtMin === null || expiresAtMax === null) return [];
  if (isEnded(report, later)) return [];
  const [minMs, maxMs] = [parseInstantMs(expiresAtMin), parseInstantMs(expiresAtMax)];
  const lapsing = { situation: "loss-report-lapsing", severity: "high", usefulUntilMs: minMs } as const;
  const values = valuesUntil(report, minMs);
  const reminders = [
    reminderOf("loss-lapses-next-day", report, {
      ...lapsing,
      values,
      dueAtMs: workingDaysBefore(minMs, 1, calendar),
    }),
    reminderOf("loss-lapses-soon", report, { ...lapsing, values, dueAtMs: soonBefore(minMs) }),
    reminderOf("loss-lapsed", report, {
      situation: "loss-report-lapsed",
      severity: "high",
      values: valuesUntil(report, maxMs),
      dueAtMs: maxMs,
      usefulUntilMs: maxMs + LAPSED_USEFUL_MS,
    }),
  ];
  // The report itself said when it ends.
  return reminders.filter(({ dueAtMs }) => dueAtMs > parseInstantMs(reportedAt));
}

function replacementReminders(report: PersonReport, later: readonly PersonReport[]): readonly Reminder[] {
  const { action, credential, expiresAtMax, reportedAt } = report;
  const isLasting = action === "confirm-loss" || (action === "report-loss" && expiresAtMax === null);
  if (!isLasting || credential !== "card" || isEnded(report, later)) return [];
  const reportedAtMs = parseInstantMs(reportedAt);
  const { month, day } = momentWords(reportedAtMs);
  return REPLACEMENT_DUE_DAYS.map((days) => {
    const dueAtMs = morningOf(dayOf(reportedAtMs) + days);
    return reminderOf(
      "replacement-due",
      report,
      {
        situation: "replacement-due",
        severity: "low",
        values: { card: cardWords(credential, report.cardTail), month, day },
        dueAtMs,
        usefulUntilMs: dueAtMs + CARD_USEFUL_MS,
      },
      // A second report that joined the first carries its time: it is the same loss.
      ["replacement-due", report.personKey, credential, report.cardTail ?? "", reportedAtMs, days],
    );
  });
}

function newCardReminders(
  report: PersonReport,
  ordered: readonly PersonReport[],
  index: number,
  newCardTail: string | null,
): readonly Reminder[] {
  const { action, credential, effectiveAt } = report;
  if (credential !== "card" || (action !== "replace" && action !== "issue")) return [];
  const later = ordered.slice(index + 1);
  // The latest new card is the one that counts.
  if (later.some((other) => other.credential === "card" && other.action === action)) return [];
  const effectiveAtMs = parseInstantMs(effectiveAt);
  const reminders: Reminder[] = [];
  if (action === "replace")
    reminders.push(
      reminderOf("old-card-void", report, {
        situation: "old-card-void",
        severity: "low",
        values: { card: newCardTail === null ? NEW_CARD : cardWords("card", newCardTail) },
        dueAtMs: effectiveAtMs,
        usefulUntilMs: effectiveAtMs + CARD_USEFUL_MS,
      }),
    );
  if (isToRebind(ordered.slice(0, index), later))
    reminders.push(
      reminderOf("rebind-e-credential", report, {
        situation: "rebind-e-credential",
        severity: "low",
        values: { card: cardWords("e-credential", null) },
        dueAtMs: morningOf(dayOf(effectiveAtMs) + 1),
        usefulUntilMs: effectiveAtMs + CARD_USEFUL_MS,
      }),
    );
  return reminders;
}

/** What stands for the number of a card that nobody has used yet. */
const NEW_CARD = "（补办）";

/** The e-credential was reported lost before the new card, and nobody bound it since. */
function isToRebind(earlier: readonly PersonReport[], later: readonly PersonReport[]): boolean {
  const wasLost = earlier.some(
    ({ action, credential }) => action === "report-loss" && credential === "e-credential",
  );
  return wasLost && !later.some(({ action }) => action === "rebind-e-credential");
}

/** By a record about the same card, or about all of its credential. */
function isEnded(report: PersonReport, later: readonly PersonReport[]): boolean {
  return later.some(
    ({ action, credential, cardTail }) =>
      ENDED_BY.includes(action) &&
      credential === report.credential &&
      (cardTail === null || report.cardTail === null || cardTail === report.cardTail),
  );
}

function valuesUntil({ credential, cardTail }: PersonReport, endMs: number): SmsValues {
  const { month, day, clock } = endWords(endMs);
  return { card: cardWords(credential, cardTail), month, day, clock };
}

type ReminderFields = Pick<Reminder, "situation" | "severity" | "values" | "dueAtMs" | "usefulUntilMs">;

function reminderOf(
  kind: ReminderKind,
  { personKey, eventId }: PersonReport,
  fields: ReminderFields,
  about: readonly (string | number)[] = [kind, personKey, eventId],
): Reminder {
  return { reminderId: recordIdOf("reminder", about), personKey, kind, ...fields };
}

/** Three working days and one before it. */
export function deadlineReminders(
  { deadlineId, personKey, caseCode, dueAtMs: endMs }: HolderDeadline,
  calendar: WorkingCalendar,
): readonly Reminder[] {
  const { month, day } = endWords(endMs);
  return APPEAL_WORKING_DAYS.map((days) => ({
    reminderId: recordIdOf("reminder", ["appeal-deadline", deadlineId, days]),
    personKey,
    kind: "appeal-deadline",
    situation: "appeal-deadline",
    severity: "high",
    values: { ...codeWords(caseCode), month, day },
    dueAtMs: workingDaysBefore(endMs, days, calendar),
    usefulUntilMs: endMs,
  }));
}
