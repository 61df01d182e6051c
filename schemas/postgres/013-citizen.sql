-- The cardholder's pages: who knocks, who is in, what was answered. Moments are epoch milliseconds. Codes, tokens and client
-- addresses are kept as keyed hashes only.

create table citizen_tallies (
  tally_key text not null,
  window_start_ms bigint not null,
  count integer not null check (count > 0),
  primary key (tally_key, window_start_ms)
);
create index citizen_tallies_of_window on citizen_tallies (window_start_ms);

create table citizen_entries (
  visit_hash text primary key,
  code_hash text not null,
  -- Null where what was typed fits no case: the entry runs its course all the same.
  case_id text,
  person_key text,
  one_time_hash text not null,
  sent_at_ms bigint not null,
  tries integer not null default 0,
  used_at_ms bigint,
  started_at_ms bigint not null,
  check ((case_id is null) = (person_key is null))
);
create index citizen_entries_by_start on citizen_entries (started_at_ms);

create table citizen_sessions (
  token_hash text primary key,
  case_id text not null,
  person_key text not null,
  started_at_ms bigint not null,
  seen_at_ms bigint not null
);
create index citizen_sessions_by_start on citizen_sessions (started_at_ms);

-- The last word on a swipe; what was said before is in the audit log.
create table citizen_answers (
  person_key text not null,
  decision_id text not null,
  case_id text not null,
  answer text not null check (answer in ('mine', 'not-mine')),
  request_id text not null,
  answered_at_ms bigint not null,
  primary key (person_key, decision_id)
);
create index citizen_answers_of_case on citizen_answers (case_id);
