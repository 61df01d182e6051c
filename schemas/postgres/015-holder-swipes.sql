-- What cardholders are told of a swipe that raised an alert, in the judge's own words. Empty of alerts that an earlier release
-- made: a rebuild fills them.
alter table alerts
  add column because jsonb not null default '[]',
  add column advice text;
