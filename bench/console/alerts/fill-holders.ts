/** What cardholders were told and what they said: SMS, calls, answers, reports of losses, limits. */

import { type AlertsFillOptions, caseNumbers, NOW } from "./case-numbers.js";
import { alertNumbers, type CaseRange, cardTailOf, seriesOf } from "./fill-cases.js";

export function holderStatements(options: AlertsFillOptions, range: CaseRange): readonly string[] {
  const cases = caseNumbers(options, seriesOf(range));
  const messages = messagesOf(options, range);
  const persons = (condition: string) => `from (${cases}) cases where ordinal = 1 and ${condition}`;
  return [
    `insert into sms (sms_id, person_key, template, text, status, reason, attempts, created_at, sent_at, journal_offset, sequence, values,
      severity, news_key, sending_at, settled_at, check_at, provider_id)
    select sms_id, person_key, 'alert-rejected', '您的医保卡有一笔可疑消费，已拦截', status,
      case status when 'failed' then 'undelivered' when 'suppressed' then 'repeated' when 'unknown' then 'unanswered' end,
      case when is_handed_over then 1 else 0 end, at, case when status in ('sent', 'delivered') then at end, n, 0, '[]', severity, 'loss',
      case when is_handed_over then at end, case when status in ('delivered', 'failed', 'suppressed', 'no-contact') then at end,
      case when status = 'unknown' and h_alert % 2 = 0 then ${NOW} + interval '1 minute' end,
      case when is_handed_over and status <> 'unknown' then 'p-' || n end from (${messages}) messages`,
    `insert into sms_escalations (escalation_id, person_key, kind, sms_id, created_at, region, done_at, done_by, outcome)
    select 'call-' || sms_id, person_key, 'phone-call', sms_id, at,
      coalesce((select region from cases where person_key = calls.person_key order by ordinal desc limit 1), ''),
      case when is_over then at + interval '1 day' end,
      case when is_over then 'analyst-02' end, case when is_over then 'reached' end
    from (select *, ${NOW} - at > interval '2 days' and h_alert / 1000 % 100 > 0 as is_over from (${messages}) messages) calls
    where status in ('failed', 'no-contact') on conflict do nothing`,
    `insert into citizen_answers (person_key, decision_id, case_id, answer, request_id, answered_at_ms)
    select person_key, first_decision_id, case_id, case when h_work % 3 = 0 then 'mine' else 'not-mine' end, 'answer-' || c,
      extract(epoch from opened_at)::bigint * 1000 from (${cases}) cases where h_work % 10 = 4`,
    `insert into reminders (reminder_id, person_key, kind, due_at, useful_until, status, settled_at)
    select 'reminder-' || c, person_key, 'loss-runs-out', opened_at, opened_at + interval '3 days',
      case when ${NOW} - opened_at > interval '1 day' then 'sent' else 'planned' end,
      case when ${NOW} - opened_at > interval '1 day' then opened_at end ${persons("h_work % 10 = 5")}`,
    `insert into card_reports (person_key, journal_offset, sequence, event_id, credential, card_tail, action, from_state, to_state, applied,
      reported_at, effective_at, calendar_uncertain, is_planned)
    select person_key, first_n, 1, 'loss-' || c, 'card', ${cardTailOf("person")}, 'report-loss', 'active', 'lost', true,
      opened_at - interval '1 day', opened_at - interval '1 day', false, true ${persons("h_work % 10 = 6")}`,
    `insert into person_links (former_person_key, person_key, event_id)
    select md5('former' || person_key), person_key, 'link-' || c ${persons("h_work % 200 = 7")}`,
    `insert into holder_limits (request_id, person_key, event_id, home_only, no_night, requested_at)
    select 'limits-' || c, person_key, 'limits-' || c, true, false, opened_at ${persons("h_work % 100 = 8")}`,
    `insert into bureau_requests (request_id, person_key, event_id, credential, region, reported_at, status, next_at)
    select 'loss-' || c, person_key, 'request-' || c, 'card', region, opened_at, 'accepted', opened_at ${persons("h_work % 100 = 9")}`,
  ];
}

/** Of three alerts of five; what is older than two hours is settled, but for a few of which nobody knows. */
function messagesOf(options: AlertsFillOptions, range: CaseRange): string {
  return `
    select *, 'sms-' || decision_id as sms_id, status not in ('queued', 'suppressed', 'no-contact') as is_handed_over
    from (
      select *, case when ${NOW} - at < interval '2 hours' and h_alert / 1000 % 5 = 0 then 'queued'
        when h_alert % 1000 < 5 then 'unknown' when h_alert % 1000 < 35 then 'failed' when h_alert % 1000 < 55 then 'no-contact'
        when h_alert % 1000 < 95 then 'suppressed' when h_alert % 1000 < 115 then 'sent' else 'delivered' end as status
      from (${alertNumbers(options, range)}) alerts where n % 5 < 3
    ) told`;
}
