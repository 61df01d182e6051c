-- What the console looks up: entries of the audit log by who, what, of what and when; findings by what they are of.

-- Parts of the line, read out of its text by the order in which lines are written: as they are escaped there, and null of a
-- line that is none (somebody changed it). The line stays what is hashed.
alter table audit_log
  add column at text generated always as (substring(line from '^\{"seq":[0-9]+,"at":"([^"]*)"')) stored,
  add column actor text generated always as
    (substring(line from '^\{"seq":[0-9]+,"at":"[^"]*","actor":"((?:[^"\\]|\\.)*)"')) stored,
  add column action text generated always as
    (substring(line from '^\{"seq":[0-9]+,"at":"[^"]*","actor":"(?:[^"\\]|\\.)*","action":"((?:[^"\\]|\\.)*)"')) stored,
  add column subject text generated always as
    (substring(line from
      '^\{"seq":[0-9]+,"at":"[^"]*","actor":"(?:[^"\\]|\\.)*","action":"(?:[^"\\]|\\.)*","subject":"((?:[^"\\]|\\.)*)"')) stored;
create index audit_log_at on audit_log (at collate "C", seq);
create index audit_log_of_actor on audit_log (actor, seq);
create index audit_log_of_action on audit_log (action, seq);
create index audit_log_of_subject on audit_log (subject, seq);

-- The ones that ingest refused: few, and somebody has to look.
create index journal_outbox_refused on journal_outbox (place) where status = 'refused';

-- Findings page by page, all of them and those of one kind or place.
drop index patrol_findings_latest;
create index patrol_findings_latest on patrol_findings (last_seen_at desc, finding_id desc);
create index patrol_findings_of_patrol on patrol_findings (patrol, last_seen_at desc, finding_id desc);
create index patrol_findings_of_severity on patrol_findings (severity, last_seen_at desc, finding_id desc);
create index patrol_findings_of_institution on patrol_findings (institution_id, last_seen_at desc, finding_id desc)
  where institution_id is not null;

-- Of one person, settled ones too.
create index reminders_of_person on reminders (person_key, due_at desc);
