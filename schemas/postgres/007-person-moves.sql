-- Persons of whose former key everything is applied: what their new key's partition says of it may follow.
create table person_moves (
  former_person_key text not null,
  -- eventId of the link.
  event_id text not null,
  primary key (former_person_key, event_id)
);
