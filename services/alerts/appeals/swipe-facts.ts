/**
 * How claimed swipes stand to the reports of loss, and who bears them by the policy in force. Pure; facts only.
 *
 * 1. What the judge found (R01–R04 of the alert that stands) counts before what the times alone say.
 * 2. Where a fact is missing the bearer is "undetermined", with what is missing: nothing is guessed.
 * 3. A report that names no card is about the whole credential. A swipe whose card is not known is not covered by a report of
 *    one card.
 */

import type { ClaimedSwipe } from "../../../schemas/appeal.js";
import type { AppealDeadlinesFile, BearerRow } from "../../../schemas/appeal-deadlines.js";
import type { CardReport } from "../../../schemas/card-report.js";
import type { Credential } from "../../../schemas/fields.js";
import { parseInstantMs } from "../../../schemas/instant.js";

export type Position = ClaimedSwipe["position"];

/** A settlement as it was judged. */
export interface SettledSwipe {
  readonly decisionId: string;
  readonly eventId: string;
  readonly occurredAt: string;
  readonly credential: Credential;
  readonly cardTail: string | null;
  readonly institutionId: string;
  readonly totalFen: number;
  readonly accountFen: number | null;
  /** Live ones of the alert that stands. */
  readonly rules: readonly string[];
}

export interface SwipeFact {
  readonly swipe: SettledSwipe;
  readonly position: Position;
  readonly bearer: BearerRow["bearer"];
  /** zh-CN. */
  readonly because: string;
  /** Of the policy row. */
  readonly source: string;
  /** eventId of the report that it is measured against; null where the judge's word or no report decides. */
  readonly reportEventId: string | null;
}

const BY_RULE: readonly (readonly [rule: string, position: Position])[] = [
  ["R04", "after-effect"],
  ["R01", "after-effect"],
  ["R02", "before-effect"],
  ["R03", "after-lapse"],
];
const REPORTING: readonly CardReport["action"][] = ["report-loss", "confirm-loss", "file-replacement"];
const UNKNOWN_CARD = "不能确定这笔消费用的是哪张卡，因此不能与挂失记录核对，由谁承担尚不能确定。";
const UNSURE_LAPSE = "挂失是否已失效，各项规定不一致，由谁承担尚不能确定。";
const UNSURE_CALENDAR = "挂失的期限涉及尚未公布安排的节假日，由谁承担尚不能确定。";

export function swipeFact(
  swipe: SettledSwipe,
  reports: readonly CardReport[],
  policy: AppealDeadlinesFile,
): SwipeFact {
  const found = BY_RULE.find(([rule]) => swipe.rules.includes(rule));
  const placed =
    found === undefined ? byTime(swipe, reports) : { position: found[1], report: null, missing: null };
  const row = policy.bearers.find(({ position }) => position === placed.position)!;
  return {
    swipe,
    position: placed.position,
    bearer: placed.missing === null ? row.bearer : "undetermined",
    because: placed.missing ?? row.because,
    source: row.source,
    reportEventId: placed.report?.eventId ?? null,
  };
}

interface Placed {
  readonly position: Position;
  readonly report: CardReport | null;
  /** zh-CN: the fact without which nobody can say. */
  readonly missing: string | null;
}

function byTime(swipe: SettledSwipe, reports: readonly CardReport[]): Placed {
  const applied = reports.filter(({ applied, credential }) => applied && credential === swipe.credential);
  const about = applied.filter(({ cardTail }) => cardTail === null || cardTail === swipe.cardTail);
  const ms = parseInstantMs(swipe.occurredAt);
  const placed = among(about, ms, swipe.cardTail);
  const isCardUnknown = swipe.cardTail === null && applied.some(({ cardTail }) => cardTail !== null);
  return isCardUnknown && placed.position !== "after-effect" ? { ...placed, missing: UNKNOWN_CARD } : placed;
}

function among(reports: readonly CardReport[], ms: number, cardTail: string | null): Placed {
  const losses = reports.filter(({ action }) => REPORTING.includes(action)).sort(byReport);
  const begun = losses.findLast(({ reportedAt }) => parseInstantMs(reportedAt) <= ms);
  if (begun === undefined)
    return {
      position: losses.length === 0 ? "no-report" : "before-report",
      report: losses[0] ?? null,
      missing: null,
    };
  const end = endedBy(reports, begun, ms);
  if (end?.action === "replace")
    return end.cardTail !== null && end.cardTail === cardTail
      ? { position: "after-effect", report: end, missing: null }
      : { position: "no-report", report: end, missing: UNKNOWN_CARD };
  if (end !== null) {
    const next = losses.find(({ reportedAt }) => parseInstantMs(reportedAt) > ms);
    return {
      position: next === undefined ? "no-report" : "before-report",
      report: next ?? end,
      missing: null,
    };
  }
  return within(interval(losses, begun, ms), begun, ms);
}

function byReport(a: CardReport, b: CardReport): number {
  return parseInstantMs(a.reportedAt) - parseInstantMs(b.reportedAt);
}

/** A release or replacement after the report that is in effect by then; the last one. */
function endedBy(reports: readonly CardReport[], begun: CardReport, ms: number): CardReport | null {
  const ends = reports.filter(({ action, effectiveAt }) => {
    const endMs = parseInstantMs(effectiveAt);
    return (
      (action === "release" || action === "replace") &&
      endMs <= ms &&
      endMs >= parseInstantMs(begun.reportedAt)
    );
  });
  return ends.at(-1) ?? null;
}

interface Interval {
  readonly effectiveMs: number;
  readonly lapseMinMs: number;
  readonly lapseMaxMs: number;
  readonly isUncertain: boolean;
}

/**
 * Reports of one loss: the earliest effect stays, the latest expiry counts (rules.md 1, "a second report-loss"). A formal
 * one never lapses. One that came after the lapse begins anew.
 */
function interval(losses: readonly CardReport[], last: CardReport, ms: number): Interval {
  const begun = losses.filter(({ reportedAt }) => parseInstantMs(reportedAt) <= ms);
  let effectiveMs = Number.POSITIVE_INFINITY;
  let lapseMaxMs = Number.NEGATIVE_INFINITY;
  for (const { reportedAt, effectiveAt, expiresAtMax } of begun) {
    if (parseInstantMs(reportedAt) >= lapseMaxMs) effectiveMs = Number.POSITIVE_INFINITY;
    effectiveMs = Math.min(effectiveMs, parseInstantMs(effectiveAt));
    lapseMaxMs = expiresAtMax === null ? Number.POSITIVE_INFINITY : parseInstantMs(expiresAtMax);
  }
  const lapseMinMs = last.expiresAtMin === null ? lapseMaxMs : parseInstantMs(last.expiresAtMin);
  return { effectiveMs, lapseMinMs, lapseMaxMs, isUncertain: last.calendarUncertain };
}

function within(
  { effectiveMs, lapseMinMs, lapseMaxMs, isUncertain }: Interval,
  report: CardReport,
  ms: number,
): Placed {
  if (ms >= lapseMaxMs)
    return { position: "after-lapse", report, missing: isUncertain ? UNSURE_CALENDAR : null };
  if (ms < effectiveMs)
    return { position: "before-effect", report, missing: isUncertain ? UNSURE_CALENDAR : null };
  return { position: "after-effect", report, missing: ms >= lapseMinMs ? UNSURE_LAPSE : null };
}

/** Amounts in fen. `accountFen` counts a swipe whose message did not say as 0. */
export interface FactSum {
  readonly count: number;
  readonly totalFen: number;
  readonly accountFen: number;
}

export interface AppealSums {
  readonly claimed: FactSum;
  /** The person's other settlements that stand: nobody disputes them. */
  readonly notClaimed: FactSum;
  readonly beforeEffect: FactSum;
  readonly afterEffect: FactSum;
  readonly undetermined: FactSum;
  readonly fundAndInstitution: FactSum;
  readonly holder: FactSum;
}

/** `afterEffect` are those at which a report was in effect; after a lapse none is. */
export function sumsOf(facts: readonly SwipeFact[], notClaimed: readonly SettledSwipe[]): AppealSums {
  const of = (wanted: (fact: SwipeFact) => boolean) => sum(facts.filter(wanted).map(({ swipe }) => swipe));
  return {
    claimed: of(() => true),
    notClaimed: sum(notClaimed),
    beforeEffect: of(({ position }) => position === "before-report" || position === "before-effect"),
    afterEffect: of(({ position }) => position === "after-effect"),
    undetermined: of(({ bearer }) => bearer === "undetermined"),
    fundAndInstitution: of(({ bearer }) => bearer === "fund-and-institution"),
    holder: of(({ bearer }) => bearer === "holder"),
  };
}

function sum(swipes: readonly SettledSwipe[]): FactSum {
  return swipes.reduce(
    (total, { totalFen, accountFen }) => ({
      count: total.count + 1,
      totalFen: total.totalFen + totalFen,
      accountFen: total.accountFen + (accountFen ?? 0),
    }),
    { count: 0, totalFen: 0, accountFen: 0 },
  );
}
