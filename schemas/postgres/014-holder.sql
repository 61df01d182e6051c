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
  primary key (person_key, journal_offset, sequence)
);
-- Of what reminders look for: reports that lapse.
create index card_reports_lapsing on card_reports (expires_at_min) where applied and expires_at_min is not null;

-- The token by which a report of the loss names the card of a swipe; null of swipes that an earlier release kept.
alter table judged_swipes add column card_key text;
create index if not exists judged_swipes_of_person on judged_swipes (person_key, occurred_at desc);
