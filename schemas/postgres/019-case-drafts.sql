-- What analysts typed and have not sent, so that neither a restart nor a conflict loses it; and whose personal data was shown
-- to whom, and why. People's doings: a rebuild leaves both as they are.

create table case_drafts (
  case_id text not null,
  person text not null,
  -- Which text of the page.
  field text not null,
  text text not null check (char_length(text) between 1 and 4000),
  changed_at timestamptz not null,
  primary key (case_id, person, field)
);
create index case_drafts_by_age on case_drafts (changed_at);

create table case_unmaskings (
  -- Its entry in the audit log.
  audit_seq integer primary key,
  case_id text not null,
  person text not null,
  at timestamptz not null,
  reason text not null
);
create index case_unmaskings_of_case on case_unmaskings (case_id, at);
create index case_unmaskings_of_person on case_unmaskings (person, at);
