-- The region of the request's case, which never changes: a city's requests were looked for among the oldest of all cities'.
alter table evidence_requests add column region text not null default '';
update evidence_requests set region = cases.region from cases where cases.case_id = evidence_requests.case_id;
create index evidence_requests_open_of_city on evidence_requests (left(region, 4), requested_at) where approved_at is null;
create index evidence_requests_open_of_province on evidence_requests (left(region, 2), requested_at) where approved_at is null;
-- Messages of which nobody knows whether they arrived are counted by whether somebody can still be asked: in the index alone.
drop index sms_under_way;
create index sms_under_way on sms (status) include (check_at) where status in ('sending', 'unknown');
