-- What lists of the console read in the order of an index, so that a page costs the same however long Kadun has run. But for the
-- first one they are of tables that no swipe writes to.

-- Cases in the order in which they were opened.
create index cases_latest on cases (opened_at desc, case_id);
-- What one person has in hand, what rests longest first.
create index case_work_in_hand on case_work (assignee, changed_at) where state in ('new', 'triage', 'investigating');
-- What waits for a second person, or for a call.
create index case_proposals_open on case_proposals (expires_at) where status = 'open';
create index sms_escalations_open on sms_escalations (created_at) where done_at is null;
create index evidence_requests_latest on evidence_requests (requested_at desc, request_id desc);
-- Appeals of a state page by page; settlements to be taken back, those that were too.
create index appeals_of_state on appeals (state, appeal_id);
create index appeal_reversals_in_order on appeal_reversals (asked_at, decision_id);

-- What figures count of an appeal, as its events tell it: written with them.
alter table appeals
  add column submitted_at timestamptz,
  add column accepted_at timestamptz,
  add column decided_at timestamptz,
  add column was_reconsidered boolean not null default false,
  -- Of the decision as it stands; 0 of both before it.
  add column claimed integer not null default 0,
  add column upheld integer not null default 0,
  -- Of its case, which keeps it: a list of a city or a province reads its own.
  add column region text not null default '';
update appeals set region = cases.region from cases where cases.case_id = appeals.case_id;
create index appeals_of_city on appeals (left(region, 4), state, appeal_id);
create index appeals_of_province on appeals (left(region, 2), state, appeal_id);
update appeals set submitted_at = told.submitted, accepted_at = told.accepted, decided_at = told.decided,
  was_reconsidered = coalesce(told.reconsidered, false),
  claimed = (select count(*) from jsonb_each_text(told.outcomes)),
  upheld = (select count(*) from jsonb_each_text(told.outcomes) outcome where outcome.value = 'upheld')
from (
  select appeal_id, min(at) filter (where event ->> 'type' = 'submitted') as submitted,
    min(at) filter (where event ->> 'type' = 'accepted') as accepted,
    min(at) filter (where event ->> 'type' = 'decided') as decided,
    bool_or(event ->> 'type' = 'reconsidered') as reconsidered,
    (array_agg(event -> 'outcomes' order by version desc) filter (where event ->> 'type' in ('decided', 'reconsidered')))[1] as outcomes
  from appeal_events group by appeal_id
) told
where told.appeal_id = appeals.appeal_id;
create index appeals_by_submission on appeals (submitted_at desc) where submitted_at is not null;
