-- Patrols: what they found, how far they are, and cases whose subject is no person.
-- Findings can be made again from the analysts' rows, except when they were first seen and how often.

-- How far each patrol has looked, moved in the transaction of what it found.
create table patrol_progress (
  patrol text primary key,
  -- By partition of the journal: the offset of the next record.
  next_offsets jsonb not null,
  -- Latest arrival of a swipe, epoch milliseconds.
  clock_ms bigint not null,
  -- Records a run takes: halved when a query was too large, doubled when it was not.
  records_max integer not null
);

-- Queries by the hash of their text, as they were run.
create table patrol_queries (
  query_sha256 text primary key,
  patrol text not null,
  query text not null
);

create table patrol_findings (
  -- Follows from patrol, subject and window.
  finding_id text primary key,
  patrol text not null,
  subject_kind text not null check (subject_kind in ('institution', 'terminal', 'operator', 'agent', 'trace-code', 'card')),
  -- institution, institution/terminal, institution/operator; else a token or a hash.
  subject_key text not null,
  -- A day (2026-05-06) or month (2026-05) of Shanghai, or 'ever'.
  window_key text not null,
  severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
  institution_id text,
  facts jsonb not null,
  -- The earliest swipes it rests on, at most 200 of evidence_count; tokens only.
  evidence jsonb not null,
  evidence_count bigint not null,
  -- Of facts, evidence and count as they are now.
  evidence_sha256 text not null,
  -- The run that found what is said now.
  query_sha256 text not null references patrol_queries,
  parameters jsonb not null,
  -- Times of the evidence.
  first_at timestamptz not null,
  last_at timestamptz not null,
  -- Times of the runs, by this machine's clock.
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  times_seen bigint not null default 1,
  unique (patrol, subject_kind, subject_key, window_key)
);
create index patrol_findings_latest on patrol_findings (last_seen_at desc);
create index patrol_findings_of_subject on patrol_findings (subject_kind, subject_key);

-- A case has a person or another subject.
alter table cases alter column person_key drop not null;
alter table cases add column subject_kind text not null default 'person'
  check (subject_kind in ('person', 'institution', 'terminal', 'operator', 'agent', 'trace-code', 'card'));
alter table cases add column subject_key text;
alter table cases add constraint cases_one_subject
  check ((subject_kind = 'person') = (person_key is not null) and (subject_kind = 'person') = (subject_key is null));
create unique index cases_of_subject on cases (subject_kind, subject_key, ordinal) where subject_kind <> 'person';
create unique index cases_one_open_of_subject on cases (subject_kind, subject_key)
  where status = 'open' and subject_kind <> 'person';

-- An alert comes of a decision about a person, or of a finding.
alter table alerts alter column person_key drop not null;
alter table alerts alter column decision_id drop not null;
alter table alerts alter column event_id drop not null;
alter table alerts add column finding_id text references patrol_findings;
alter table alerts add constraint alerts_one_origin check (
  (finding_id is null) = (decision_id is not null)
  and (finding_id is null) = (person_key is not null)
  and (finding_id is null) = (event_id is not null));
create unique index alerts_of_finding on alerts (finding_id) where finding_id is not null;
