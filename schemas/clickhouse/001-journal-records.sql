-- The journal, a row a record, in the order of persons: what happened to one insured, for cases and evidence.
-- A row holds tokens, never a personal number. `body` is the record's JSON text as it is in the log.
-- Absent amounts and instants are NULL, absent texts '', absent flags false (`body` tells "no" from "not said").
CREATE TABLE IF NOT EXISTS journal_records
(
    partition UInt16 COMMENT 'partition of the journal',
    logOffset UInt64 COMMENT 'offset in that partition' CODEC(Delta, ZSTD(1)),
    journalOffset UInt64 ALIAS logOffset,
    sequence UInt32 ALIAS toUInt32(0),
    appendedAt DateTime64(3, 'Asia/Shanghai') COMMENT 'clock of the log' CODEC(Delta, ZSTD(1)),
    type LowCardinality(String) COMMENT 'swipe, card-status, person-fact, feedback, answer-given, heartbeat, activation, bootstrap',
    personKey String COMMENT 'token of the insured; empty for records of the whole partition',
    eventId String,
    occurredAt DateTime64(3, 'Asia/Shanghai') DEFAULT appendedAt COMMENT 'clock of the terminal' CODEC(Delta, ZSTD(1)),
    receivedAt Nullable(DateTime64(3, 'Asia/Shanghai')),

    cardKey String,
    cardTail LowCardinality(String),
    credential LowCardinality(String),

    kind LowCardinality(String) COMMENT 'of a swipe: authorize, settle, cancel, reverse, pin-check, query',
    insuredRegion LowCardinality(String),
    careRegion LowCardinality(String),
    institutionId String,
    institutionKind LowCardinality(String),
    institutionName String,
    chainId String,
    terminalId String,
    operatorId String,
    visitKind LowCardinality(String),
    totalFen UInt64,
    accountFen Nullable(UInt64),
    fundFen Nullable(UInt64),
    cashFen Nullable(UInt64),
    sharedAccountFen Nullable(UInt64),
    balanceBeforeFen Nullable(UInt64),
    balanceAfterFen Nullable(UInt64),
    pin LowCardinality(String),
    pinIsDefault Bool,
    pinIsBirthday Bool,
    readError Bool,
    emergency Bool,
    agentPurchase Bool,
    externalPrescription Bool,
    agentKey String,
    originalEventId String,
    challengeOf String,
    challengeResult LowCardinality(String),
    longitude Nullable(Float64),
    latitude Nullable(Float64),
    itemCodes Array(String),
    itemCount UInt16,
    listedFen UInt64 COMMENT 'sum of the items on the list of drugs that are resold',

    statusAction LowCardinality(String) COMMENT 'of a card-status',
    channel LowCardinality(String),
    region LowCardinality(String) COMMENT 'whose loss policy; of a person-fact, where to',
    reportedAt Nullable(DateTime64(3, 'Asia/Shanghai')),
    acceptedAt Nullable(DateTime64(3, 'Asia/Shanghai')),
    effectiveAt Nullable(DateTime64(3, 'Asia/Shanghai')),
    expiresAt Nullable(DateTime64(3, 'Asia/Shanghai')),
    untilAt Nullable(DateTime64(3, 'Asia/Shanghai')),
    newCardKey String,
    verified Bool,

    fact LowCardinality(String) COMMENT 'of a person-fact',
    filingKind LowCardinality(String),
    fromAt Nullable(DateTime64(3, 'Asia/Shanghai')),
    toAt Nullable(DateTime64(3, 'Asia/Shanghai')),

    rule LowCardinality(String) COMMENT 'of a feedback',
    verdict LowCardinality(String),

    answerAction Enum8('none' = 0, 'approve' = 1, 'review' = 2, 'challenge' = 3, 'reject' = 4) COMMENT 'of an answer-given',
    answerReason LowCardinality(String),

    feedId String COMMENT 'of a heartbeat',
    bundleHash LowCardinality(String) COMMENT 'of an activation',
    engineVersion LowCardinality(String),
    activationSequence UInt32,

    body String CODEC(ZSTD(3)),

    INDEX byOffset logOffset TYPE minmax GRANULARITY 1,
    INDEX byTime occurredAt TYPE minmax GRANULARITY 1,
    INDEX byInstitution institutionId TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX byEvent eventId TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(appendedAt)
ORDER BY (personKey, occurredAt, partition, logOffset)
-- The window serves a repeated insert of one block; fsync: what is counted as written survives a power cut.
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1,
    min_compressed_bytes_to_fsync_after_merge = 1;
