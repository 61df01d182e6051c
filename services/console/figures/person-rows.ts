/** What the judge said of persons: reasons, revisions, transitions, links, from `person_outcomes`. */

import * as z from "zod";
import type { Row } from "../../../platform/analytics/analytics-database.js";
import { ACTIONS } from "../../../schemas/fields.js";
import { OUTCOME_SCHEMAS, type RevisionOutcome } from "../../../schemas/outcomes.js";
import type { Revised } from "./decision-rows.js";
import { instantIn, numberIn, textIn } from "./figure-sums.js";
import { ask, type FiguresDatabase } from "./figures-query.js";

/** Of each type, of one person or of a page's persons; who has more has a life's worth of them, and the newest count. */
const OUTCOMES_MAX = 5_000;
/** A chain of numbers that one person had. */
const KEYS_MAX = 64;

export interface PlacedRevision {
  readonly at: string;
  readonly revision: RevisionOutcome;
}

/** Revisions of these persons' decisions, by decisionId, oldest first. */
export async function revisionsOf(
  database: FiguresDatabase,
  personKeys: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly PlacedRevision[]>> {
  if (personKeys.length === 0) return new Map();
  return revisionsIn(await ask(database, outcomesQuestion(personKeys, ["revision"]), signal));
}

function revisionsIn(rows: readonly Row[]): ReadonlyMap<string, readonly PlacedRevision[]> {
  const byDecision = new Map<string, PlacedRevision[]>();
  for (const row of rows.toReversed()) {
    const revision = OUTCOME_SCHEMAS.revision.parse(JSON.parse(textIn(row, "body")));
    const placed = { at: instantIn(row, "appendedMs"), revision };
    byDecision.set(revision.decisionId, [...(byDecision.get(revision.decisionId) ?? []), placed]);
  }
  return byDecision;
}

export function revisedBy(revisions: readonly PlacedRevision[] | undefined): Revised | undefined {
  const last = revisions?.at(-1);
  return last === undefined ? undefined : { action: last.revision.action, revisions: revisions!.length };
}

const judged = z.union([OUTCOME_SCHEMAS.decision, OUTCOME_SCHEMAS.transition]);
export type JudgedOutcome = z.infer<typeof judged>;

export interface PlacedOutcome {
  /** partition/offset of the record in the journal. */
  readonly position: string;
  readonly outcome: JudgedOutcome;
}

export interface PersonSaid {
  /** The person's key and those it had before. */
  readonly keys: readonly string[];
  /** Decisions with reasons, and transitions, by the events they are about. */
  readonly judged: ReadonlyMap<string, readonly PlacedOutcome[]>;
  readonly revisions: ReadonlyMap<string, readonly PlacedRevision[]>;
}

/** One question for nearly everybody, and one more for each number that a person had before. */
export async function personSaid(
  database: FiguresDatabase,
  personKey: string,
  signal?: AbortSignal,
): Promise<PersonSaid> {
  for (let keys: readonly string[] = [personKey]; ; ) {
    const types = ["decision", "transition", "revision", "person-merged"];
    const rows = await ask(database, outcomesQuestion(keys, types), signal);
    const rowsOf = (...some: readonly string[]) => rows.filter((row) => some.includes(textIn(row, "type")));
    const all = [...new Set([...keys, ...formerKeysIn(rowsOf("person-merged"))])];
    if (all.length === keys.length || keys.length >= KEYS_MAX)
      return {
        keys,
        judged: judgedIn(rowsOf("decision", "transition")),
        revisions: revisionsIn(rowsOf("revision")),
      };
    keys = all;
  }
}

function judgedIn(rows: readonly Row[]): ReadonlyMap<string, readonly PlacedOutcome[]> {
  const byEvent = new Map<string, PlacedOutcome[]>();
  for (const row of rows) {
    const outcome = judged.parse(JSON.parse(textIn(row, "body")));
    const position = `${numberIn(row, "partition")}/${numberIn(row, "journal")}`;
    byEvent.set(outcome.eventId, [...(byEvent.get(outcome.eventId) ?? []), { position, outcome }]);
  }
  return byEvent;
}

function formerKeysIn(rows: readonly Row[]): readonly string[] {
  return rows.map(
    (row) => OUTCOME_SCHEMAS["person-merged"].parse(JSON.parse(textIn(row, "body"))).formerPersonKey,
  );
}

/** Decisions that stopped a swipe, by their place in the journal. */
export async function stoppedOf(
  database: FiguresDatabase,
  personKeys: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await ask(database, {
    sql: `SELECT DISTINCT partition, toFloat64(journalOffset) AS journal FROM person_outcomes
      WHERE personKey IN (SELECT toFixedString(unhex(arrayJoin({keys:Array(String)})), 16)) AND type = 'decision'
        AND JSONExtractString(body, 'action') IN ({stopping:Array(String)})
      ORDER BY journalOffset DESC LIMIT ${OUTCOMES_MAX}`,
    parameters: { keys: [...personKeys], stopping: ACTIONS.slice(2) },
  });
  return new Set(rows.map((row) => `${numberIn(row, "partition")}/${numberIn(row, "journal")}`));
}

/** The person's key and those it had before. */
export async function keysOf(database: FiguresDatabase, personKey: string): Promise<readonly string[]> {
  const keys = [personKey];
  for (let asked = 0; asked < keys.length && keys.length < KEYS_MAX; ) {
    const some = keys.slice(asked);
    asked = keys.length;
    const rows = await ask(database, outcomesQuestion(some, ["person-merged"]));
    for (const former of formerKeysIn(rows)) if (!keys.includes(former)) keys.push(former);
  }
  return keys;
}

/** Newest first; a row that lies twice comes once. Four types at their limit are within the lines of an answer. */
function outcomesQuestion(personKeys: readonly string[], types: readonly string[]) {
  return {
    sql: `SELECT * FROM (
        SELECT type, toFloat64(toUnixTimestamp64Milli(appendedAt)) AS appendedMs, partition,
          toFloat64(journalOffset) AS journal, sequence, body FROM person_outcomes
        WHERE personKey IN (SELECT toFixedString(unhex(arrayJoin({keys:Array(String)})), 16))
          AND has({types:Array(String)}, type)
        LIMIT 1 BY personKey, partition, journalOffset, sequence)
      ORDER BY appendedMs DESC, partition DESC, journal DESC, sequence DESC LIMIT ${OUTCOMES_MAX} BY type`,
    parameters: { keys: [...personKeys], types: [...types] },
  };
}
