/** What the judge said of persons: reasons, revisions, transitions, links, from `person_outcomes`. */

import * as z from "zod";
import { ACTIONS } from "../../../schemas/fields.js";
import { OUTCOME_SCHEMAS, type RevisionOutcome } from "../../../schemas/outcomes.js";
import type { Revised } from "./decision-rows.js";
import { instantIn, numberIn, textIn } from "./figure-sums.js";
import { ask, type FiguresDatabase } from "./figures-query.js";

/** Of one person or of a page's persons; who has more has a life's worth of them, and the newest count. */
const REVISIONS_MAX = 5_000;
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
  const byDecision = new Map<string, PlacedRevision[]>();
  if (personKeys.length === 0) return byDecision;
  const rows = await ask(database, outcomesQuestion(personKeys, ["revision"], REVISIONS_MAX), signal);
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

/** Decisions with reasons, and transitions, of these persons by the events they are about. */
export async function judgedOf(
  database: FiguresDatabase,
  personKeys: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly PlacedOutcome[]>> {
  const question = outcomesQuestion(personKeys, ["decision", "transition"], OUTCOMES_MAX);
  const rows = await ask(database, question, signal);
  const byEvent = new Map<string, PlacedOutcome[]>();
  for (const row of rows) {
    const outcome = judged.parse(JSON.parse(textIn(row, "body")));
    const position = `${numberIn(row, "partition")}/${numberIn(row, "journal")}`;
    byEvent.set(outcome.eventId, [...(byEvent.get(outcome.eventId) ?? []), { position, outcome }]);
  }
  return byEvent;
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
    const rows = await ask(database, outcomesQuestion(some, ["person-merged"], KEYS_MAX));
    for (const row of rows) {
      const { formerPersonKey } = OUTCOME_SCHEMAS["person-merged"].parse(JSON.parse(textIn(row, "body")));
      if (!keys.includes(formerPersonKey)) keys.push(formerPersonKey);
    }
  }
  return keys;
}

/** Newest first; a row that lies twice comes once. */
function outcomesQuestion(personKeys: readonly string[], types: readonly string[], limit: number) {
  return {
    sql: `SELECT toFloat64(toUnixTimestamp64Milli(appendedAt)) AS appendedMs, partition,
      toFloat64(journalOffset) AS journal, body FROM person_outcomes
      WHERE personKey IN (SELECT toFixedString(unhex(arrayJoin({keys:Array(String)})), 16))
        AND has({types:Array(String)}, type)
      ORDER BY appendedAt DESC, partition DESC, journalOffset DESC, sequence DESC
      LIMIT 1 BY personKey, partition, journalOffset, sequence LIMIT {limit:UInt32}`,
    parameters: { keys: [...personKeys], types: [...types], limit },
  };
}
