/** Appeals about one case in fifty, with their events, as far as each is by its age. */

import { type AlertsFillOptions, CASES_PER_APPEAL, caseNumbers, NOW } from "./case-numbers.js";
import { type CaseRange, seriesOf } from "./fill-cases.js";

/** Events that each state has behind itself; the last one of some is its own. */
const EVENTS: Readonly<Record<string, number>> = {
  draft: 2,
  submitted: 3,
  withdrawn: 4,
  "first-review": 4,
  "returned-for-more": 5,
  "second-review": 5,
  investigation: 7,
  decided: 8,
  reconsideration: 9,
  closed: 9,
};
const COURSE = [
  "opened",
  "draft-saved",
  "submitted",
  "accepted",
  "first-reviewed",
  "second-reviewed",
  "investigated",
  "decided",
];
/** The office's next day, in calendar days after the last event: five working days are a week. */
const DUE: Readonly<Record<string, readonly [string, number]>> = {
  submitted: ["acknowledge", 7],
  "first-review": ["first-review", 14],
  "second-review": ["second-review", 14],
  investigation: ["investigation", 28],
  reconsideration: ["reconsider", 60],
};
const LAST: Readonly<Record<string, string>> = {
  withdrawn: "withdrawn",
  "returned-for-more": "returned",
  reconsideration: "reconsideration-asked",
  closed: "closed",
};

export function appealStatements(options: AlertsFillOptions, range: CaseRange): readonly string[] {
  const appeals = appealNumbers(options, range);
  const instant = (at: string) =>
    `to_char(${at} at time zone 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS".000+08:00"')`;
  const outcomes = `jsonb_build_object(first_decision_id, case when h_work % 2 = 0 then 'upheld' else 'rejected' end)`;
  return [
    `insert into appeals (appeal_id, case_id, ordinal, person_key, state, version, opened_at, changed_at, submitted_at, accepted_at,
      decided_at, claimed, upheld, region, office_due_at, office_due_kind)
    select appeal_id, case_id, 1, person_key, appeal_state, events, started_at, ${eventAt("events")},
      case when events >= 3 then ${eventAt("3")} end, case when events >= 4 and appeal_state <> 'withdrawn' then ${eventAt("4")} end,
      case when events >= 8 then ${eventAt("8")} end, (events >= 8)::int, (events >= 8 and h_work % 2 = 0)::int, region,
      ${eventAt("events")} + (case appeal_state ${dueOf(1)} end) * interval '1 day', case appeal_state ${dueOf(0)} end
    from (${appeals}) appeals`,
    `insert into appeal_events (appeal_id, version, at, event)
    select appeal_id, version, ${eventAt("version")}, case type
      when 'opened' then jsonb_build_object('type', type, 'personKey', person_key, 'caseId', case_id)
      when 'draft-saved' then jsonb_build_object('type', type, 'swipes', jsonb_build_array(first_decision_id), 'hasAgent', false,
        'hasStatement', true, 'bankAccountTail', null)
      when 'submitted' then jsonb_build_object('type', type, 'requestId', appeal_id, 'earliestSwipeAt', ${instant("opened_at")})
      when 'accepted' then jsonb_build_object('type', type, 'by', assignee)
      when 'returned' then jsonb_build_object('type', type, 'by', assignee, 'what', '请补充受案回执')
      when 'first-reviewed' then jsonb_build_object('type', type, 'by', assignee, 'opinion', '材料齐全')
      when 'second-reviewed' then jsonb_build_object('type', type, 'by', 'reviewer', 'opinion', '同意')
      when 'investigated' then jsonb_build_object('type', type, 'by', assignee, 'findings', '监控显示另有其人')
      when 'decided' then jsonb_build_object('type', type, 'by', jsonb_build_array('reviewer', assignee), 'outcomes', ${outcomes},
        'own', '[]'::jsonb, 'reasons', '经查明')
      else jsonb_build_object('type', type, 'requestId', appeal_id || '-last') end
    from (select *, case when version = events and own_last is not null then own_last else (array['${COURSE.join("','")}'])[version] end as type
      from (${appeals}) appeals cross join lateral generate_series(1, events) version) placed`,
    `insert into appeal_papers (paper_id, appeal_id, version, kind, title, number, content, made_at, sha256, sealed)
    select 'paper-' || appeal_id, appeal_id, 8, 'decision', '申诉处理决定书', 'N-' || appeal_id, '{}', ${eventAt("8")}, '${"0".repeat(64)}',
      'sealed'::bytea from (${appeals}) appeals where appeal_state in ('decided', 'reconsideration', 'closed')`,
    `insert into appeal_escalations (appeal_id, kind, due_at, whose, is_uncertain, found_at)
    select appeal_id, 'first-review', started_at + interval '20 days', 'office', false, started_at + interval '20 days'
    from (${appeals}) appeals where events >= 4 and h_state % 20 = 0`,
    `insert into appeal_reversals (decision_id, appeal_id, person_key, event_id, oinfno, total_fen, account_fen, asked_at, handed_over_at,
      handed_over_by)
    select first_decision_id, appeal_id, person_key, 'E${options.seed}-' || lpad(first_n::text, 10, '0'), '2102', 10000, 10000, ${eventAt("8")},
      case when is_handed_over then ${eventAt("8")} end, case when is_handed_over then 'reviewer' end
    from (select *, h_state % 50 > 0 as is_handed_over from (${appeals}) appeals) decided
    where appeal_state in ('decided', 'reconsideration', 'closed') and h_work % 2 = 0`,
  ];
}

/** Branches of a case expression: the kind (0), or how many days (1). */
function dueOf(part: 0 | 1): string {
  return Object.entries(DUE)
    .map(([state, due]) => `when '${state}' then ${part === 0 ? `'${due[0]}'` : due[1]}`)
    .join(" ");
}

/** Evenly within the first eighty days. */
function eventAt(version: string): string {
  return `(started_at + least(${NOW} - started_at, interval '80 days') * (${version} - 1) / 10.0)`;
}

function appealNumbers(options: AlertsFillOptions, range: CaseRange): string {
  const eventsOf = Object.entries(EVENTS).map(([state, events]) => `when '${state}' then ${events}`);
  const lastOf = Object.entries(LAST).map(([state, type]) => `when '${state}' then '${type}'`);
  return `
    select *, case appeal_state ${eventsOf.join(" ")} end as events, case appeal_state ${lastOf.join(" ")} end as own_last
    from (
      select *, substr(md5('appeal' || case_id), 1, 24) as appeal_id, case
        when h % 100 < 8 then 'draft'
        when h % 100 < 12 then 'withdrawn'
        when ${NOW} - started_at > interval '70 days' then case when h % 100 < 98 then 'closed' else 'investigation' end
        when ${NOW} - started_at > interval '30 days' then case when h % 100 < 50 then 'investigation' when h % 100 < 80 then 'decided'
          when h % 100 < 85 then 'reconsideration' else 'closed' end
        when ${NOW} - started_at > interval '10 days' then case when h % 100 < 40 then 'first-review' when h % 100 < 75 then 'second-review'
          when h % 100 < 80 then 'returned-for-more' else 'investigation' end
        when h % 100 < 60 then 'submitted' else 'first-review' end as appeal_state
      from (
        select *, least(last_at + interval '6 hours', ${NOW} - interval '30 minutes') as started_at
        from (${caseNumbers(options, seriesOf(range))}) cases where c % ${CASES_PER_APPEAL} = 10
      ) asked
    ) states`;
}
