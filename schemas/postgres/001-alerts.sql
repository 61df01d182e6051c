-- Alerts, cases and the ledger of SMS. All but `sms` can be made again from kadun.decisions and comes out the same.
-- Money is integer fen. Times are those of the events; only sms.sent_at comes from a clock.

-- Where a consumer stands in each partition, moved in the transaction of what it made.
create table consumer_progress (
  consumer text not null,
  partition integer not null,
  next_offset bigint not null,
  -- Place in the journal of the last outcome applied; null before the first.
  journal_offset bigint,
  sequence integer,
  primary key (consumer, partition),
  check ((journal_offset is null) = (sequence is null))
);

-- What a later revision needs of a decision and does not carry itself: settles and authorizes.
create table judged_swipes (
  decision_id text primary key,
  person_key text not null,
  event_id text not null,
  original_event_id text,
  kind text not null,
  credential text not null,
  card_tail text,
  care_region text not null,
  institution_id text not null,
  total_fen bigint not null,
  account_fen bigint,
  at_risk_fen bigint not null,
  -- What the decision said, before revisions.
  action text not null,
  occurred_at timestamptz not null
);

-- One open case a person.
create table cases (
  case_id text primary key,
  person_key text not null,
  -- 1 for the person's first case.
  ordinal integer not null,
  status text not null check (status in ('open', 'closed')),
  opened_at timestamptz not null,
  last_alert_at timestamptz,
  alert_count integer not null default 0,
  -- Alerts that stand: neither withdrawn nor replaced by a later one of the same swipe.
  standing_count integer not null default 0,
  money_at_risk_fen bigint not null default 0,
  -- approve where every alert was withdrawn.
  strongest_action text not null default 'approve',
  highest_severity text not null default 'low',
  unique (person_key, ordinal)
);
create unique index cases_one_open on cases (person_key) where status = 'open';
create index cases_queue on cases (status, last_alert_at desc);

create table alerts (
  -- decisionId or revisionId.
  alert_id text primary key,
  case_id text not null references cases,
  person_key text not null,
  decision_id text not null,
  -- 0 for the decision, n for its n-th revision.
  ordinal integer not null,
  event_id text not null,
  original_event_id text,
  -- These are null where a revision's decision is not known here.
  kind text,
  credential text,
  care_region text,
  institution_id text,
  total_fen bigint,
  account_fen bigint,
  at_risk_fen bigint,
  occurred_at timestamptz,
  card_tail text,
  action text not null check (action in ('review', 'challenge', 'reject')),
  severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
  rules jsonb not null,
  disputed boolean not null,
  degraded boolean not null,
  -- eventId of the card status that caused the revision.
  caused_by text,
  state text not null check (state in ('standing', 'replaced', 'withdrawn')),
  -- The revision that replaced or withdrew it.
  corrected_by text,
  check ((state = 'standing') = (corrected_by is null))
);
create index alerts_of_case on alerts (case_id, occurred_at);
create index alerts_of_decision on alerts (decision_id);
create index alerts_of_event on alerts (person_key, event_id);

-- The ledger: an SMS that is in here is never made again, whatever is rebuilt.
create table sms (
  sms_id text primary key,
  person_key text not null,
  template text not null,
  text text not null check (char_length(text) <= 70),
  -- suppressed: not to be sent, for the reason given.
  status text not null check (status in ('pending', 'sent', 'no-contact', 'failed', 'suppressed')),
  reason text check (reason in ('too-many', 'repeated', 'stale', 'refused')),
  attempts integer not null default 0,
  -- Time of the event.
  created_at timestamptz not null,
  sent_at timestamptz,
  -- Place in the journal: of one person's SMS, which came first.
  journal_offset bigint not null,
  sequence integer not null
);
create index sms_to_send on sms (created_at, sms_id) where status = 'pending';
create index sms_of_person on sms (person_key, template, created_at);
