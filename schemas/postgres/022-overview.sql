-- What the page "today" counts, in bounded ranges.
create index sms_latest on sms (created_at desc);
create index evidence_requests_open on evidence_requests (requested_at) where approved_at is null;
