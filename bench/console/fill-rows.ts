/**
 * Rows as a Kadun that has decided so many swipes would have them, made by the engine itself: seeded, some millions a minute.
 * Thirty days, ten cities of two provinces, one swipe in fifty with a hit. Not judged: for queries, which ask what is there.
 */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { rolledStatements } from "../../services/analytics/rolled-statements.js";

export interface FillOptions {
  readonly decisions: number;
  readonly seed: number;
}

/** Thirty days of China's, whose last is over. */
export const FILLED = { from: Date.UTC(2026, 0, 31, 16), to: Date.UTC(2026, 2, 2, 16) } as const;
export const PARTITIONS = 8;
export const INSTITUTIONS = 3_000;
export const SWIPES_PER_PERSON = 20;
/** Of Zhejiang and Jiangsu. */
export const CITIES = [
  "3301",
  "3302",
  "3303",
  "3304",
  "3306",
  "3201",
  "3202",
  "3205",
  "3206",
  "3210",
] as const;

const ROWS_PER_INSERT = 400_000;
const HASH64 = "'0000000000000000000000000000000000000000000000000000000000000000'";

/** What a swipe is, from its number alone. */
const SWIPES = `
  SELECT number AS n, cityHash64({seed:UInt64}, n) AS h, cityHash64(h, 1) AS h1, cityHash64(h, 2) AS h2,
    fromUnixTimestamp64Milli(toInt64({from:UInt64} + intDiv(n * {span:UInt64}, {decisions:UInt64})), 'Asia/Shanghai') AS at,
    h % {persons:UInt64} AS person,
    if(h2 % 20 = 0, h1 % ${INSTITUTIONS}, intDiv(h1 % ${INSTITUTIONS}, ${CITIES.length}) * ${CITIES.length} + person % ${CITIES.length}) AS place,
    lower(hex(sipHash128({seed:UInt64}, person))) AS personKey,
    {cities:Array(String)}[person % ${CITIES.length} + 1] AS homeCity, {cities:Array(String)}[place % ${CITIES.length} + 1] AS placeCity,
    concat(homeCity, leftPad(toString(person % 6 + 2), 2, '0')) AS insuredRegion,
    concat(placeCity, leftPad(toString(place % 6 + 2), 2, '0')) AS careRegion,
    concat('P', careRegion, leftPad(toString(place), 5, '0')) AS institutionId,
    if(place % 5 = 0, 'hospital', 'pharmacy') AS institutionKind,
    concat('T', toString(place), '-', toString(h2 % 3)) AS terminalId,
    concat('E', toString({seed:UInt64}), '-', leftPad(toString(n), 10, '0')) AS eventId,
    toUInt64(1000 + h2 % 50000) AS totalFen, h1 % 50 = 7 AS isHit,
    ['review', 'challenge', 'reject'][h2 % 3 + 1] AS hitAction, concat('R', leftPad(toString(h2 % 20 + 1), 2, '0')) AS hitRule,
    ['medium', 'high', 'critical'][h2 % 3 + 1] AS hitSeverity, leftPad(toString(person % 10000), 4, '0') AS cardTail,
    concat(substring(personKey, 1, 12), '-', eventId, '-0') AS decisionId,
    formatDateTime(at, '%Y-%m-%dT%H:%i:%S.000+08:00') AS atText
  FROM numbers({first:UInt64}, {count:UInt64})`;

/** Short, but whole: whoever reads a body finds an outcome in it. */
const BODY = `concat('{"type":"decision","decisionId":"', decisionId, '","eventId":"', eventId, '","personKey":"', personKey,
  '","cardTail":"', cardTail, '","kind":"settle","action":"', if(isHit, hitAction, 'approve'), '","reasons":[',
  if(isHit, concat('{"rule":"', hitRule, '","version":1,"mode":"live","action":"', hitAction, '","severity":"', hitSeverity,
    '","code":"B7","facts":{"observedFen":', toString(totalFen), '},"evidence":[],"text":{"zh-CN":"命中","en":"hit"}}'), ''),
  '],"responseCode":"00","advice":null,"disputed":false,"degraded":false,"clockClamped":false,"bundleHash":"', ${HASH64},
  '","engineVersion":"2","occurredAt":"', atText, '","swipe":{"credential":"card","insuredRegion":"', insuredRegion,
  '","careRegion":"', careRegion, '","institutionId":"', institutionId, '","institutionKind":"', institutionKind,
  '","totalFen":', toString(totalFen), '}}')`;

/** The same of the swipe. */
const SWIPE_BODY = `concat('{"type":"swipe","eventId":"', eventId, '","kind":"settle","occurredAt":"', atText, '","personKey":"', personKey,
  '","cardTail":"', cardTail, '","credential":"card","insuredRegion":"', insuredRegion, '","careRegion":"', careRegion,
  '","institutionId":"', institutionId, '","institutionKind":"', institutionKind, '","institutionName":"第', toString(place),
  '药房","terminalId":"', terminalId, '","totalFen":', toString(totalFen), ',"cashFen":0,"contentHash":"',
  lower(leftPad(hex(h), 16, '0')), '"}')`;

const SHARED: Readonly<Record<string, string>> = {
  partition: `n % ${PARTITIONS}`,
  logOffset: `intDiv(n, ${PARTITIONS})`,
  appendedAt: "at + INTERVAL 50 MILLISECOND",
  personKey: "personKey",
  eventId: "eventId",
  occurredAt: "at",
  cardTail: "cardTail",
  credential: "'card'",
  kind: "'settle'",
  insuredRegion: "insuredRegion",
  careRegion: "careRegion",
  institutionId: "institutionId",
  institutionKind: "institutionKind",
  institutionName: "concat('第', toString(place), '药房')",
  terminalId: "terminalId",
  totalFen: "totalFen",
  cashFen: "0",
};

const OUTCOME: Readonly<Record<string, string>> = {
  ...SHARED,
  type: "'decision'",
  journalOffset: SHARED.logOffset!,
  sequence: "0",
  decisionId: "decisionId",
  action: "if(isHit, hitAction, 'approve')",
  responseCode: "'00'",
  rules: "if(isHit, [hitRule], [])",
  severity: "if(isHit, hitSeverity, 'none')",
  "reasons.rule": "if(isHit, [hitRule], [])",
  "reasons.version": "if(isHit, [1], [])",
  "reasons.mode": "if(isHit, ['live'], [])",
  "reasons.action": "if(isHit, [hitAction], [])",
  "reasons.severity": "if(isHit, [hitSeverity], [])",
  "reasons.code": "if(isHit, ['B7'], [])",
  "reasons.draft": "if(isHit, [false], [])",
  bundleHash: HASH64,
  engineVersion: "'2'",
  traceKeys: "[]",
  basketKey: "''",
  body: BODY,
};

const JOURNAL: Readonly<Record<string, string>> = {
  ...SHARED,
  type: "'swipe'",
  body: SWIPE_BODY,
};

/** Tables are migrated and empty. @throws AnalyticsError. */
export async function fillRows(
  database: AnalyticsDatabase,
  { decisions, seed }: FillOptions,
  progress: (done: number) => void = () => {},
): Promise<void> {
  const shared = {
    ...{ seed, decisions, from: FILLED.from, span: FILLED.to - FILLED.from, cities: [...CITIES] },
    persons: Math.max(1, Math.ceil(decisions / SWIPES_PER_PERSON)),
  };
  for (let first = 0; first < decisions; first += ROWS_PER_INSERT) {
    const count = Math.min(ROWS_PER_INSERT, decisions - first);
    for (const [table, values] of [
      ["journal_records", JOURNAL],
      ["outcomes", OUTCOME],
    ] as const)
      await database.insertFrom({
        table,
        columns: Object.keys(values),
        select: `SELECT ${Object.values(values).join(", ")} FROM (${SWIPES})`,
        parameters: { ...shared, first, count },
      });
    const [from, to] = [first, first + count].map((n) => Math.ceil(n / PARTITIONS)) as [number, number];
    const ranges = Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, from, to }));
    for (const statement of rolledStatements(ranges)) await database.insertFrom(statement);
    progress(first + count);
  }
}

/** The person of a number, as the rows have it. */
export async function personKeysOf(
  database: Pick<AnalyticsDatabase, "query">,
  seed: number,
  persons: readonly number[],
): Promise<readonly string[]> {
  const rows = await database.query(
    "SELECT lower(hex(sipHash128({seed:UInt64}, toUInt64(person)))) AS personKey FROM (SELECT arrayJoin({persons:Array(UInt64)}) AS person)",
    { seed, persons: [...persons] },
  );
  return rows.map(({ personKey }) => String(personKey));
}
