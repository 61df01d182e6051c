/** The timeline of a case: the journal of its person and what was done about it, merged page by page. */

import type { Scope } from "../../../schemas/console/access.js";
import {
  type CaseTimelineAnswer,
  type CaseTimelineEntry,
  type CaseWorkEntry,
  type ExplainedReason,
  TIMELINE_KINDS,
  type TimelineKind,
} from "../../../schemas/http/case-page.js";
import type { TimelineEntry, TimelinePage, TimelineSwipe } from "../../../schemas/http/figures.js";
import { type Reason, reason } from "../../../schemas/outcomes.js";
import { explainReasons, explanationOf, explanationWords } from "../explanations/explain-reasons.js";
import { type CasePageDesk, type CaseSubject, WORK_KINDS, type WorkKind } from "./case-page-desk.js";
import { BEGINNING, type MergePlace, mergePage, placeOf, placeText } from "./case-page-merge.js";
import { refusal } from "./case-page-refusal.js";
import { FiguresAway, type FiguresDesk } from "./figures-desk.js";

export interface TimelineParts {
  readonly desk: Pick<CasePageDesk, "work">;
  readonly figures: Pick<FiguresDesk, "personTimeline" | "neighbours">;
}

export interface TimelineAsked {
  readonly subject: CaseSubject;
  readonly scope: Scope;
  readonly kinds: readonly TimelineKind[];
  readonly after: string | null;
}

/** A screen or two. */
const PAGE = 50;
/** Pages of the journal that are looked through for a kind that is seldom, before what was found is told. */
const JOURNAL_PAGES_MAX = 5;

/** Of a query's list; all where absent. null: something else. */
export function timelineKinds(text: string | undefined): readonly TimelineKind[] | null {
  if (text === undefined || text === "") return TIMELINE_KINDS;
  const names = text.split(",");
  const known = TIMELINE_KINDS.filter((kind) => names.includes(kind));
  return known.length === new Set(names).size ? known : null;
}

/** Where the analytics database is away, what was done is told without the swipes, and that they are missing. */
export async function caseTimeline(parts: TimelineParts, asked: TimelineAsked): Promise<CaseTimelineAnswer> {
  const begin = asked.after === null ? beginningOf(asked) : placeOf(asked.after);
  if (begin === null)
    throw refusal("BODY_INVALID", "after: expected `after` of the page before, as it was given");
  let place = begin;
  let entries: readonly (TimelineEntry | CaseWorkEntry)[] = [];
  let isJournalAway = false;
  for (
    let pages = 0;
    entries.length === 0 && pages < JOURNAL_PAGES_MAX && placeText(place) !== null;
    pages++
  ) {
    const journal: TimelinePage | null | "away" = await journalPage(parts, asked, place);
    isJournalAway ||= journal === "away";
    if (journal === "away") place = { ...place, journal: "end" };
    const page = mergePage({
      place,
      journal: journal === "away" ? null : journal,
      isTold: (entry: TimelineEntry) => asked.kinds.includes(journalKind(entry)),
      work: await workPage(parts, asked, place),
      limit: PAGE,
    });
    entries = page.entries;
    place = page.place;
  }
  return { entries: entries.map(toldEntry), after: placeText(place), isJournalAway };
}

function beginningOf({ kinds, subject }: TimelineAsked): MergePlace {
  const asksJournal = kinds.some((kind) => JOURNAL_KINDS.includes(kind)) && subject.personKey !== null;
  return asksJournal ? BEGINNING : { ...BEGINNING, journal: "end" };
}

const JOURNAL_KINDS: readonly TimelineKind[] = TIMELINE_KINDS.filter((kind) => !isWorkKind(kind));

function isWorkKind(kind: string): kind is WorkKind {
  return WORK_KINDS.some((one) => one === kind);
}

function journalKind(entry: TimelineEntry): TimelineKind {
  if (entry.type === "swipe") return entry.kind === "pin-check" ? "pin" : "swipe";
  return entry.type === "card-status" ? "status" : "fact";
}

async function journalPage(
  { figures }: TimelineParts,
  { subject: { personKey }, scope }: TimelineAsked,
  { journal }: MergePlace,
): Promise<TimelinePage | null | "away"> {
  if (journal === "end" || personKey === null) return null;
  try {
    return await figures.personTimeline({ scope, personKey, after: journal.after, limit: PAGE });
  } catch (error) {
    if (error instanceof FiguresAway) return "away";
    throw error;
  }
}

async function workPage({ desk }: TimelineParts, { subject, kinds }: TimelineAsked, { work }: MergePlace) {
  if (work === "end") return { entries: [], hasMore: false };
  const asked = kinds.filter(isWorkKind);
  const found = await desk.work({ subject, before: work, kinds: asked, limit: PAGE + 1 });
  return { entries: found.slice(0, PAGE), hasMore: found.length > PAGE };
}

function toldEntry(entry: TimelineEntry | CaseWorkEntry): CaseTimelineEntry {
  if (entry.type === "finding") {
    const explained = explanationOf(entry.patrol, entry.patrol, entry.facts, { occurredAt: null });
    return { ...entry, ...explanationWords(explained) };
  }
  return entry.type === "swipe" ? explainedSwipe(entry) : entry;
}

export function explainedSwipe(swipe: TimelineSwipe) {
  const explained = (reasons: readonly unknown[]): ExplainedReason[] =>
    explainReasons(reasonsOf(reasons), { occurredAt: swipe.at });
  return {
    ...swipe,
    explained: explained(swipe.decision?.reasons ?? []),
    revisionsExplained: (swipe.decision?.revisions ?? []).map(({ reasons }) => explained(reasons)),
  };
}

/** What another engine wrote in another shape is left to the raw data. */
function reasonsOf(given: readonly unknown[]): readonly Reason[] {
  return given.flatMap((one) => {
    const parsed = reason.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });
}
