/**
 * What a generated case is, from its number alone, as SQL. 1,000 alerts are 400 cases: one of a hundred alerts, the others of two
 * or three; every fourth is the second case of a person. Cases begin in the order of their numbers, evenly in time; they are
 * worked on within two weeks, one in two hundred is left lying.
 */

import { CITIES, FILLED, INSTITUTIONS } from "../fill-rows.js";

export interface AlertsFillOptions {
  /** Of persons; a multiple of `BLOCK_ALERTS`. Findings come beside them. */
  readonly alerts: number;
  readonly seed: number;
  /** How many days they are of. */
  readonly alertsPerDay: number;
}

/** A city of three million: some 250,000 swipes a day, two in a thousand of them an alert. A million are five and a half years. */
export const ALERTS_PER_DAY = 500;
export const BLOCK_ALERTS = 1_000;
export const BLOCK_CASES = 400;
/** The first case of a block. */
const LARGE_CASE_ALERTS = 100;
/** The others of a block share the rest. */
const OTHERS = { cases: BLOCK_CASES - 1, alerts: BLOCK_ALERTS - LARGE_CASE_ALERTS };
/** From a person's first case to the second. */
const SECOND_CASE_AFTER = BLOCK_CASES - 2;
export const ANALYSTS = 40;
export const CASES_PER_FINDING = 50;
export const CASES_PER_APPEAL = 50;
const DAY_MS = 86_400_000;

/** When it is: everything lies before. */
export const NOW_MS: number = FILLED.to;
export const NOW = `timestamptz '${new Date(NOW_MS).toISOString()}'`;

export function casesOf({ alerts }: Pick<AlertsFillOptions, "alerts">): number {
  return (alerts / BLOCK_ALERTS) * BLOCK_CASES;
}

/** Random, of a number: 0 to 2^31 - 1. @param salt another one for each thing that is drawn. */
export function drawn({ seed }: Pick<AlertsFillOptions, "seed">, number: string, salt: number): string {
  return `(hashint8extended((${number})::bigint, ${seed * 1_000 + salt}) & 2147483647)`;
}

/** When an alert of a number was raised. */
export function alertAt({ alerts, alertsPerDay }: AlertsFillOptions, number: string): string {
  return `(${NOW} - (${alerts} - (${number})) * interval '${DAY_MS / alertsPerDay} milliseconds')`;
}

/** The case of an alert's number. */
export const CASE_OF_ALERT = `(n / ${BLOCK_ALERTS} * ${BLOCK_CASES} + case when n % ${BLOCK_ALERTS} < ${LARGE_CASE_ALERTS} then 0
  else 1 + (n % ${BLOCK_ALERTS} - ${LARGE_CASE_ALERTS}) * ${OTHERS.cases} / ${OTHERS.alerts} end)`;

/** First alert of the case that is the i-th of its block, within the block; of the one behind the last their end. */
function firstAlert(i: string): string {
  return `(case when ${i} = 0 then 0 else ${LARGE_CASE_ALERTS} + ceil((${i} - 1) * ${OTHERS.alerts} / ${OTHERS.cases}.0)::int end)`;
}

/** Rows with everything about cases. @param numbers SQL that gives `c`, such as a series. */
export function caseNumbers(options: AlertsFillOptions, numbers: string): string {
  const random = (salt: number) => drawn(options, "c", salt);
  return `
  select *, person_key || '-' || ordinal as case_id,
    case when not is_closed then ${stateOf("h_state")} else 'closed' end as state,
    -- Nobody has touched some that are open.
    is_closed or h_state % 100 >= 45 as is_worked,
    'analyst-' || lpad((h_assignee % ${ANALYSTS} + 1)::text, 2, '0') as assignee,
    substr(person_key, 1, 12) || '-E${options.seed}-' || lpad(first_n::text, 10, '0') || '-0' as first_decision_id
  from (
    select *, md5('${options.seed}:' || person) as person_key,
      greatest(last_at, least(last_at + (h_work % 1000) * interval '10 minutes', ${NOW} - interval '1 minute')) as worked_at,
      (person = c and c % 4 = 1 and c + ${SECOND_CASE_AFTER} < ${casesOf(options)}) or case when ${NOW} - last_at > interval '14 days'
        then h_closed % 1000 >= 5 else h_closed % 1000 < extract(epoch from ${NOW} - last_at) / 1209.6 end as is_closed
    from (
      select *, case when is_second then c - ${SECOND_CASE_AFTER} else c end as person, case when is_second then 2 else 1 end as ordinal,
        ${alertAt(options, "first_n")} as opened_at, ${alertAt(options, "end_n - 1")} as last_at
      from (
        select c, c / ${BLOCK_CASES} * ${BLOCK_ALERTS} + ${firstAlert(`(c % ${BLOCK_CASES})`)} as first_n,
          c / ${BLOCK_CASES} * ${BLOCK_ALERTS} + ${firstAlert(`(c % ${BLOCK_CASES} + 1)`)} as end_n,
          c % 4 = 3 and c >= ${BLOCK_CASES} as is_second,
          ${random(1)} as h, ${random(2)} as h_closed, ${random(3)} as h_state, ${random(4)} as h_assignee, ${random(5)} as h_work,
          case when ${random(6)} % 100 < 4 then 'critical' when ${random(6)} % 100 < 30 then 'high'
            when ${random(6)} % 100 < 70 then 'medium' else 'low' end as severity,
          (array['${CITIES.join("','")}'])[1 + ${random(7)} % ${CITIES.length}] || '0' || (2 + ${random(8)} % 6) as region,
          (array['review','challenge','reject'])[1 + ${random(9)} % 3] as action
        from (${numbers}) numbers
      ) placed
    ) timed
  ) standing`;
}

function stateOf(h: string): string {
  return `case when ${h} % 100 < 50 then 'new' when ${h} % 100 < 75 then 'triage' when ${h} % 100 < 90 then 'investigating'
    when ${h} % 100 < 95 then 'confirmed' else 'cleared' end`;
}

/** As the register has it: the code of its division and a number. */
export function institutionOf(place: string): string {
  const city = `(array['${CITIES.join("','")}'])[1 + ${place} % ${CITIES.length}]`;
  return `('P' || ${city} || '0' || (2 + ${place} % 6) || lpad((${place})::text, 5, '0'))`;
}

/** A place's number, drawn. */
export function placeOf(options: AlertsFillOptions, number: string): string {
  return `(${drawn(options, number, 11)} % ${INSTITUTIONS})::int`;
}
