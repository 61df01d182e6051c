-- A person's page reads one granule of each part of the journal, an institution's neighbours one of the outcomes: of 8192
-- rows, the engine's default, most are other people's. The granule of a table is fixed when it is made; parts keep theirs
-- and go over as they are (links, no copies); what is merged or written from now on is short. `kadun rebuild analytics`
-- makes all of them short.
-- Can be run again from any line: what is in `journal_records` and `outcomes` is whole before and after each EXCHANGE.
DROP TABLE IF EXISTS journal_records_short SYNC;

CREATE TABLE journal_records_short AS journal_records
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(appendedAt)
ORDER BY (personKey, occurredAt, partition, logOffset)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000, fsync_after_insert = 1,
    fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1, min_bytes_for_wide_part = 67108864;

ALTER TABLE journal_records_short ATTACH PARTITION ALL FROM journal_records;

EXCHANGE TABLES journal_records AND journal_records_short;

DROP TABLE journal_records_short SYNC;

DROP TABLE IF EXISTS outcomes_short SYNC;

CREATE TABLE outcomes_short AS outcomes
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(appendedAt)
ORDER BY (institutionId, occurredAt, partition, journalOffset, sequence)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000, fsync_after_insert = 1,
    fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1, min_bytes_for_wide_part = 67108864;

ALTER TABLE outcomes_short ATTACH PARTITION ALL FROM outcomes;

EXCHANGE TABLES outcomes AND outcomes_short;

DROP TABLE outcomes_short SYNC;
