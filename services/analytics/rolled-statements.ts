/**
 * What is made of a range of outcomes: rows of the lists, sums of the figures (schemas/clickhouse/009, 010).
 *
 * 1. A statement takes the ranges of several partitions; rows outside them are not touched.
 * 2. Sums are made of what the figures' own notes say is not counted yet, whatever the caller believes: the same range
 *    asked again, or by another process, counts nothing.
 */

import type { InsertFrom } from "../../platform/analytics/analytics-database.js";

export interface RolledRange {
  readonly partition: number;
  /** Of the decisions log. */
  readonly from: number;
  /** Does not belong to it. */
  readonly to: number;
}

/** The terminal's clock; of a clamped swipe, when it was received or judged. */
export const SWIPE_AT = "if(clockClamped, least(ifNull(receivedAt, appendedAt), appendedAt), occurredAt)";
export const AT_RISK =
  "if(kind IN ('authorize', 'settle'), toUInt64(totalFen - least(totalFen, ifNull(cashFen, 0))), toUInt64(0))";
const NOBODY = 0;

/** The constants let the engine leave out what is older or newer; the others are of each partition. */
const ASKED = `logOffset >= {first:UInt64} AND logOffset < {end:UInt64}
  AND logOffset < transform(partition, {partitions:Array(UInt16)}, {tos:Array(UInt64)}, toUInt64(${NOBODY}))`;
const IN_RANGES = `${ASKED}
  AND logOffset >= transform(partition, {partitions:Array(UInt16)}, {froms:Array(UInt64)}, toUInt64(${NOBODY}))`;
const NOT_COUNTED = `${ASKED}
  AND logOffset >= transform(partition, counted.1, counted.2, toUInt64(${NOBODY}))`;

const KEYS = "level, bucket, institutionId, insuredRegion, careRegion, kind, institutionKind, rule, mode";
const SUMS =
  "institutionName, newestAt, swipes, review, challenge, reject, atRiskFen, reviewedFen, challengedFen, rejectedFen";
const [HOUR, DAY, RULE_HOUR, RULE_DAY, INSTITUTION_DAY, INSTITUTION_RULE_DAY] = [1, 2, 3, 4, 5, 6];
const SWIPE = `${SWIPE_AT} AS at, institutionId AS atInstitution, institutionName AS nameThere, insuredRegion AS homeRegion, careRegion,
  kind, institutionKind, ${AT_RISK} AS risk`;

/** A swipe once for each sum it goes into, then each rule that hit it. A draft's hits are the draft's own affair. */
const LINES = `
  SELECT arrayJoin([${HOUR}, ${DAY}, ${INSTITUTION_DAY}]) AS level, ${SWIPE},
    toLowCardinality('') AS rule, toLowCardinality('') AS mode, toInt8(action) AS answer
  FROM outcomes WHERE ${NOT_COUNTED} AND type = 'decision'
  UNION ALL
  SELECT arrayJoin([${RULE_HOUR}, ${RULE_DAY}, ${INSTITUTION_RULE_DAY}]) AS level, at, atInstitution, nameThere, homeRegion,
    careRegion, kind, institutionKind, risk, hit.1 AS rule, hit.2 AS mode,
    multiIf(hit.3 = 'review', 2, hit.3 = 'challenge', 3, hit.3 = 'reject', 4, 1) AS answer
  FROM
  (
    SELECT ${SWIPE}, arrayJoin(arrayDistinct(arrayFilter(hit -> hit.1 != 'R00' AND NOT hit.4,
      arrayZip(reasons.rule, reasons.mode, reasons.action, reasons.draft)))) AS hit
    FROM outcomes WHERE ${NOT_COUNTED} AND type = 'decision' AND notEmpty(reasons.rule)
  )`;

const COUNT_SWIPES = `
  WITH
  (
    SELECT (groupArray(partition), groupArray(next))
    FROM
    (
      SELECT partition, max(nextOffset) AS next
      FROM
      (
        SELECT partition, nextOffset FROM swipe_figures WHERE level = 'progress'
        UNION ALL SELECT arrayJoin({partitions:Array(UInt16)}) AS partition, toUInt64(0) AS nextOffset
      )
      GROUP BY partition
    )
  ) AS counted
  SELECT level,
    multiIf(level IN (${HOUR}, ${RULE_HOUR}), toStartOfHour(toDateTime(at, 'Asia/Shanghai')),
      toStartOfDay(toDateTime(at, 'Asia/Shanghai'))) AS bucket,
    if(level >= ${INSTITUTION_DAY}, atInstitution, '') AS institutionId,
    if(level >= ${INSTITUTION_DAY}, '', homeRegion) AS insuredRegion, careRegion, kind, institutionKind,
    rule, mode, toUInt16(0) AS partition, toUInt64(0) AS nextOffset,
    if(level >= ${INSTITUTION_DAY}, max(nameThere), '') AS institutionName, max(at) AS newestAt, count() AS swipes,
    countIf(answer = 2) AS review, countIf(answer = 3) AS challenge, countIf(answer = 4) AS reject,
    sum(risk) AS atRiskFen, sumIf(risk, answer = 2) AS reviewedFen, sumIf(risk, answer = 3) AS challengedFen,
    sumIf(risk, answer = 4) AS rejectedFen
  FROM (${LINES})
  GROUP BY ${KEYS}
  UNION ALL
  SELECT 0, toDateTime(0, 'Asia/Shanghai'), '', '', '', '', '', '', '', note.1, note.2, '', toDateTime64(0, 3, 'Asia/Shanghai'),
    0, 0, 0, 0, 0, 0, 0, 0
  FROM (SELECT arrayJoin(arrayZip({partitions:Array(UInt16)}, {tos:Array(UInt64)})) AS note)`;

const LIST = {
  table: "decision_list",
  values: {
    action: "action",
    at: SWIPE_AT,
    partition: "partition",
    journalOffset: "journalOffset",
    sequence: "sequence",
    eventId: "eventId",
    personKey: "unhex(personKey)",
    otherDecisionId:
      "if(decisionId = concat(substring(personKey, 1, 12), '-', eventId, '-0'), '', decisionId)",
    cardTail: "cardTail",
    kind: "kind",
    severity: "severity",
    rules: "rules",
    shadowRules: "shadowRules",
    insuredRegion: "insuredRegion",
    careRegion: "careRegion",
    institutionId: "institutionId",
    institutionKind: "institutionKind",
    institutionName: "institutionName",
    terminalId: "terminalId",
    operatorId: "operatorId",
    totalFen: "totalFen",
    atRiskFen: AT_RISK,
    responseCode: "responseCode",
    bundleHash: "bundleHash",
    engineVersion: "engineVersion",
    disputed: "disputed",
    degraded: "degraded",
    clockClamped: "clockClamped",
  },
  of: "type = 'decision'",
} as const;

const PLACES = {
  table: "event_places",
  values: {
    eventHash: "cityHash64(eventId)",
    at: SWIPE_AT,
    action: "action",
    partition: "partition",
    journalOffset: "journalOffset",
    sequence: "sequence",
  },
  of: "type = 'decision'",
} as const;

const PERSONS = {
  table: "person_outcomes",
  values: {
    personKey: "unhex(personKey)",
    partition: "partition",
    journalOffset: "journalOffset",
    sequence: "sequence",
    type: "type",
    appendedAt: "appendedAt",
    body: "body",
  },
  of: "(type IN ('revision', 'transition', 'person-moved', 'person-merged') OR (type = 'decision' AND (notEmpty(reasons.rule) OR action != 'approve')))",
} as const;

const STOPPED = {
  table: "stopped_swipes",
  values: {
    institutionId: "institutionId",
    terminalId: "terminalId",
    at: SWIPE_AT,
    partition: "partition",
    journalOffset: "journalOffset",
    sequence: "sequence",
    personKey: "unhex(personKey)",
    insuredRegion: "insuredRegion",
    careRegion: "careRegion",
  },
  of: "type = 'decision' AND action IN ('challenge', 'reject')",
} as const;

/** With the condition of their rows in `outcomes`. */
export const LISTS = [LIST, PLACES, PERSONS, STOPPED] as const;

/** In this order: figures say that everything of a range is there. */
export function rolledStatements(ranges: readonly RolledRange[]): readonly InsertFrom[] {
  return [...LISTS.map((list) => listOf(list, ranges)), figuresOf(ranges)];
}

function listOf(
  {
    table,
    values,
    of,
  }: { readonly table: string; readonly values: Record<string, string>; readonly of: string },
  ranges: readonly RolledRange[],
): InsertFrom {
  return {
    table,
    columns: Object.keys(values),
    select: `SELECT ${Object.values(values).join(", ")} FROM outcomes WHERE ${IN_RANGES} AND ${of}`,
    parameters: { ...bounds(ranges), froms: ranges.map(({ from }) => from) },
  };
}

function figuresOf(ranges: readonly RolledRange[]): InsertFrom {
  return {
    table: "swipe_figures",
    columns: [...KEYS.split(", "), "partition", "nextOffset", ...SUMS.split(", ")],
    select: COUNT_SWIPES,
    parameters: bounds(ranges),
  };
}

function bounds(ranges: readonly RolledRange[]) {
  return {
    partitions: ranges.map(({ partition }) => partition),
    tos: ranges.map(({ to }) => to),
    first: Math.min(...ranges.map(({ from }) => from)),
    end: Math.max(...ranges.map(({ to }) => to)),
  };
}
