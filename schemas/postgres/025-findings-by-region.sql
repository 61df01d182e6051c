-- Findings of a city or a province, all and of one patrol, the latest seen first: where there are few, or none, nothing else is
-- looked at.
create index patrol_findings_of_city on patrol_findings (left(region, 4), last_seen_at desc, finding_id desc);
create index patrol_findings_of_province on patrol_findings (left(region, 2), last_seen_at desc, finding_id desc);
create index patrol_findings_of_city_patrol on patrol_findings (left(region, 4), patrol, last_seen_at desc, finding_id desc);
create index patrol_findings_of_province_patrol on patrol_findings (left(region, 2), patrol, last_seen_at desc, finding_id desc);
