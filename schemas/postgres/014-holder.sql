-- What cardholders see of their cards, and what is known of the cards they use. All of it but requests and reminders can be
-- made again from kadun.decisions and comes out the same.

-- Changes of cards' states as the judge told them.
create table card_reports (
  person_key text not null,
  -- Place in the journal.
  journal_offset bigint not null,
  sequence integer not null,
  event_id text not null,
  credential text not null,
  card_tail text,
  action text not null,
  from_state text not null,
  to_state text not null,
  applied boolean not null,
  code text,
  policy_id text,
  reported_at timestamptz not null,
  effective_at timestamptz not null,
  expires_at_min timestamptz,
  expires_at_max timestamptz,
  calendar_uncertain boolean not null,
  -- Reminders of it are planned; anew after a rebuild, which gives the same ones.
  is_planned boolean not null default false,
  primary key (person_key, journal_offset, sequence)
);
create index card_reports_to_plan on card_reports (person_key) where not is_planned;

-- What a report of the loss needs of a swipe: the token of its card, where its holder is insured. Null of swipes that an earlier
-- release kept.
alter table judged_swipes
  add column card_key text,
  add column insured_region text;

-- Losses that cardholders reported here, on their way to the bureau's own system.
create table bureau_requests (
  -- The idempotency key, whoever it is sent to.
  request_id text primary key,
  place bigint generated always as identity unique,
  person_key text not null,
  -- Of the journal record.
  event_id text not null unique,
  card_key text,
  card_tail text,
  credential text not null,
  region text not null,
  reported_at timestamptz not null,
  -- kept: in a file, nothing more will be heard. taken: the bureau has not decided.
  status text not null default 'pending' check (status in ('pending', 'kept', 'taken', 'accepted', 'refused')),
  -- As the bureau gave them.
  receipt_no text,
  accepted_at timestamptz,
  effective_at timestamptz,
  refusal text,
  attempts integer not null default 0,
  -- Handed over, or asked for, from then on.
  next_at timestamptz not null,
  check ((card_key is null) = (card_tail is null)),
  check ((status = 'refused') = (refusal is not null))
);
create index bureau_requests_due on bureau_requests (next_at) where status in ('pending', 'taken');
create index bureau_requests_of_person on bureau_requests (person_key, place);

-- Limits that cardholders set here; the latest of a person counts.
create table holder_limits (
  request_id text primary key,
  place bigint generated always as identity unique,
  person_key text not null,
  event_id text not null unique,
  home_only boolean not null,
  daily_fen bigint check (daily_fen >= 0),
  no_night boolean not null,
  requested_at timestamptz not null
);
create index holder_limits_of_person on holder_limits (person_key, place);

-- What cardholders are reminded of, once each, whatever is rebuilt or restarted.
create table reminders (
  -- From what it reminds of.
  reminder_id text primary key,
  person_key text not null,
  kind text not null,
  due_at timestamptz not null,
  -- Of no use after it.
  useful_until timestamptz not null,
  -- cancelled: the reason went away. stale: nobody was there to send it in time.
  status text not null default 'planned' check (status in ('planned', 'sent', 'cancelled', 'stale')),
  settled_at timestamptz,
  check ((status = 'planned') = (settled_at is null))
);
create index reminders_due on reminders (due_at) where status = 'planned';
create index reminders_open_of_person on reminders (person_key) where status = 'planned';
