-- Evidence: who did what with it, who may have it unmasked, which packages were made. People's doings: nothing here can be
-- made again from the logs.

-- The custody log of a case, hash-chained: an entry names the SHA-256 of the line before it.
create table evidence_custody (
  case_id text not null,
  seq integer not null check (seq > 0),
  -- As it is hashed, and as it stands in packages.
  line text not null,
  primary key (case_id, seq)
);

-- Packages that show the holder unmasked: asked for by one person, agreed to by another.
create table evidence_requests (
  request_id text primary key,
  case_id text not null,
  reason text not null,
  requested_by text not null,
  requested_at timestamptz not null,
  approved_by text,
  approved_at timestamptz,
  check ((approved_by is null) = (approved_at is null)),
  check (approved_by is null or approved_by <> requested_by)
);
create index evidence_requests_of_case on evidence_requests (case_id, requested_at);

-- What was made, so that the same again has the same bytes: when, by whom, how far the custody log went, what an
-- authority's time stamp said.
create table evidence_packages (
  case_id text not null,
  -- 'masked', or the request.
  variant text not null,
  -- Over everything that it is made of but what stands in this row.
  content_sha256 text not null,
  made_at timestamptz not null,
  made_by text not null,
  custody_seq integer not null,
  -- By the SHA-256 of what was signed: tokens of an authority and signatures that are not repeatable.
  kept_signatures jsonb not null default '{}',
  primary key (case_id, variant, content_sha256)
);
