-- Appeals. Their events are people's doings: nothing here but undone_swipes can be made again from the logs. Instants are of
-- the office's clock.

-- Settlements that a cancel or reversal took back; made again from kadun.decisions.
create table undone_swipes (
  person_key text not null,
  -- eventId of what was taken back, and of what did it.
  original_event_id text not null,
  event_id text not null,
  primary key (person_key, original_event_id, event_id)
);
-- Which transaction of the national platform a settlement was. Null of what was judged before this stood here.
alter table judged_swipes add column institution_kind text;
alter table judged_swipes add column visit_kind text;
create index judged_swipes_of_person on judged_swipes (person_key, occurred_at desc);

-- What the events of an appeal come to, written in their transaction.
create table appeals (
  appeal_id text primary key,
  -- Of its number (申诉编号).
  place bigint generated always as identity unique,
  case_id text not null,
  ordinal integer not null,
  person_key text not null,
  state text not null check (state in ('draft', 'submitted', 'returned-for-more', 'first-review', 'second-review',
    'investigation', 'decided', 'reconsideration', 'withdrawn', 'closed')),
  version integer not null check (version > 0),
  opened_at timestamptz not null,
  changed_at timestamptz not null,
  unique (case_id, ordinal)
);
-- A case has one appeal under way.
create unique index appeals_one_open on appeals (case_id) where state not in ('withdrawn', 'closed');
create index appeals_of_person on appeals (person_key, opened_at desc);
create index appeals_queue on appeals (state, changed_at);

create table appeal_events (
  appeal_id text not null references appeals,
  version integer not null check (version > 0),
  at timestamptz not null,
  event jsonb not null,
  primary key (appeal_id, version)
);

-- What the holder wrote, sealed: statement, bank account, reasons for a reconsideration.
create table appeal_secrets (
  appeal_id text not null references appeals,
  kind text not null check (kind in ('statement', 'bank-account', 'reconsideration')),
  sealed bytea not null,
  primary key (appeal_id, kind)
);

-- Contents of documents, sealed; what is told of them is in the events. A removed one is gone.
create table appeal_documents (
  appeal_id text not null references appeals,
  document_id text not null,
  sealed bytea not null,
  primary key (appeal_id, document_id)
);

-- Papers: what one says is written with the event it comes of; the file is made once, afterwards.
create table appeal_papers (
  paper_id text primary key,
  appeal_id text not null references appeals,
  -- Version of the event.
  version integer not null,
  kind text not null,
  title text not null,
  number text not null unique,
  content jsonb not null,
  made_at timestamptz not null,
  -- Of the file; null until it is made.
  sha256 text,
  sealed bytea,
  check ((sha256 is null) = (sealed is null))
);
create index appeal_papers_of_appeal on appeal_papers (appeal_id, version);
create index appeal_papers_to_make on appeal_papers (made_at) where sha256 is null;

-- Deadlines that were missed: once each.
create table appeal_escalations (
  appeal_id text not null references appeals,
  kind text not null,
  due_at timestamptz not null,
  whose text not null check (whose in ('office', 'holder')),
  is_uncertain boolean not null,
  found_at timestamptz not null,
  primary key (appeal_id, kind, due_at)
);
create index appeal_escalations_latest on appeal_escalations (found_at desc);

-- Settlements to be taken back (2601), once each.
create table appeal_reversals (
  decision_id text primary key,
  appeal_id text not null references appeals,
  person_key text not null,
  event_id text not null,
  -- Null where it is not known which transaction it was.
  oinfno text,
  total_fen bigint not null,
  account_fen bigint,
  asked_at timestamptz not null,
  handed_over_at timestamptz,
  handed_over_by text,
  check ((handed_over_at is null) = (handed_over_by is null))
);
create index appeal_reversals_to_hand_over on appeal_reversals (asked_at) where handed_over_at is null;
