-- Records for the journal that people's work makes, kept until ingest has them.
create table journal_outbox (
  -- eventId of the record.
  record_id text primary key,
  place bigint generated always as identity unique,
  path text not null check (path in ('/v1/feedback', '/v1/holder-records')),
  -- As it is sent: one JSON object.
  body text not null,
  status text not null default 'pending' check (status in ('pending', 'stored', 'refused')),
  -- Why ingest refused it.
  refusal text,
  attempts integer not null default 0,
  check ((status = 'refused') = (refusal is not null))
);
create index journal_outbox_to_send on journal_outbox (place) where status = 'pending';
