/** Rows of decisions as SQL, and as the port has them. */

import type { Row } from "../../../platform/analytics/analytics-database.js";
import { ACTIONS, type Action, INSTITUTION_KINDS, SEVERITIES, SWIPE_KINDS } from "../../../schemas/fields.js";
import type { DecisionRow } from "../../../schemas/http/figures.js";
import { instantIn, numberIn, textIn } from "./figure-sums.js";
import type { RowPlace } from "./row-place.js";

const SAID = `eventId, severity, rules, shadowRules, disputed, degraded, responseCode, bundleHash, engineVersion,
  clockClamped, toFloat64(journalOffset) AS journal, partition, sequence, action`;
const SHOWN = `${SAID}, cardTail, kind, insuredRegion, careRegion, institutionId, institutionKind, institutionName, terminalId,
  operatorId, toFloat64(totalFen) AS total`;
const LISTED = `toFloat64(toUnixTimestamp64Milli(at)) AS atMs, lower(hex(personKey)) AS person,
  if(otherDecisionId = '', concat(substring(lower(hex(personKey)), 1, 12), '-', eventId, '-0'), otherDecisionId) AS decision`;

/** Of `decision_list`. */
export const LIST_COLUMNS = `${SHOWN}, ${LISTED}, toFloat64(atRiskFen) AS risk`;
/** Of `decision_list`: what was said, for who has the swipe already. Each column is a block to open at each place. */
export const PLAIN_COLUMNS = `${SAID}, ${LISTED}`;
/** Of `outcomes`, where institutions have their order: by the terminal's clock. */
export const OUTCOME_COLUMNS = `${SHOWN}, toFloat64(toUnixTimestamp64Milli(occurredAt)) AS atMs,
  toFloat64(if(kind IN ('authorize', 'settle'), totalFen - least(totalFen, ifNull(cashFen, 0)), 0)) AS risk,
  personKey AS person, decisionId AS decision`;

/** What the last revision made of a decision; none: it is as it was. */
export interface Revised {
  readonly action: Action;
  readonly revisions: number;
}

export function decisionRowOf(row: Row, revised: Revised | undefined): DecisionRow {
  const action = actionIn(row);
  return {
    at: instantIn(row, "atMs"),
    decisionId: textIn(row, "decision"),
    eventId: textIn(row, "eventId"),
    personKey: textIn(row, "person"),
    cardTail: textIn(row, "cardTail"),
    kind: oneOf(SWIPE_KINDS, row, "kind"),
    action,
    effectiveAction: revised?.action ?? action,
    revisions: revised?.revisions ?? 0,
    severity: oneOf(["none", ...SEVERITIES], row, "severity"),
    rules: textsIn(row, "rules"),
    shadowRules: textsIn(row, "shadowRules"),
    insuredRegion: textIn(row, "insuredRegion"),
    careRegion: textIn(row, "careRegion"),
    institutionId: textIn(row, "institutionId"),
    institutionName: textIn(row, "institutionName"),
    institutionKind: oneOf(INSTITUTION_KINDS, row, "institutionKind"),
    terminalId: textIn(row, "terminalId"),
    operatorId: textIn(row, "operatorId"),
    totalFen: numberIn(row, "total"),
    atRiskFen: numberIn(row, "risk"),
    disputed: row.disputed === true,
    degraded: row.degraded === true,
  };
}

export function rowPlaceOf(row: Row): RowPlace {
  return {
    at: numberIn(row, "atMs"),
    partition: numberIn(row, "partition"),
    journalOffset: numberIn(row, "journal"),
    sequence: numberIn(row, "sequence"),
  };
}

export function actionIn(row: Row): Action {
  return oneOf(ACTIONS, row, "action");
}

export function textsIn(row: Row, column: string): string[] {
  const value = row[column];
  if (!Array.isArray(value) || value.some((each) => typeof each !== "string"))
    throw new TypeError(`column ${column} of a result is a ${typeof value}; expected a list of texts`);
  return value;
}

export function oneOf<T extends string>(values: readonly T[], row: Row, column: string): T {
  const text = textIn(row, column);
  const found = values.find((value) => value === text);
  if (found === undefined)
    throw new TypeError(`column ${column} of a result is '${text}'; expected one of ${values.join(", ")}`);
  return found;
}
