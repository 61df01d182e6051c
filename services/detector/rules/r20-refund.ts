/** R20: refunds soon after or often, refunds of nothing known, and boxes settled twice (回流药). */

import * as z from "zod";
import type { Judging } from "../judging.js";
import { NONE } from "../person/kept-swipes.js";
import { idTagOf, Kind } from "../swipe.js";
import { defineRule, type Hit, type HitFacts, Rank } from "./rule.js";

const params = z.strictObject({
  soonMinutes: z.number().int().min(1).max(1440),
  oftenCount: z.number().int().min(2).max(16),
  oftenDays: z.number().int().min(1).max(60),
  criticalCount: z.number().int().min(2).max(16),
  criticalDays: z.number().int().min(1).max(90),
});
type Params = z.infer<typeof params>;
const DAY_MS = 86_400_000;

export const rule = defineRule<Params>({
  id: "R20",
  name: "REFUND",
  judges: ["authorize", "settle", "cancel", "reverse"],
  judgesLinked: false,
  isUnconditional: false,
  reads: ["refunds", "trace-codes", "swipes"],
  params,
  finds: [Rank.REVIEW],
  findsReuseAction: true,
  // Cancels and reverses are never rejected.
  actionMax: Rank.CHALLENGE,
  about: {
    sees: "A settle taken back soon after it was made, or again and again; a refund of something unknown; a box whose trace code was settled before and not returned.",
    basis:
      "The Wuhan case (settle, refund and settle again 14 times in two months); Implementing Rules on trace codes, in force since 2025-07-01.",
  },
  explain: {
    "zh-CN": (facts) =>
      facts.clause === "trace-code"
        ? "所购药品的追溯码此前已结算且未退回。请核对药品和票据，有疑问请拨12393。"
        : facts.clause === "unknown-original"
          ? "撤销或冲正所指的原结算不存在。请向收费机构核对原结算。"
          : facts.clause === "soon"
            ? `${isBeforeItsSettle(facts) ? "按终端时间，撤销早于原结算" : `结算后${facts.minutesAfter}分钟即撤销（阈值${facts.soonMinutes}分钟）`}。请保留退费票据；不是您本人办理，请拨12393。`
            : `${facts.oftenDays}天内撤销${facts.refundCount}次（阈值${facts.oftenCount}次）。请保留退费票据；不是您本人办理，请拨12393。`,
    en: (facts) =>
      facts.clause === "trace-code"
        ? "A box with this trace code was settled before and not returned."
        : facts.clause === "unknown-original"
          ? "The settle this refund refers to is not known."
          : facts.clause === "soon"
            ? isBeforeItsSettle(facts)
              ? "Taken back before the settle was made, by the terminals' clocks."
              : `Taken back ${facts.minutesAfter} min after the settle (threshold ${facts.soonMinutes} min).`
            : `${facts.refundCount} refunds within ${facts.oftenDays} days (threshold ${facts.oftenCount}).`,
  },
  evaluate(judging, given) {
    const { kind } = judging.swipe;
    const isRefund = kind === Kind.CANCEL || kind === Kind.REVERSE;
    return isRefund ? refundHit(judging, given) : traceHit(judging);
  },
});

/** Two terminals' clocks differ, or one of the two came late: no count of minutes says that to a reader. */
function isBeforeItsSettle({ minutesAfter }: HitFacts): boolean {
  return typeof minutesAfter === "number" && minutesAfter < 0;
}

function refundHit(judging: Judging, given: Params): Hit | null {
  const { swipe, person, t } = judging;
  const original = person.settles.find(swipe.originalEventId!, idTagOf(swipe.originalEventId!));
  const refundCount = person.refunds.countWithin(t, given.oftenDays * DAY_MS) + 1;
  const criticalCount = person.refunds.countWithin(t, given.criticalDays * DAY_MS) + 1;
  const isCritical = criticalCount >= given.criticalCount;
  const ageMs = original === NONE ? null : judging.age(original);
  const clause =
    ageMs === null
      ? "unknown-original"
      : ageMs <= given.soonMinutes * 60_000
        ? "soon"
        : refundCount >= given.oftenCount || isCritical
          ? "often"
          : null;
  if (clause === null) return null;
  return {
    action: Rank.REVIEW,
    ...(isCritical ? { severity: "critical" as const } : {}),
    ...(clause === "unknown-original" ? { code: "ORIGINAL_UNKNOWN" } : {}),
    facts: {
      clause,
      minutesAfter: ageMs === null ? null : Math.floor(ageMs / 60_000),
      soonMinutes: given.soonMinutes,
      refundCount,
      oftenCount: given.oftenCount,
      oftenDays: given.oftenDays,
      refundCountLong: criticalCount,
      criticalCount: given.criticalCount,
      criticalDays: given.criticalDays,
    },
    evidence: original === NONE ? [] : [person.settles.eventId(original)],
  };
}

function traceHit(judging: Judging): Hit | null {
  const { swipe, person } = judging;
  if (swipe.traces.length === 0 || person.traces.count() === 0) return null;
  const exceptTag = judging.replacedAt === NONE ? NO_TAG : person.settles.idTag(judging.replacedAt);
  let reusedCount = 0;
  for (const hash of swipe.traces) if (person.traces.isSettled(hash, judging.t, exceptTag)) reusedCount++;
  if (reusedCount === 0) return null;
  return {
    action: judging.rulesAsked.traceCodeReuseAction,
    facts: { clause: "trace-code", reusedCount },
    evidence: [],
  };
}

/** No settle has it: tags are unsigned. */
const NO_TAG = -1;
