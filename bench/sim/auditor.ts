/**
 * Was the run right? An own small model of what must come of a journal; shares no code with the judge.
 *
 * The model (expected-outcomes.ts) knows what kind of outcome each record must have; what a decision says it takes from
 * the run without faults.
 */

import { Topic } from "../../schemas/topics.js";
import { ExpectedOutcomes } from "./expected-outcomes.js";
import type { Fold } from "./fold.js";
import { type ReadBody, readBody, readPosition } from "./logged-bodies.js";
import { linkedKeys, onceOverAllKeys, onePersonEach, tableLeadsHome } from "./moves-audit.js";
import { PARTITIONS, type Simulation } from "./simulation.js";

/** A finding names what is wrong and where; a run with any is red. */
export type AuditFinding = string;

const EFFECTIVE = new Set(["decision", "revision", "transition", "person-moved", "person-merged"]);

/** The run without faults. */
export interface Beside {
  readonly undisturbed: Simulation;
  /** Are persons who moved decided about in the same order in both? */
  readonly isCalm: boolean;
}

export function audit(run: Simulation, beside: Beside, folds: readonly Fold[]): readonly AuditFinding[] {
  const findings: AuditFinding[] = [];
  for (const error of run.surprises) findings.push(`an error that no fault explains: ${textOf(error)}`);
  findings.push(...run.state.intrusions.map((intrusion) => `a zombie wrote: ${intrusion}`));
  findings.push(...missingAcknowledged(run));
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const where = `partition ${partition}`;
    findings.push(...consumedOnce(run, partition).map((finding) => `${where}: ${finding}`));
    findings.push(...stateIsFold(run, partition, folds[partition]!).map((finding) => `${where}: ${finding}`));
    findings.push(...viewIsFold(run, partition, folds[partition]!).map((finding) => `${where}: ${finding}`));
  }
  const model = new ExpectedOutcomes();
  findings.push(
    ...answersPerRecord(run, model),
    ...onePersonEach(run, model),
    ...tableLeadsHome(run, model),
    ...onceOverAllKeys(run, model),
  );
  findings.push(...sameAsUndisturbed(run, beside));
  findings.push(...answersAreDecisions(run));
  return findings;
}

/** What was acknowledged is in the journal, at the place that was told. */
function missingAcknowledged(run: Simulation): AuditFinding[] {
  const findings: AuditFinding[] = [];
  for (const { raw, position } of run.acknowledged) {
    const eventId = "eventId" in raw ? raw.eventId : null;
    const held = run.log.records(Topic.JOURNAL, position.partition)[position.offset];
    if (held === undefined || readBody(held.value).eventId !== eventId)
      findings.push(
        `${eventId} was acknowledged at ${position.partition}/${position.offset} and is not there`,
      );
  }
  return findings;
}

/** Rows stand in the order of their causes, sequences begin at 0 and have no gap. */
function consumedOnce(run: Simulation, partition: number): AuditFinding[] {
  const findings: AuditFinding[] = [];
  let before = { journalOffset: -1, sequence: 0 };
  for (const { position } of run.database.rows(partition)) {
    const isNext =
      position.journalOffset === before.journalOffset && position.sequence === before.sequence + 1;
    const isFirst = position.journalOffset > before.journalOffset && position.sequence === 0;
    if (!isNext && !isFirst)
      findings.push(
        `the consumer saw ${position.journalOffset}.${position.sequence} after ${before.journalOffset}.${before.sequence}`,
      );
    before = position;
  }
  return findings;
}

interface Asked {
  readonly partition: number;
  readonly offset: number;
  readonly record: ReadBody;
  readonly outcomes: readonly ReadBody[];
}

/** Every journal record has the outcomes of its kind: exactly one decision of a new swipe, and so on. */
function answersPerRecord(run: Simulation, model: ExpectedOutcomes): AuditFinding[] {
  const findings: AuditFinding[] = [];
  const waiting = Array.from({ length: PARTITIONS }, (_, partition) => askedOf(run, partition));
  for (let hasAsked = true; hasAsked; ) {
    hasAsked = false;
    for (const [partition, asked] of waiting.entries())
      while (asked.length > 0 && model.isReady(asked[0]!.record)) {
        hasAsked = true;
        const found = wrongOutcomes(asked.shift()!, model);
        findings.push(...found.map((finding) => `partition ${partition}: ${finding}`));
      }
  }
  for (const [partition, [first]] of waiting.entries())
    if (first !== undefined)
      findings.push(`partition ${partition}: the state at ${first.offset} comes of no link that was judged`);
  return findings;
}

function askedOf(run: Simulation, partition: number): Asked[] {
  const outcomes = new Map<number, ReadBody[]>();
  for (const { position, body } of run.database.rows(partition)) {
    const list = outcomes.get(position.journalOffset) ?? [];
    list.push(readBody(body));
    outcomes.set(position.journalOffset, list);
  }
  return run.log.records(Topic.JOURNAL, partition).map(({ offset, value }) => ({
    partition,
    offset,
    record: readBody(value),
    outcomes: outcomes.get(offset) ?? [],
  }));
}

function wrongOutcomes(
  { partition, offset, record, outcomes }: Asked,
  model: ExpectedOutcomes,
): AuditFinding[] {
  const findings: AuditFinding[] = [];
  const found = outcomes.map(({ type }) => type);
  const { first, mayRevise } = model.of(record, partition, found[0]);
  const isRight =
    mayRevise === true
      ? found[0] === first && found.slice(1).every((type) => type === "revision")
      : found.join() === (first ?? "");
  if (!isRight)
    findings.push(
      `${record.type} ${record.eventId} at ${offset} has outcomes [${found.join()}], expected [${first ?? ""}]`,
    );
  if (outcomes.some(({ personKey }) => personKey !== null && personKey !== record.personKey))
    findings.push(`an outcome of ${offset} is about another person`);
  return findings;
}

/** The store holds what the journal means, byte for byte: persons and the partition record. */
function stateIsFold(run: Simulation, partition: number, fold: Fold): AuditFinding[] {
  const findings: AuditFinding[] = [];
  const stored = new Set(run.state.keys(partition));
  for (const [personKey, bytes] of fold.persons) {
    const value = run.state.value(partition, personKey);
    if (value === null || !isEqual(value, bytes))
      findings.push(`the stored record of person ${personKey} is not what the journal gives`);
    stored.delete(personKey);
  }
  for (const personKey of stored)
    findings.push(`a record of person ${personKey} whom the journal does not know`);
  const record = run.state.partitionRecord(partition);
  if (record === null || !isEqual(record, fold.partitionRecord))
    findings.push("the partition record is not what the journal gives");
  return findings;
}

/** The consumer has exactly the outcomes of the journal, each once, in order. */
function viewIsFold(run: Simulation, partition: number, fold: Fold): AuditFinding[] {
  const rows = run.database.rows(partition);
  if (rows.length !== fold.outcomes.length)
    return [`the consumer has ${rows.length} outcomes, the journal gives ${fold.outcomes.length}`];
  const different = rows.findIndex(({ position, body }, index) => {
    const { journalOffset, sequence, body: expected } = fold.outcomes[index]!;
    return (
      position.journalOffset !== journalOffset || position.sequence !== sequence || !isEqual(body, expected)
    );
  });
  return different < 0 ? [] : [`the consumer's outcome ${different} is not what the journal gives`];
}

/** Per person, what was decided, revised and changed is the same, byte for byte and in order, as without faults. */
function sameAsUndisturbed(run: Simulation, { undisturbed, isCalm }: Beside): AuditFinding[] {
  const findings: AuditFinding[] = [];
  const left = new Set(isCalm ? [] : [...linkedKeys(run), ...linkedKeys(undisturbed)].flat());
  const got = effectiveByPerson(run, left);
  const expected = effectiveByPerson(undisturbed, left);
  for (const [personKey, bodies] of expected) {
    const own = got.get(personKey) ?? [];
    const different = bodies.findIndex((body, index) => own[index] !== body);
    if (different >= 0 || own.length !== bodies.length)
      findings.push(
        `person ${personKey}: ${own.length} effective outcomes, ${bodies.length} without faults, first difference at ${different}`,
      );
    got.delete(personKey);
  }
  for (const personKey of got.keys()) findings.push(`person ${personKey} has outcomes only under faults`);
  return findings;
}

function effectiveByPerson(run: Simulation, left: ReadonlySet<string>): Map<string, string[]> {
  const byPerson = new Map<string, string[]>();
  for (let partition = 0; partition < PARTITIONS; partition++)
    for (const { personKey, body } of run.database.rows(partition)) {
      const { type, text } = readBody(body);
      if (!EFFECTIVE.has(type) || left.has(personKey)) continue;
      const bodies = byPerson.get(personKey) ?? [];
      bodies.push(text);
      byPerson.set(personKey, bodies);
    }
  return byPerson;
}

/** What a waiting call was answered is what the decisions log says of its record. */
function answersAreDecisions(run: Simulation): AuditFinding[] {
  const findings: AuditFinding[] = [];
  const bodies = new Map<string, string>();
  for (let partition = 0; partition < PARTITIONS; partition++)
    for (const { header, value } of run.log.records(Topic.DECISIONS, partition)) {
      const { journalOffset, sequence } = readPosition(header);
      const place = `${partition}/${journalOffset}.${sequence}`;
      const { text } = readBody(value);
      if ((bodies.get(place) ?? text) !== text)
        findings.push(`${place} was written twice with other content`);
      bodies.set(place, text);
    }
  for (const { partition, journalOffset, outcomes } of run.answers)
    for (const [sequence, outcome] of outcomes.entries()) {
      const place = `${partition}/${journalOffset}.${sequence}`;
      if (bodies.get(place) !== JSON.stringify(outcome))
        findings.push(`the answer to ${place} is not what the decisions log holds`);
    }
  return findings;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
