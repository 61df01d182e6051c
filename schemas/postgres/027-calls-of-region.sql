-- Whose task a call is: the region of the person's latest case, '' before there is one. Written with the task, and anew when the
-- person gets another case. Without it a city's tasks were looked for among the oldest of all cities'.
alter table sms_escalations add column region text not null default '';
update sms_escalations set region = latest.region
from (select distinct on (person_key) person_key, region from cases where person_key is not null
  order by person_key, ordinal desc) latest
where latest.person_key = sms_escalations.person_key;
create index sms_escalations_open_of_city on sms_escalations (left(region, 4), created_at) where done_at is null;
create index sms_escalations_open_of_province on sms_escalations (left(region, 2), created_at) where done_at is null;
