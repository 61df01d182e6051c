/** Cases, their alerts and the swipes of these, as tables of a Kadun have them. Statements for some numbers of cases. */

import { INSTITUTIONS } from "../fill-rows.js";
import {
  type AlertsFillOptions,
  alertAt,
  BLOCK_ALERTS,
  BLOCK_CASES,
  CASE_OF_ALERT,
  CASES_PER_FINDING,
  caseNumbers,
  casesOf,
  drawn,
  institutionOf,
  NOW,
  placeOf,
} from "./case-numbers.js";

/** Cases by number, from the first on; both are multiples of `BLOCK_CASES`. */
export interface CaseRange {
  readonly first: number;
  readonly end: number;
}

export function seriesOf({ first, end }: CaseRange): string {
  return `select c from generate_series(${first}, ${end - 1}) c`;
}

export function caseStatements(options: AlertsFillOptions, range: CaseRange): readonly string[] {
  const cases = caseNumbers(options, seriesOf(range));
  return [
    `insert into cases (case_id, person_key, ordinal, status, opened_at, last_alert_at, alert_count, standing_count, money_at_risk_fen,
      strongest_action, highest_severity, region)
    select case_id, person_key, ordinal, case when is_closed then 'closed' else 'open' end, opened_at, last_at, end_n - first_n,
      end_n - first_n, h % 500000, action, severity, region from (${cases}) cases`,
    `insert into case_codes (case_id, code) select case_id, ${codeOf("c")} from (${cases}) cases`,
    swipeStatement(options, range),
    alertStatement(options, range),
  ];
}

/** Signs of a code; the same as CASE_CODE_SIGNS of services/alerts/cases/case-code.ts. */
const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_SIGNS = 8;

/** Another for each number: multiplied by an odd one, of 40 bits. */
export function codeOf(c: string): string {
  const bits = `((${c}::bigint * 387420489 + 4815162342) & 1099511627775)`;
  const signs = Array.from(
    { length: CODE_SIGNS },
    (_, i) => `substr('${SIGNS}', ((${bits} >> ${5 * i}) & 31)::int + 1, 1)`,
  );
  return `(${signs.slice(0, 4).join(" || ")} || '-' || ${signs.slice(4).join(" || ")})`;
}

/** An alert each: of the swipes without one no list of the console asks. */
function swipeStatement(options: AlertsFillOptions, range: CaseRange): string {
  return `
    insert into judged_swipes (decision_id, person_key, event_id, kind, credential, card_tail, care_region, institution_id,
      institution_kind, visit_kind, total_fen, account_fen, at_risk_fen, action, occurred_at, card_key, insured_region)
    select decision_id, person_key, event_id, 'settle', 'card', card_tail, substr(institution_id, 2, 6), institution_id, 'pharmacy',
      'pharmacy', total_fen, total_fen, total_fen, action, at, md5('card' || person_key), region
    from (${alertNumbers(options, range)}) swipes`;
}

function alertStatement(options: AlertsFillOptions, range: CaseRange): string {
  return `
    insert into alerts (alert_id, case_id, person_key, decision_id, ordinal, event_id, kind, credential, care_region, institution_id,
      total_fen, account_fen, at_risk_fen, occurred_at, card_tail, action, severity, rules, because, disputed, degraded, state,
      corrected_by)
    select decision_id, case_id, person_key, decision_id, 0, event_id, 'settle', 'card', substr(institution_id, 2, 6), institution_id,
      total_fen, total_fen, total_fen, at, card_tail, action, severity,
      jsonb_build_array('R' || lpad((h_alert % 20 + 1)::text, 2, '0')), '["挂失后的刷卡"]', h_alert % 50 = 0, h_alert % 100 = 1,
      state, case when state = 'standing' then null else decision_id || '-r1' end
    from (
      select *, case when h_alert % 100 < 92 then 'standing' when h_alert % 100 < 97 then 'withdrawn' else 'replaced' end as state
      from (${alertNumbers(options, range)}) numbers
    ) alerts`;
}

/** Ten thousand tails, evenly. */
export function cardTailOf(person: string): string {
  return `lpad(((hashint4(${person}) & 2147483647) % 10000)::text, 4, '0')`;
}

/** Rows with everything about alerts. */
export function alertNumbers(options: AlertsFillOptions, range: CaseRange): string {
  const [first, end] = [range.first, range.end].map((c) => (c / BLOCK_CASES) * BLOCK_ALERTS) as [
    number,
    number,
  ];
  return `
    select n, cases.case_id, cases.person_key, cases.action, cases.severity, cases.region,
      substr(cases.person_key, 1, 12) || '-E${options.seed}-' || lpad(n::text, 10, '0') || '-0' as decision_id,
      'E${options.seed}-' || lpad(n::text, 10, '0') as event_id, ${alertAt(options, "n")} as at,
      ${cardTailOf("cases.person")} as card_tail, 1000 + ${drawn(options, "n", 10)} % 50000 as total_fen,
      ${drawn(options, "n", 12)} as h_alert, ${institutionOf(`(${placeOf(options, "n")})`)} as institution_id
    from generate_series(${first}, ${end - 1}) n
    join (${caseNumbers(options, seriesOf(range))}) cases on cases.c = ${CASE_OF_ALERT}`;
}

/** Each patrol's query once. */
export const FINDING_QUERIES = `
  insert into patrol_queries (query_sha256, patrol, query)
  select lpad(to_hex(i), 64, '0'), (array['R11', 'R18', 'R22', 'R23'])[i], 'SELECT 1' from generate_series(1, 4) i`;

/** Of an institution or a terminal one after the other, each a case; the latest one's may be open. */
export function findingStatements(options: AlertsFillOptions, range: CaseRange): readonly string[] {
  const [first, end] = [range.first, range.end].map((c) => c / CASES_PER_FINDING) as [number, number];
  const findings = `
    select *, '' || patrol || '-' || substr(md5('finding${options.seed}' || f), 1, 16) as finding_id,
      subject_kind || '-' || substr(md5(subject_key), 1, 16) || '-' || ordinal as case_id,
      f + ${INSTITUTIONS} < ${casesOf(options) / CASES_PER_FINDING} or ${NOW} - at > interval '14 days' as is_closed
    from (
      select f, f / ${INSTITUTIONS} + 1 as ordinal, (array['R11', 'R18', 'R22', 'R23'])[1 + f % 4] as patrol,
        lpad(to_hex(1 + f % 4), 64, '0') as query_sha256, (array['low', 'medium', 'high', 'critical'])[1 + f % 4] as severity,
        case when f % 2 = 0 then 'institution' else 'terminal' end as subject_kind,
        ${institutionOf(`(f % ${INSTITUTIONS})`)} as institution_id,
        ${institutionOf(`(f % ${INSTITUTIONS})`)} || case when f % 2 = 0 then '' else '/T1' end as subject_key,
        ${alertAt(options, `f::bigint * ${(CASES_PER_FINDING * BLOCK_ALERTS) / BLOCK_CASES}`)} as at
      from generate_series(${first}, ${end - 1}) f
    ) numbers`;
  return [
    `insert into patrol_findings (finding_id, patrol, subject_kind, subject_key, window_key, severity, institution_id, facts, evidence,
      evidence_count, evidence_sha256, query_sha256, parameters, first_at, last_at, first_seen_at, last_seen_at, region)
    select finding_id, patrol, subject_kind, subject_key, 'f' || f, severity, institution_id, '{"cards": 12, "persons": 7}',
      jsonb_build_array(jsonb_build_object('atMs', 1767225600000, 'eventId', 'E-' || f, 'personKey', md5(f::text), 'cardKey',
        md5('card' || f), 'institutionId', institution_id)), 12, lpad(to_hex(f), 64, '0'), query_sha256,
      '{"settings": {"windowMinutes": 10}, "query": {}}', at, at, at, at, substr(institution_id, 2, 6) from (${findings}) findings`,
    `insert into cases (case_id, subject_kind, subject_key, ordinal, status, opened_at, last_alert_at, alert_count, standing_count,
      strongest_action, highest_severity, region)
    select case_id, subject_kind, subject_key, ordinal, case when is_closed then 'closed' else 'open' end, at, at, 1, 1, 'review', severity,
      substr(institution_id, 2, 6) from (${findings}) findings`,
    `insert into alerts (alert_id, case_id, finding_id, ordinal, institution_id, occurred_at, action, severity, rules, disputed, degraded,
      state)
    select finding_id, case_id, finding_id, 0, institution_id, at, 'review', severity, jsonb_build_array(patrol), false, false, 'standing'
    from (${findings}) findings`,
    `insert into case_work (case_id, state, version, assignee, changed_at)
    select case_id, 'closed', 2, 'analyst-01', at from (${findings}) findings where is_closed`,
  ];
}
