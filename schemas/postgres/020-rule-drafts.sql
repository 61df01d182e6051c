-- What people edit before it becomes a version, and long work about rules with what came of it. Neither can be made again
-- from the logs; a draft goes when it becomes a version, work when later work of its kind is kept.

create table rule_drafts (
  draft_id text primary key,
  author text not null,
  base_version integer not null references bundle_versions,
  -- The whole ruleset as JSON, with the mistakes it may have.
  ruleset text not null,
  comment text not null,
  -- Counts the changes: who has read an older one is told so.
  revision integer not null check (revision >= 0),
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index rule_drafts_of_author on rule_drafts (author, updated_at desc);

create table rule_jobs (
  job_id text primary key,
  kind text not null check (kind in ('backtest', 'check', 'gaps', 'precision', 'shadow')),
  asked jsonb not null,
  state text not null check (state in ('running', 'done', 'failed', 'cancelled', 'interrupted')),
  started_by text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  progress jsonb,
  -- Who does the work says so every few seconds: without it the work was interrupted.
  beat_at timestamptz not null,
  cancel_asked boolean not null,
  error text,
  result text,
  check ((state = 'running') = (ended_at is null)),
  check ((state = 'done') = (result is not null))
);
create unique index rule_jobs_one_running on rule_jobs (kind) where state = 'running';
create index rule_jobs_latest on rule_jobs (kind, started_at desc, job_id);
