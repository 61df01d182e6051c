-- The decisions log, a row an outcome, in the order of institutions: what patrols and supervision ask for.
-- All types share one table, so that a block is one insert and nothing can lie between two tables; the views of
-- 003-views.sql are what people query. A row holds tokens, never a personal number.
CREATE TABLE IF NOT EXISTS outcomes
(
    partition UInt16 COMMENT 'partition of the decisions log and of the journal',
    logOffset UInt64 COMMENT 'offset in the decisions log' CODEC(Delta, ZSTD(1)),
    journalOffset UInt64 COMMENT 'offset of the record that caused it' CODEC(Delta, ZSTD(1)),
    sequence UInt32 COMMENT 'among the outcomes of that record, from 0',
    appendedAt DateTime64(3, 'Asia/Shanghai') COMMENT 'clock of the log' CODEC(Delta, ZSTD(1)),
    type LowCardinality(String) COMMENT 'decision, revision, transition, duplicate, refused',
    personKey String COMMENT 'token of the insured',
    eventId String,
    cardTail LowCardinality(String),
    credential LowCardinality(String),
    occurredAt DateTime64(3, 'Asia/Shanghai') DEFAULT appendedAt
        COMMENT 'clock of the terminal; of outcomes that do not say it, the clock of the log' CODEC(Delta, ZSTD(1)),

    decisionId String,
    revisionId String,
    causedBy String COMMENT 'of a revision: the eventId that changed it',
    kind LowCardinality(String),
    action Enum8('none' = 0, 'approve' = 1, 'review' = 2, 'challenge' = 3, 'reject' = 4) COMMENT 'strongest last',
    responseCode LowCardinality(String),
    code LowCardinality(String) COMMENT 'of a transition that was not applied, of a refused record',
    rules Array(LowCardinality(String)) COMMENT 'live rules that hit',
    shadowRules Array(LowCardinality(String)),
    severity Enum8('none' = 0, 'low' = 1, 'medium' = 2, 'high' = 3, 'critical' = 4) COMMENT 'highest of the live rules',
    reasons Nested
    (
        rule LowCardinality(String),
        version UInt32,
        mode LowCardinality(String),
        action LowCardinality(String),
        severity LowCardinality(String),
        code LowCardinality(String)
    ),
    disputed Bool,
    degraded Bool,
    clockClamped Bool,
    bundleHash LowCardinality(String),
    engineVersion LowCardinality(String),

    receivedAt Nullable(DateTime64(3, 'Asia/Shanghai')),
    cardKey String,
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

    statusAction LowCardinality(String) COMMENT 'of a transition',
    stateFrom LowCardinality(String),
    stateTo LowCardinality(String),
    applied Bool,
    policyId LowCardinality(String),
    reportedAt Nullable(DateTime64(3, 'Asia/Shanghai')),
    effectiveAt Nullable(DateTime64(3, 'Asia/Shanghai')),
    expiresAtMin Nullable(DateTime64(3, 'Asia/Shanghai')),
    expiresAtMax Nullable(DateTime64(3, 'Asia/Shanghai')),
    calendarUncertain Bool,

    body String CODEC(ZSTD(3)),

    INDEX byOffset logOffset TYPE minmax GRANULARITY 1,
    INDEX byTime occurredAt TYPE minmax GRANULARITY 1,
    INDEX byPerson personKey TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX byEvent eventId TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX byDecision decisionId TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(appendedAt)
ORDER BY (institutionId, occurredAt, partition, journalOffset, sequence)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1,
    min_compressed_bytes_to_fsync_after_merge = 1;
