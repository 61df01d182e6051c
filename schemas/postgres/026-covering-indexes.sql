-- Cases of an institution and of a card tail are found in the index alone: up to a thousand alerts lie anywhere in their table.
drop index alerts_of_institution;
create index alerts_of_institution on alerts (institution_id, occurred_at desc) include (case_id) where institution_id is not null;
drop index alerts_of_card_tail;
create index alerts_of_card_tail on alerts (card_tail, occurred_at desc) include (case_id) where card_tail is not null;
