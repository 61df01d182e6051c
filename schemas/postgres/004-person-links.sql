-- Persons who got another key: cases and alerts of the former key stay where they are and are found by this.
create table person_links (
  former_person_key text not null,
  person_key text not null,
  -- eventId of the link.
  event_id text not null,
  primary key (former_person_key, person_key, event_id)
);
create index person_links_of_person on person_links (person_key);
