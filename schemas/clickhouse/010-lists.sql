-- Decisions in the order of time, and where an event lies: lists read as many rows as they show. Filled from `outcomes`
-- by ranges of offsets before the range's figures (services/analytics/figures-roller.ts): after a crash a row may come
-- again; it is one again when parts are merged, and queries show it once meanwhile. Tokens, never a personal number.

CREATE TABLE IF NOT EXISTS decision_list
(
    action Enum8('none' = 0, 'approve' = 1, 'review' = 2, 'challenge' = 3, 'reject' = 4) COMMENT 'first answer',
    at DateTime64(3, 'Asia/Shanghai') COMMENT 'time of the swipe' CODEC(Delta, ZSTD(1)),
    partition UInt16,
    journalOffset UInt64 CODEC(Delta, ZSTD(1)),
    sequence UInt32,
    eventId String CODEC(ZSTD(1)),
    personKey FixedString(16) COMMENT 'the token, from hexadecimal',
    otherDecisionId String COMMENT 'where it is not made of personKey and eventId',
    cardTail LowCardinality(String),
    kind LowCardinality(String),
    severity Enum8('none' = 0, 'low' = 1, 'medium' = 2, 'high' = 3, 'critical' = 4),
    rules Array(LowCardinality(String)) COMMENT 'live rules that hit',
    shadowRules Array(LowCardinality(String)),
    insuredRegion LowCardinality(String),
    careRegion LowCardinality(String),
    institutionId LowCardinality(String),
    institutionKind LowCardinality(String),
    institutionName LowCardinality(String),
    terminalId LowCardinality(String),
    operatorId LowCardinality(String),
    totalFen UInt64,
    atRiskFen UInt64,
    responseCode LowCardinality(String),
    bundleHash LowCardinality(String),
    engineVersion LowCardinality(String),
    disputed Bool,
    degraded Bool,
    clockClamped Bool
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (action, at, partition, journalOffset, sequence)
-- Rows are looked up one by one: a block of 64 KB, the engine's default, would be opened for each of a row's columns.
SETTINGS index_granularity = 256, min_compress_block_size = 4096, min_bytes_for_wide_part = 67108864;

CREATE TABLE IF NOT EXISTS event_places
(
    eventHash UInt64 COMMENT 'cityHash64 of the eventId',
    at DateTime64(3, 'Asia/Shanghai'),
    action Enum8('none' = 0, 'approve' = 1, 'review' = 2, 'challenge' = 3, 'reject' = 4),
    partition UInt16,
    journalOffset UInt64,
    sequence UInt32
)
ENGINE = ReplacingMergeTree
ORDER BY (eventHash, partition, journalOffset, sequence)
SETTINGS index_granularity = 128, min_bytes_for_wide_part = 67108864;

-- What the judge said of one person: reasons of the decisions in which a rule hit, revisions, transitions of cards,
-- and where it moved from and to. Few.
CREATE TABLE IF NOT EXISTS person_outcomes
(
    personKey FixedString(16),
    partition UInt16,
    journalOffset UInt64,
    sequence UInt32,
    type LowCardinality(String) COMMENT 'decision, revision, transition, person-moved, person-merged',
    appendedAt DateTime64(3, 'Asia/Shanghai'),
    body String COMMENT 'the outcome as the log has it' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (personKey, partition, journalOffset, sequence)
SETTINGS index_granularity = 256, min_bytes_for_wide_part = 67108864;

-- Who was stopped where: a hospital has millions of swipes, and few of these.
CREATE TABLE IF NOT EXISTS stopped_swipes
(
    institutionId String CODEC(ZSTD(1)),
    terminalId String CODEC(ZSTD(1)),
    at DateTime64(3, 'Asia/Shanghai'),
    partition UInt16,
    journalOffset UInt64,
    sequence UInt32,
    personKey FixedString(16),
    insuredRegion LowCardinality(String),
    careRegion LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (institutionId, terminalId, at, partition, journalOffset, sequence)
SETTINGS index_granularity = 256, min_bytes_for_wide_part = 67108864;
