-- Records for the journal that people's work makes, kept until ingest has them.
create table journal_outbox (
  -- eventId of the record.
  record_id text primary key,
  place bigint generated always as identity unique,
  path text not null check (path in ('/v1/feedback', '/v1/holder-records')),
  -- As it is sent: one JSON object.
  body text not null,
  status text not null default 'pending' check (status in ('pending', 'stored', 'refused')),
  -- Why ingest refused it.
  refusal text,
  attempts integer not null default 0,
  check ((status = 'refused') = (refusal is not null))
);
create index journal_outbox_to_send on journal_outbox (place) where status = 'pending';

-- What people did about cases. It is in no log: a rebuild leaves it as it is, and so nothing here refers to the tables that
-- a rebuild empties. A case without a row is new.
create table case_work (
  case_id text primary key,
  state text not null check (state in ('new', 'triage', 'investigating', 'confirmed', 'cleared', 'closed')),
  -- One more with each change.
  version integer not null check (version > 0),
  assignee text,
  changed_at timestamptz not null
);
create index case_work_of_assignee on case_work (assignee, changed_at desc);

-- Every change, in order. What was done stands in the audit log, whose entry is named; the words are here.
create table case_history (
  case_id text not null,
  version integer not null,
  at timestamptz not null,
  actor text not null,
  action text not null,
  detail jsonb not null,
  reason text,
  audit_seq integer not null,
  primary key (case_id, version)
);

-- Never edited; struck out with a reason.
create table case_notes (
  case_id text not null,
  note_id integer not null,
  author text not null,
  text text not null check (char_length(text) between 1 and 4000),
  written_at timestamptz not null,
  struck_by text,
  struck_at timestamptz,
  struck_reason text,
  primary key (case_id, note_id),
  check ((struck_by is null) = (struck_at is null) and (struck_by is null) = (struck_reason is null))
);

-- What one proposed and another has to approve.
create table case_proposals (
  case_id text not null,
  proposal_id integer not null,
  from_state text not null,
  to_state text not null,
  reason text not null,
  -- Rules of which the journal is told; null: those of all alerts that stand.
  rules jsonb,
  -- Alerts that the case had.
  alerts_seen integer not null,
  proposed_by text not null,
  proposed_at timestamptz not null,
  expires_at timestamptz not null,
  status text not null check (status in ('open', 'approved', 'rejected', 'expired')),
  decided_by text,
  decided_at timestamptz,
  decision_reason text,
  primary key (case_id, proposal_id)
);
create unique index case_proposals_one_open on case_proposals (case_id) where status = 'open';

-- Where a closed case ends. Alerts behind it are the next case's, also when all are made again.
create table case_closings (
  case_id text primary key,
  subject_kind text not null,
  -- personKey, or the key of what it is about.
  subject_key text not null,
  ordinal integer not null,
  -- Of a person's: how far the decisions of the person's partition were applied. Null of others: their findings are named.
  journal_offset bigint,
  sequence integer,
  unique (subject_kind, subject_key, ordinal),
  check ((journal_offset is null) = (sequence is null) and (journal_offset is null) = (subject_kind <> 'person'))
);
create table case_closing_findings (
  finding_id text primary key,
  case_id text not null
);
create index case_closing_findings_of_case on case_closing_findings (case_id);

-- Places of the audit log, signed with the keys of evidence.
create table audit_checkpoints (
  seq integer primary key,
  -- Of the entry's line.
  sha256 text not null,
  at text not null,
  key_id text not null,
  -- base64.
  ed25519 text not null,
  sm2 text not null
);
