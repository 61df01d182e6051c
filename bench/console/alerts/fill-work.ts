/** What people did about generated cases: state, history, notes, proposals, evidence, and the audit log of it. */

import {
  type AlertsFillOptions,
  ANALYSTS,
  alertAt,
  BLOCK_ALERTS,
  BLOCK_CASES,
  caseNumbers,
  drawn,
  NOW,
} from "./case-numbers.js";
import { type CaseRange, seriesOf } from "./fill-cases.js";

/** Of the chain nobody asks here: lines are as long as real ones, and name nothing before them. */
const NO_LINE = "0".repeat(64);
const ENTRIES_PER_CASE = 2;

export function workStatements(options: AlertsFillOptions, range: CaseRange): readonly string[] {
  const cases = caseNumbers(options, seriesOf(range));
  const of = (condition: string) => `from (${cases}) cases where is_worked and ${condition}`;
  return [
    `insert into case_work (case_id, state, version, assignee, changed_at)
    select case_id, state, 3, assignee, worked_at ${of("true")}`,
    `insert into case_history (case_id, version, at, actor, action, detail, reason, audit_seq)
    select case_id, version, worked_at - (3 - version) * interval '5 seconds', assignee,
      (array['assigned', 'noted', 'moved'])[version],
      (array['{"assignee": "analyst"}', '{"noteId": 1}', '{"from": "new", "to": "triage"}'])[version]::jsonb,
      case when version = 3 then '核实' end, c * ${ENTRIES_PER_CASE} + 1
    from (${cases}) cases cross join generate_series(1, 3) version where is_worked`,
    `insert into case_notes (case_id, note_id, author, text, written_at)
    select case_id, 1, assignee, '已电话核实，本人称卡已丢失', worked_at - interval '5 seconds' ${of("true")}`,
    // Closed ones by two people; of those that were confirmed some wait for the second, some longer than a proposal lasts.
    `insert into case_proposals (case_id, proposal_id, from_state, to_state, reason, alerts_seen, proposed_by, proposed_at, expires_at,
      status, decided_by, decided_at, decision_reason)
    select case_id, 1, 'confirmed', 'closed', '追回', end_n - first_n, assignee, worked_at, worked_at + interval '3 days',
      case when is_closed then 'approved' else 'open' end, case when is_closed then 'reviewer' end,
      case when is_closed then worked_at end, case when is_closed then '同意' end
    ${of("(state in ('investigating', 'confirmed') and h_work % 3 = 0 or is_closed and h_work % 4 = 0)")}`,
    `insert into case_closings (case_id, subject_kind, subject_key, ordinal, journal_offset, sequence)
    select case_id, 'person', person_key, ordinal, end_n, 0 ${of("is_closed")}`,
    `insert into case_drafts (case_id, person, field, text, changed_at)
    select case_id, assignee, 'note', '待核实', ${NOW} - interval '1 hour' ${of("not is_closed and h_work % 20 = 0")}`,
    `insert into evidence_custody (case_id, seq, line)
    select case_id, seq, json_build_object('seq', seq, 'at', to_char(worked_at at time zone 'Asia/Shanghai',
      'YYYY-MM-DD"T"HH24:MI:SS".000+08:00"'), 'actor', assignee, 'action', 'package-made', 'reason', '', 'subject', '',
      'previousSha256', '${NO_LINE}')::text
    from (${cases}) cases cross join generate_series(1, 2) seq where is_worked and h_work % 20 = 1`,
    `insert into evidence_requests (request_id, case_id, region, reason, requested_by, requested_at, approved_by, approved_at)
    select substr(md5('request' || case_id), 1, 16), case_id, region, '移送', assignee, worked_at,
      case when h_work % 2000 > 200 then 'reviewer' end, case when h_work % 2000 > 200 then worked_at end ${of("h_work % 200 = 2")}`,
    `insert into case_unmaskings (audit_seq, case_id, person, at, reason)
    select c * ${ENTRIES_PER_CASE} + 2, case_id, assignee, worked_at, '电话核实' ${of("h_work % 20 = 3")}`,
    auditStatement(options, range),
  ];
}

/** Two entries a case, in the order of their times; one in a hundred is of an account. */
function auditStatement(options: AlertsFillOptions, range: CaseRange): string {
  const [first, end] = [range.first * ENTRIES_PER_CASE + 1, range.end * ENTRIES_PER_CASE];
  const perEntry = BLOCK_ALERTS / BLOCK_CASES / ENTRIES_PER_CASE;
  const cases = caseNumbers(options, seriesOf(range));
  const at = `to_char(${alertAt(options, `seq * ${perEntry}`)} at time zone 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS".000+08:00"')`;
  return `
    insert into audit_log (seq, line)
    select seq, '{"seq":' || seq || ',"at":"' || ${at} || '","actor":"analyst-' || lpad((h_entry % ${ANALYSTS} + 1)::text, 2, '0')
      || '","action":"' || case when h_entry % 100 = 0 then 'session.opened'
        else (array['case.assigned', 'case.noted', 'case.moved', 'case.person-shown'])[1 + h_entry / 64 % 4] end
      || '","subject":"' || case when h_entry % 100 = 0 then 'account:analyst' else 'case:' || case_id end
      || '","detail":{"version":3},"previousSha256":"${NO_LINE}"}'
    from (
      select seq, case_id, ${drawn(options, "seq", 21)} as h_entry
      from generate_series(${first}, ${end}) seq join (${cases}) cases on cases.c = (seq - 1) / ${ENTRIES_PER_CASE}
    ) entries`;
}
