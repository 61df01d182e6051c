-- People, versions of bundles, who approved them, and their activations. Nothing here can be made again from the logs, and
-- nothing is ever deleted: a version that was withdrawn or replaced stays, with everything that was said about it.

create table people (
  -- As it was given first; what is compared is name_folded.
  name text primary key,
  name_folded text not null unique,
  -- Of the key in force; a revoked person's stays, so that it is told apart from an unknown one.
  key_sha256 text not null unique check (key_sha256 ~ '^[0-9a-f]{64}$'),
  added_at timestamptz not null,
  revoked_at timestamptz
);

-- Bundles whole, by content hash: JSON text as it was checked.
create table bundle_contents (
  bundle_hash text primary key check (bundle_hash ~ '^[0-9a-f]{64}$'),
  content text not null
);

create table bundle_versions (
  version integer primary key check (version > 0),
  bundle_hash text not null references bundle_contents,
  -- A person; 'kadun' for what was found running, 'breaker' for what the breaker made.
  author text not null,
  created_at timestamptz not null,
  -- The version whose content this is again, for a rollback; the one it was made of, for the breaker's.
  made_of integer references bundle_versions,
  origin text not null check (origin in ('draft', 'rollback', 'breaker', 'found')),
  withdrawn_by text,
  withdrawn_at timestamptz,
  check ((withdrawn_by is null) = (withdrawn_at is null)),
  check ((origin in ('rollback', 'breaker')) = (made_of is not null))
);

create table bundle_comments (
  version integer not null references bundle_versions,
  -- 1 for the author's own, which every version has.
  ordinal integer not null check (ordinal > 0),
  author text not null,
  text text not null,
  written_at timestamptz not null,
  primary key (version, ordinal)
);

create table bundle_approvals (
  version integer not null references bundle_versions,
  person text not null references people,
  approved_at timestamptz not null,
  primary key (version, person)
);

-- What the guard found out about a version.
create table bundle_checks (
  check_id integer primary key check (check_id > 0),
  version integer not null references bundle_versions,
  -- The bundle that ran then.
  against_hash text not null,
  result text not null check (result in ('ok', 'objection')),
  -- For people: what was compared, or why the guard objects.
  text text not null,
  numbers jsonb not null,
  checked_at timestamptz not null
);
create index bundle_checks_of_version on bundle_checks (version, check_id desc);

-- A third person has seen an objection and confirms the version in spite of it.
create table bundle_confirmations (
  check_id integer primary key references bundle_checks,
  person text not null references people,
  confirmed_at timestamptz not null
);

create table bundle_activations (
  sequence integer primary key check (sequence >= 0),
  version integer not null references bundle_versions,
  shadow_version integer references bundle_versions,
  kind text not null check (kind in ('publish', 'rollback', 'shadow', 'breaker', 'found')),
  published_by jsonb not null,
  -- Of the program that took it first; the same again belongs to the same engine. null until it was taken.
  engine_version text,
  -- Of the journal, then.
  partitions integer not null check (partitions > 0),
  -- open: not every partition has answered. replaced: a later one was published before they had. refused: the gateway
  -- did not take it, for the reason given, and it is in no partition.
  status text not null check (status in ('open', 'complete', 'replaced', 'refused')),
  reason text,
  created_at timestamptz not null,
  -- When the gateway took it last, and how often.
  sent_at timestamptz,
  times_sent integer not null default 0,
  completed_at timestamptz,
  check ((status = 'refused') = (reason is not null)),
  check ((status = 'complete') = (completed_at is not null))
);
-- One at a time.
create unique index bundle_activations_one_open on bundle_activations (status) where status = 'open';

create table activation_answers (
  sequence integer not null references bundle_activations,
  partition integer not null check (partition >= 0),
  -- 'activated', or the code of the refusal.
  answer text not null,
  -- Where in the partition's journal.
  journal_offset bigint not null,
  answered_at timestamptz not null,
  primary key (sequence, partition)
);
