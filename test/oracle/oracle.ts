// An independent reference model of the rules, with the semantics of `kadun replay`: one partition, journal order =
// order of the records, appendedAt = receivedAt ?? occurredAt.
// Slow and plain on purpose: it shares no code with the product and is compared with it on many generated journals.
import { createHmac } from "node:crypto";
import {
  byTime,
  countedSettles,
  dropLearntCities,
  type Judgement,
  type KeptSwipe,
  keepFiling,
  keepStatusOrFact,
  newPerson,
  type Person,
} from "./person.js";
import { applyStatus } from "./status-records.js";
import { acceptSwipe, type Feeds, judge } from "./swipes.js";
import { parseInstant } from "./time.js";
import type { OracleOutcome, OracleWorld, RawFact, RawFeedback, RawRecord, RawStatus } from "./types.js";

export type { OracleOutcome, OracleWorld, RawRecord } from "./types.js";

/** The public token of a person under the all-zero key that `kadun replay` uses by default. */
export function personKeyOf(personId: string): string {
  return createHmac("sha256", Buffer.alloc(32)).update(personId, "utf8").digest("hex").slice(0, 32);
}

type Line = Omit<OracleOutcome, "line">;
type SeenRaw = Exclude<RawRecord, { type: "heartbeat" } | { type: "feedback" }>;

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Content for rules 0.14: everything but receivedAt, whatever the order of the fields. */
function contentOf(raw: RawRecord): string {
  return JSON.stringify({ ...raw, receivedAt: undefined }, sortedKeys);
}

function judgementLine(judgement: Judgement): Partial<Line> {
  return {
    action: judgement.action,
    rules: judgement.hits.map(({ rule }) => rule),
    floors: judgement.floors.map(({ code }) => code).sort(),
    reasonActions: Object.fromEntries(judgement.hits.map(({ rule, action }) => [rule, action])),
    disputed: judgement.disputed,
  };
}

function repeatOf(person: Person, raw: SeenRaw, content: string): Line | null {
  const { eventId } = raw;
  const seen = person.statusAndFacts.find((each) => each.eventId === eventId);
  const swipes = [...person.settles, ...person.authorizes, ...person.others];
  const kept = swipes.find(({ swipe }) => swipe.raw.eventId === eventId);
  const known = seen?.content ?? kept?.content;
  if (known === undefined) return null;
  if (known !== content) return { outcome: "refused", eventId, code: "EVENT_ID_REUSED" };
  return { outcome: "duplicate", eventId, ...(kept === undefined ? {} : { action: kept.firstAction }) };
}

function isChanged(before: Judgement, after: Judgement): boolean {
  const rules = (judgement: Judgement) => judgement.hits.map(({ rule }) => rule).join();
  return before.action !== after.action || rules(before) !== rules(after);
}

/** Rules 2, Late hit: every counted settle and approved kept authorize from `since` on is judged anew. */
function revise(person: Person, world: OracleWorld, cause: { eventId: string; since: number }): Line[] {
  const approved = person.authorizes.filter(({ judgement }) => judgement.action === "approve");
  const affected = [...countedSettles(person), ...approved]
    .filter(({ swipe }) => swipe.t >= cause.since)
    .sort(byTime);
  const lines: Line[] = [];
  for (const kept of affected) {
    const judgement = judge(person, world, kept);
    const line = reviseOne(kept, judgement, cause.eventId);
    if (line !== null) lines.push(line);
  }
  return lines;
}

function reviseOne(kept: KeptSwipe, judgement: Judgement, causedBy: string): Line | null {
  const changed = isChanged(kept.judgement, judgement);
  kept.judgement = judgement;
  if (!changed) return null;
  return { outcome: "revision", eventId: kept.swipe.raw.eventId, ...judgementLine(judgement), causedBy };
}

function takeStatus(person: Person, world: OracleWorld, raw: RawStatus, seq: number): Line[] {
  const { applied, outcome } = applyStatus(person, world, raw, seq);
  if (raw.action === "report-loss" || raw.action === "confirm-loss") {
    person.lossAppendedAt.push(parseInstant(raw.receivedAt ?? raw.occurredAt));
  }
  if (applied === null) return [outcome];
  const since = Math.min(applied.reportedAt, applied.effectiveAt);
  const revisions = revise(person, world, { eventId: raw.eventId, since });
  dropLearntCities(person, seq);
  return [outcome, ...revisions];
}

function takeFact(person: Person, raw: RawFact): void {
  const from = parseInstant(raw.from ?? raw.occurredAt);
  const to = raw.to === undefined ? Number.POSITIVE_INFINITY : parseInstant(raw.to);
  if (raw.fact === "filing") keepFiling(person, { raw, from, to });
  else person.facts.set(raw.fact, { raw, from, to });
}

function takeFeedback(person: Person, raw: RawFeedback): void {
  const earlier = person.feedback.get(raw.rule) ?? [];
  person.feedback.set(raw.rule, [...earlier, { verdict: raw.verdict, at: parseInstant(raw.occurredAt) }]);
}

function take(
  person: Person,
  world: OracleWorld,
  feeds: Feeds,
  given: { raw: SeenRaw; seq: number },
): Line[] {
  const { raw, seq } = given;
  const content = contentOf(raw);
  const repeat = repeatOf(person, raw, content);
  if (repeat !== null) return [repeat];
  if (raw.type === "swipe") {
    const { swipe, judgement } = acceptSwipe(person, world, feeds, { raw, seq, content });
    const { degraded, clockClamped } = swipe;
    const line = judgementLine(judgement);
    return [{ outcome: "decision", eventId: raw.eventId, ...line, degraded, clockClamped }];
  }
  keepStatusOrFact(person, { eventId: raw.eventId, content });
  if (raw.type === "card-status") return takeStatus(person, world, raw, seq);
  takeFact(person, raw);
  return [];
}

export function judgeAll(records: readonly RawRecord[], world: OracleWorld): OracleOutcome[] {
  const persons = new Map<string, Person>();
  const feeds: Feeds = { lastHeartbeat: new Map() };
  const personOf = (key: string): Person => {
    const person = persons.get(key) ?? newPerson();
    persons.set(key, person);
    return person;
  };
  return records.flatMap((raw, seq) => {
    if (raw.type === "heartbeat") {
      feeds.lastHeartbeat.set(raw.feedId, parseInstant(raw.receivedAt ?? raw.occurredAt));
      return [];
    }
    if (raw.type === "feedback") {
      takeFeedback(personOf(raw.personKey ?? personKeyOf(raw.personId ?? "")), raw);
      return [];
    }
    const lines = take(personOf(personKeyOf(raw.personId)), world, feeds, { raw, seq });
    return lines.map((line) => ({ ...line, line: seq + 1 }));
  });
}
