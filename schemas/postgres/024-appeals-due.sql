-- The nearest day by which the office has to do something about an appeal, and which deadline's: what its events and the
-- deadlines in force come to, written with each event. Null where nothing is asked of the office. The rounds that look for missed
-- deadlines write it for appeals of before this stood here, and again after deadlines or the calendar changed.
alter table appeals
  add column office_due_at timestamptz,
  add column office_due_kind text,
  add check ((office_due_at is null) = (office_due_kind is null));
create index appeals_due on appeals (office_due_at, appeal_id) where office_due_at is not null;
create index appeals_due_of_city on appeals (left(region, 4), office_due_at, appeal_id) where office_due_at is not null;
create index appeals_due_of_province on appeals (left(region, 2), office_due_at, appeal_id) where office_due_at is not null;
