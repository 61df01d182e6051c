-- What a phone call came to. Of tasks that were done before, nobody wrote down whether the person was reached: what is not
-- known to have been said counts as not said.
alter table sms_escalations add column outcome text check (outcome in ('reached', 'not-reached'));
update sms_escalations set outcome = 'not-reached' where done_at is not null;
alter table sms_escalations add check ((outcome is null) = (done_at is null));
