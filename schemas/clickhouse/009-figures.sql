-- Sums that the console reads instead of rows: by hour and day, by rule and by institution. What they mean:
-- schemas/http/figures.ts. Filled from `outcomes` by ranges of offsets (services/analytics/figures-roller.ts): the sums of a
-- range and the note how far its partition is counted are one block, there as a whole or not at all.
-- Time of a swipe: the terminal's clock; of a clamped one, when it was received or judged. Answers are the first ones.
CREATE TABLE IF NOT EXISTS swipe_figures
(
    level Enum8('progress' = 0, 'hour' = 1, 'day' = 2, 'rule-hour' = 3, 'rule-day' = 4, 'institution-day' = 5,
        'institution-rule-day' = 6),
    bucket DateTime('Asia/Shanghai') COMMENT 'where the hour or day begins',
    institutionId String COMMENT 'of levels that begin with institution',
    insuredRegion LowCardinality(String) COMMENT 'not of levels of institutions: where they are is whose they are',
    careRegion LowCardinality(String),
    kind LowCardinality(String),
    institutionKind LowCardinality(String),
    rule LowCardinality(String) COMMENT 'of levels of rules',
    mode LowCardinality(String) COMMENT 'live or shadow',
    partition UInt16 COMMENT 'of progress',

    nextOffset SimpleAggregateFunction(max, UInt64) COMMENT 'of progress: outcomes before it are counted',
    institutionName SimpleAggregateFunction(max, String) COMMENT 'of levels that begin with institution',
    newestAt SimpleAggregateFunction(max, DateTime64(3, 'Asia/Shanghai')) COMMENT 'time of the newest swipe',
    swipes SimpleAggregateFunction(sum, UInt64),
    review SimpleAggregateFunction(sum, UInt64) COMMENT 'answers; of levels of rules, what the rule itself asked for',
    challenge SimpleAggregateFunction(sum, UInt64),
    reject SimpleAggregateFunction(sum, UInt64),
    atRiskFen SimpleAggregateFunction(sum, UInt64) COMMENT 'authorize and settle: what is not cash',
    reviewedFen SimpleAggregateFunction(sum, UInt64),
    challengedFen SimpleAggregateFunction(sum, UInt64),
    rejectedFen SimpleAggregateFunction(sum, UInt64)
)
ENGINE = AggregatingMergeTree
-- Not cut by months: a block has rows of several, and only within a cut an insert is whole.
ORDER BY (level, bucket, institutionId, insuredRegion, careRegion, kind, institutionKind, rule, mode, partition)
-- Short granules: most queries want few rows.
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1,
    min_compressed_bytes_to_fsync_after_merge = 1, min_bytes_for_wide_part = 67108864;
