-- Parts of up to 64 MiB stay one file of all columns: above 10 MiB, the engine's default, a part of eighty columns is two
-- hundred files, and while blocks are merged into larger parts the making of them took a third of the processor time.
ALTER TABLE journal_records MODIFY SETTING min_bytes_for_wide_part = 67108864;

ALTER TABLE outcomes MODIFY SETTING min_bytes_for_wide_part = 67108864;
