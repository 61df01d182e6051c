-- Findings of a city or a province, the latest seen first: where there are few, or none, nothing else is looked at.
create index patrol_findings_of_city on patrol_findings (left(region, 4), last_seen_at desc, finding_id desc);
create index patrol_findings_of_province on patrol_findings (left(region, 2), last_seen_at desc, finding_id desc);
