-- Where a case belongs: who may see it at the console. A person's: where the person is insured, as the swipe that opened the case
-- says. Another subject's: the smallest division in which all the swipes lie that its first finding rests on. '' is not known:
-- the nation's.
alter table cases add column region text not null default '';
alter table patrol_findings add column region text not null default '';

-- Of what an earlier release made, as far as that kept it; a rebuild gives the rest.
update cases set region = known.insured_region
from (
  select distinct on (a.case_id) a.case_id, s.insured_region
  from alerts a join judged_swipes s on s.decision_id = a.decision_id
  where s.insured_region is not null
  order by a.case_id, a.occurred_at, a.alert_id
) known
where cases.case_id = known.case_id and cases.subject_kind = 'person';

update patrol_findings set region = known.care_region
from (
  select distinct on (institution_id) institution_id, care_region
  from alerts
  where institution_id is not null and care_region is not null
  order by institution_id, occurred_at desc, alert_id
) known
where patrol_findings.institution_id = known.institution_id
  and patrol_findings.subject_kind in ('institution', 'terminal', 'operator');

update cases set region = known.region
from (
  select distinct on (a.case_id) a.case_id, f.region
  from alerts a join patrol_findings f on f.finding_id = a.finding_id
  order by a.case_id, f.first_at, f.finding_id
) known
where cases.case_id = known.case_id and cases.subject_kind <> 'person';
