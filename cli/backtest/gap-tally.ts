/**
 * Counts settles on reported cards that the policies in force let through, or only challenged, where policies without
 * delay or without lapse stop them: by city and channel of the report.
 *
 * Owns: the reports of the persons of one part of the history, the counts.
 *
 * 1. A difference counts only where a rule about the swipe's own card (R01–R03) asks for more on the changed side: what
 *    else differs follows from windows, not from the policy.
 * 2. Settles only: an authorization moves no money by itself.
 */

import type { Action, Channel, Credential } from "../../schemas/fields.js";
import type { CanonicalCardStatus } from "../../schemas/journal.js";
import type { DecisionOutcome, LoggedOutcome } from "../../schemas/outcomes.js";
import { judgedSwipeOf } from "../../services/alerts/judged-swipe.js";
import { type GapKind, isReport } from "./gap-policies.js";
import type { FeedbackKnown } from "./history-facts.js";
import type { Observed, Observer } from "./observer.js";
import { addCounts, type Counts } from "./sums.js";
import type { TimeWindow } from "./time-window.js";
import { isStopped, liveHits, rankOf } from "./verdicts.js";

/** The sides, in the order of their outcomes: as it was, then these. */
export const GAP_KINDS: readonly GapKind[] = ["delay", "lapse"];

const CARD_RULES = ["R01", "R02", "R03"];
const CITY_DIGITS = 4;
/** Of one person: reports come months apart. */
const REPORTS_MAX = 16;
/** A record without a channel is read as one from the counter (rules.md 1). */
const CHANNEL_DEFAULT: Channel = "counter";
/** Joins the parts of a row's name. */
const SEPARATOR = " ";

interface Report {
  readonly cardKey: string | null;
  readonly credential: Credential;
  readonly row: string;
}

export class GapTally implements Observer {
  private readonly counts: Counts = {};
  private readonly reports = new Map<string, Report[]>();

  constructor(
    private readonly window: TimeWindow,
    private readonly people: Pick<FeedbackKnown, "rootOf">,
  ) {}

  observe({ record, timeMs, outcomes }: Observed): void {
    const [baseline, ...changed] = outcomes as readonly [
      readonly LoggedOutcome[],
      ...(readonly LoggedOutcome[])[],
    ];
    this.count("records", 1);
    const inner = record.type === "carried" ? record.record : record;
    if (inner.type === "card-status") this.note(inner, baseline);
    const decision = decisionOf(baseline);
    if (decision?.kind !== "settle" || !this.window.includes(timeMs)) return;
    const report = this.reportOn(decision);
    if (report === null) return;
    this.count("settlesAfterReport", 1);
    for (const [index, kind] of GAP_KINDS.entries()) {
      const without = decisionOf(changed[index] ?? []);
      if (without !== null) this.compare(kind, decision, without, report);
    }
  }

  result(): { readonly counts: Counts } {
    return { counts: this.counts };
  }

  private note(record: CanonicalCardStatus, outcomes: readonly LoggedOutcome[]): void {
    const transition = outcomes.find(({ type }) => type === "transition");
    if (!isReport(record) || transition?.type !== "transition" || !transition.applied) return;
    const person = this.people.rootOf(record.personKey);
    const channel = record.channel ?? CHANNEL_DEFAULT;
    const row = [record.region.slice(0, CITY_DIGITS), channel, transition.policyId ?? ""].join(SEPARATOR);
    const known = this.reports.get(person) ?? [];
    const report = { cardKey: record.cardKey ?? null, credential: record.credential, row };
    this.reports.set(person, [...known, report].slice(-REPORTS_MAX));
  }

  /** The latest report of this card, else of this kind of card, else of any: a report of the card may cover the e-credential. */
  private reportOn({ personKey, swipe }: DecisionOutcome): Report | null {
    const reports = this.reports.get(this.people.rootOf(personKey));
    if (reports === undefined) return null;
    return (
      reports.findLast(({ cardKey }) => cardKey !== null && cardKey === swipe.cardKey) ??
      reports.findLast(({ credential }) => credential === swipe.credential) ??
      reports.at(-1) ??
      null
    );
  }

  private compare(kind: GapKind, real: DecisionOutcome, without: DecisionOutcome, { row }: Report): void {
    if (!isMoreByCardRules(real, without)) return;
    const name = gapOf(real.action, without.action);
    if (name === null) return;
    const fen = judgedSwipeOf(real).at_risk_fen;
    addCounts(this.counts, { rows: { [row]: { [kind]: { [name]: 1, [`${name}Fen`]: fen } } } });
  }

  private count(name: string, value: number): void {
    addCounts(this.counts, { [name]: value });
  }
}

/** `2601 phone YN-1` → its parts. */
export function rowOf(name: string): { city: string; channel: string; policyId: string | null } {
  const [city = "", channel = "", policyId = ""] = name.split(SEPARATOR);
  return { city, channel, policyId: policyId === "" ? null : policyId };
}

function gapOf(real: Action, without: Action): "letThrough" | "challenged" | null {
  if (!isStopped(real)) return isStopped(without) ? "letThrough" : null;
  return real === "challenge" && without === "reject" ? "challenged" : null;
}

function isMoreByCardRules(real: DecisionOutcome, without: DecisionOutcome): boolean {
  return strongestCardRule(without) > strongestCardRule(real);
}

function strongestCardRule({ reasons }: DecisionOutcome): number {
  const hits = liveHits(reasons);
  return Math.max(0, ...CARD_RULES.map((rule) => rankOf(hits.get(rule) ?? "approve")));
}

function decisionOf(outcomes: readonly LoggedOutcome[]): DecisionOutcome | null {
  const found = outcomes.find(({ type }) => type === "decision");
  return found?.type === "decision" ? found : null;
}
