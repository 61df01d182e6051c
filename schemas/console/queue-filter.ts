/**
 * What of the queue is asked for: the query of `/v1/console/queue`, which is the query of the page `/queue` too, so that the address of
 * a page can be sent to a colleague.
 */

import * as z from "zod";
import { CASE_STATES, type CaseState } from "../case-transitions.js";
import { ACTIONS, type Action, region, SEVERITIES, type Severity } from "../fields.js";
import { parseInstantMs } from "../instant.js";

export const QUEUE_SORTS = ["priority", "latest"] as const;
export type QueueSort = (typeof QUEUE_SORTS)[number];

/** Of a filter that lists names or numbers; each is a comparison for each row looked at. */
const LISTED_MAX = 31;
const TEXT_LENGTH_MAX = 64;
const MONEY_FEN_MAX = 100_000_000_000;

const CASE_CODE = /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;
const CARD_TAIL = /^\d{4}$/;
const PERSON_KEY = /^[0-9a-f]{32}$/;
/** The key or kind, hash where there is one, and the number of the case. */
const CASE_ID = /^(?:[0-9a-f]{32}|[a-z-]+-[0-9a-f]{16})-\d{1,9}$/;

export type QueueText =
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "case"; readonly caseId: string }
  | { readonly kind: "person"; readonly personKey: string }
  | { readonly kind: "card-tail"; readonly cardTail: string };

export type QueueAssignee =
  | { readonly kind: "anybody" }
  | { readonly kind: "nobody" }
  /** `name` null: whoever asks. */
  | { readonly kind: "person"; readonly name: string | null };

export interface QueueFilter {
  readonly sort: QueueSort;
  readonly severities: readonly Severity[];
  /** The strongest of the case; empty: any. */
  readonly actions: readonly Action[];
  /** One of them among its standing alerts; empty: any. */
  readonly rules: readonly string[];
  readonly institution: string | null;
  /** Division code of 2, 4 or 6 digits. */
  readonly region: string | null;
  readonly states: readonly CaseState[];
  readonly assignee: QueueAssignee;
  readonly moneyFenMin: number;
  readonly isDisputed: boolean;
  readonly isDegraded: boolean;
  readonly openedSinceMs: number | null;
  readonly text: QueueText | null;
}

/** With whoever asks in the place of "me". */
export type AskedFilter = Omit<QueueFilter, "assignee"> & {
  readonly assignee:
    | { readonly kind: "anybody" }
    | { readonly kind: "nobody" }
    | { readonly kind: "person"; readonly name: string };
};

/** Where the work is not over. */
export const OPEN_STATES: readonly CaseState[] = CASE_STATES.filter((state) => state !== "closed");

const list = <Value extends string>(values: readonly [Value, ...Value[]]) =>
  z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(values)).max(LISTED_MAX));
const flag = z.literal("1").transform(() => true);
const day = z.iso.date().regex(/^20/, "a day of Shanghai, such as 2026-03-01");

export const queueQuery = z.object({
  sort: z.enum(QUEUE_SORTS).default("priority"),
  severity: list(SEVERITIES).optional(),
  action: list(ACTIONS).optional(),
  rule: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.string().regex(/^[A-Z]\d{2}[A-Z]?$/, "a rule such as R09 or R20X")).max(LISTED_MAX))
    .optional(),
  institution: z.string().min(1).max(TEXT_LENGTH_MAX).optional(),
  region: region.optional(),
  state: list(CASE_STATES).optional(),
  assignee: z.string().min(1).max(TEXT_LENGTH_MAX).optional(),
  moneyMin: z
    .string()
    .regex(/^\d{1,12}$/, "whole fen")
    .transform(Number)
    .pipe(z.number().max(MONEY_FEN_MAX))
    .optional(),
  disputed: flag.optional(),
  degraded: flag.optional(),
  since: day.optional(),
  text: z.string().trim().min(1).max(TEXT_LENGTH_MAX).optional(),
});

export type QueueQuery = Readonly<Record<string, string | undefined>>;

/** What each part of the query means; the table of routes and the OpenAPI document show it. */
export const QUEUE_QUERY_MEANINGS: Readonly<Record<keyof typeof queueQuery.shape, string>> = {
  sort: "priority (severity, then the latest alert; where absent) or latest",
  severity: "some of low, medium, high, critical, with commas between",
  action: "the strongest of the case is one of these",
  rule: "one of these rules or patrols is among its standing alerts",
  institution: "id of an institution of its alerts",
  region: "division code of 2, 4 or 6 digits: cases that belong there",
  state: "some of the states; all but closed where absent",
  assignee: "me, none, or a name",
  moneyMin: "at least so many fen at risk",
  disputed: "1: has a disputed alert",
  degraded: "1: has an alert that was judged without all facts",
  since: "opened on this day of Shanghai or later",
  text: "a case's code (K7M2-Q9XW) or id, the last four digits of a card (its latest 1,000 alerts), a person's token",
};

export type ReadFilter =
  | { readonly kind: "filter"; readonly filter: QueueFilter }
  | { readonly kind: "invalid"; readonly detail: string };

/** Other names in the query are somebody else's: a page's own place, or the cursor. */
export function readQueueFilter(query: QueueQuery): ReadFilter {
  const parsed = queueQuery.safeParse(query);
  if (!parsed.success) {
    const told = parsed.error.issues.map(
      ({ path, message }) => `${path[0]?.toString() ?? "query"}: ${message}`,
    );
    return { kind: "invalid", detail: told.join("; ") };
  }
  const given = parsed.data;
  const text = given.text === undefined ? null : textOf(given.text);
  if (given.text !== undefined && text === null)
    return { kind: "invalid", detail: `text: expected ${QUEUE_QUERY_MEANINGS.text}` };
  const openedSinceMs =
    given.since === undefined ? null : parseInstantMs(`${given.since}T00:00:00.000+08:00`);
  return {
    kind: "filter",
    filter: {
      sort: given.sort,
      severities: given.severity ?? SEVERITIES,
      actions: given.action ?? [],
      rules: given.rule ?? [],
      institution: given.institution ?? null,
      region: given.region ?? null,
      states: given.state ?? OPEN_STATES,
      assignee: assigneeOf(given.assignee),
      moneyFenMin: given.moneyMin ?? 0,
      isDisputed: given.disputed ?? false,
      isDegraded: given.degraded ?? false,
      openedSinceMs,
      text,
    },
  };
}

/** null where it is nothing that cases are known by. */
function textOf(typed: string): QueueText | null {
  const upper = typed.toUpperCase();
  if (CASE_CODE.test(upper)) return { kind: "code", code: upper };
  if (CARD_TAIL.test(typed)) return { kind: "card-tail", cardTail: typed };
  if (PERSON_KEY.test(typed)) return { kind: "person", personKey: typed };
  return CASE_ID.test(typed) ? { kind: "case", caseId: typed } : null;
}

function assigneeOf(given: string | undefined): QueueAssignee {
  if (given === undefined) return { kind: "anybody" };
  if (given === "none") return { kind: "nobody" };
  return { kind: "person", name: given === "me" ? null : given };
}
