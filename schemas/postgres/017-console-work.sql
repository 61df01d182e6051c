-- The queue of cases at the console, saved views of it, and what people do to many cases at once.

-- A page reads a range of one of these, or a few of them merged: by severity, then by the latest alert; of the nation, a province,
-- a city. They take the place of cases_queue, which knew neither.
drop index cases_queue;
create index cases_queue_of_nation on cases
  (status, highest_severity, (coalesce(last_alert_at, opened_at)) desc, case_id desc);
create index cases_queue_of_province on cases
  (status, (left(region, 2)), highest_severity, (coalesce(last_alert_at, opened_at)) desc, case_id desc);
create index cases_queue_of_city on cases
  (status, (left(region, 4)), highest_severity, (coalesce(last_alert_at, opened_at)) desc, case_id desc);

-- What few cases have in common is looked up, not searched for.
create index case_work_open_of_assignee on case_work (assignee) where state <> 'closed';
create index case_work_of_state on case_work (state);
create index alerts_of_institution on alerts (institution_id, occurred_at desc) where institution_id is not null;
create index alerts_of_card_tail on alerts (card_tail, occurred_at desc) where card_tail is not null;

-- Queries of the queue's page under a name.
create table queue_views (
  view_id text primary key,
  owner text not null,
  name text not null check (char_length(name) between 1 and 40),
  -- As it stands behind the `?`.
  query text not null check (char_length(query) <= 1000),
  is_shared boolean not null,
  made_at timestamptz not null,
  unique (owner, name)
);
create index queue_views_shared on queue_views (name, view_id) where is_shared;

-- What is to be done to several cases at once: written down when it was asked for, done a little later, until then taken back. In
-- no log: nothing makes it again.
create table queue_operations (
  operation_id text primary key,
  actor text not null,
  -- Division codes, as the actor had them.
  scope jsonb not null,
  command jsonb not null,
  -- Case and version that was seen, in their order.
  cases jsonb not null,
  -- expired: nobody was there to do it in time.
  status text not null check (status in ('waiting', 'running', 'done', 'taken-back', 'expired')),
  asked_at timestamptz not null,
  runs_at timestamptz not null,
  ended_at timestamptz,
  -- Of the cases that were looked at, in their order.
  results jsonb not null default '[]',
  check ((ended_at is null) = (status in ('waiting', 'running')))
);
create index queue_operations_due on queue_operations (runs_at) where status in ('waiting', 'running');
create index queue_operations_of_actor on queue_operations (actor, asked_at desc);
