/**
 * Why a decision is as it is, for whoever looks at a case: of each reason the values met, their thresholds, and what would
 * have made the rule silent. Pure; from what the decision itself holds.
 */

import type { ExplainedReason } from "../../../schemas/http/case-page.js";
import type { Bilingual, Reason } from "../../../schemas/outcomes.js";
import * as card from "./card-rules.js";
import {
  anyOf,
  type Condition,
  type Explanation,
  type FactShape,
  type SwipeSeen,
  say,
  stated,
} from "./fact-shape.js";
import { observedText, valueText } from "./fact-words.js";
import * as floors from "./floors.js";
import * as patrols from "./patrol-rules.js";
import * as pins from "./pin-rules.js";
import * as purchases from "./purchase-rules.js";
import * as refunds from "./refund-rules.js";

/** By rule; of R00 by code. */
export const SHAPES: Readonly<Record<string, readonly FactShape[]>> = {
  R01: card.LOST_CARD,
  R02: card.LOSS_PENDING,
  R03: card.LAPSED_LOSS,
  R04: card.REPLACED_CARD,
  R05: card.NOT_ACTIVE,
  R06: card.TEMPORARY_CARD,
  R07: card.PERSON_BLOCKED,
  R08: pins.PIN_FAILURES,
  R09: pins.PIN_PROBE,
  R10: pins.DEFAULT_PIN,
  R11: patrols.PIN_SPRAY,
  R12: purchases.IMPOSSIBLE_TRAVEL,
  R13: purchases.CROSS_CITY,
  R14: purchases.SPLIT_PURCHASE,
  R15: purchases.DRAIN,
  R16: purchases.MANY_INSTITUTIONS,
  R17: purchases.RESALE_BASKET,
  R18: patrols.TERMINAL_MULTI_CARD,
  R19: purchases.INPATIENT_CONFLICT,
  R20: refunds.REFUND,
  R20X: patrols.TRACE_CODE_OF_TWO,
  R21: refunds.HOLDER_LIMIT,
  R22: patrols.COMMON_POINT,
  R23: patrols.AGENT_RING,
  R24: patrols.DECOY,
  R25: patrols.BACKDATING,
  BACKDATED: floors.BACKDATED,
  ID_REPORTED_LOST: floors.ID_REPORTED_LOST,
  FEED_STALE: floors.FEED_STALE,
  LATE_DUPLICATE_RISK: floors.LATE_DUPLICATE_RISK,
};

/** A hit of one of these beside it makes it stronger (docs/rules). */
export const STRENGTHENED_BY: Readonly<Record<string, readonly string[]>> = {
  R12: ["R03", "R08", "R09"],
  R13: ["R09", "R15", "R17"],
};

export function explainReasons(reasons: readonly Reason[], swipe: SwipeSeen): ExplainedReason[] {
  return reasons.map((reason) => {
    const { rule, version, mode, action, severity, code, facts, evidence, text } = reason;
    return {
      rule,
      version,
      mode,
      action,
      severity,
      code,
      isDraft: reason.draft === true,
      text,
      ...explanationWords(explanationOf(rule, code, facts, swipe)),
      strengthenedBy: strengthening(reason, reasons),
      facts,
      evidence,
    };
  });
}

/** @returns whether or not the facts are of a shape that is known: else they are listed as they are. */
export function explanationOf(
  rule: string,
  code: string,
  facts: Readonly<Record<string, unknown>>,
  swipe: SwipeSeen,
): Explanation {
  const own = SHAPES[rule === "R00" ? code : rule] ?? [];
  for (const shape of [...floors.REPEATED, ...own]) {
    const explanation = shape.explain(facts, swipe);
    if (explanation !== null) return explanation;
  }
  return unknownShape(facts);
}

export function explanationWords({ conditions, otherwise }: Explanation) {
  return {
    conditions: conditions.map(conditionWords),
    otherwise: { needs: otherwise.needs, steps: [...otherwise.steps], note: otherwise.note },
  };
}

function conditionWords(condition: Condition) {
  const isMeasured = condition.kind === "measured";
  return {
    what: condition.what,
    observed: observedText(condition),
    relation: isMeasured ? condition.relation : null,
    threshold: isMeasured ? valueText(condition.unit, condition.threshold) : null,
  };
}

export const NOT_KNOWN_SHAPE: Bilingual = say(
  "该版本的事实格式未知，请看规则说明和原始数据",
  "facts of a shape that is not known here; see the rule's page and the raw data",
);

function unknownShape(facts: Readonly<Record<string, unknown>>): Explanation {
  const conditions = Object.entries(facts).map(([name, value]) =>
    stated(say(name, name), say(String(value), String(value))),
  );
  return { conditions, otherwise: anyOf([], NOT_KNOWN_SHAPE) };
}

function strengthening({ rule, mode }: Reason, reasons: readonly Reason[]): string[] {
  const others = STRENGTHENED_BY[rule] ?? [];
  if (mode !== "live") return [];
  return reasons
    .filter(
      (other) => other.mode === "live" && other.code !== "CHALLENGE_FAILED" && others.includes(other.rule),
    )
    .map((other) => other.rule);
}
