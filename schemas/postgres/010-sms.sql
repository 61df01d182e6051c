-- The ledger of SMS becomes durable at every step: written down before the gateway is called, asked for where nobody knows,
-- receipts. What is in it is never made, and never sent, again, whatever is rebuilt.

alter table sms drop constraint sms_status_check;
alter table sms drop constraint sms_reason_check;
alter table sms drop constraint sms_text_check;
drop index sms_to_send;
update sms set status = 'queued' where status = 'pending';

alter table sms
  add constraint sms_status_check check
    (status in ('queued', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'no-contact', 'suppressed')),
  add constraint sms_reason_check check
    (reason in ('too-many', 'repeated', 'stale', 'expired', 'refused', 'undelivered', 'unanswered', 'interrupted')),
  -- Two pieces.
  add constraint sms_text_check check (char_length(text) <= 134),
  -- Only what an outcome made has a place in the journal; reminders, appeals and one-time codes have none.
  alter column journal_offset drop not null,
  alter column sequence drop not null,
  -- What the template's places are filled with, in their order.
  add column values jsonb,
  add column severity text not null default 'high' check (severity in ('low', 'medium', 'high', 'critical')),
  -- The same for what is one piece of news: card and family of rules.
  add column news_key text,
  -- Of queued ones: quiet hours, or a wait after a failure.
  add column not_before timestamptz,
  -- Of no use after it.
  add column expires_at timestamptz,
  -- Text and values are wiped when it is settled.
  add column is_secret boolean not null default false,
  -- How often the operator was asked what became of it.
  add column asks integer not null default 0,
  -- When it was last handed over.
  add column sending_at timestamptz,
  -- When it became delivered, failed, no-contact or suppressed by the sender or a receipt.
  add column settled_at timestamptz,
  -- Of sent and unknown ones: when the operator is asked next; null: not at all.
  add column check_at timestamptz,
  -- The operator's own id and code.
  add column provider_id text,
  add column provider_code text;
create index sms_to_send on sms ((expires_at is null), created_at, sms_id) where status = 'queued';
create index sms_under_way on sms (status) where status in ('sending', 'unknown');
create index sms_to_ask on sms (check_at) where check_at is not null;
create index sms_of_provider on sms (provider_id) where provider_id is not null;

-- Who is to be reached in another way: for the console.
create table sms_escalations (
  escalation_id text primary key,
  person_key text not null,
  kind text not null check (kind in ('phone-call')),
  -- One of those that did not arrive.
  sms_id text not null references sms,
  created_at timestamptz not null,
  done_at timestamptz,
  done_by text,
  check ((done_at is null) = (done_by is null))
);
create unique index sms_escalations_one_open on sms_escalations (person_key) where done_at is null;
