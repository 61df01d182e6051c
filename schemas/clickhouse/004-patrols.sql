-- What patrols read: each decision's trace codes and basket, and the time it was judged by.
-- Both columns come from the body, so that rows stored before this migration have them too.
ALTER TABLE outcomes ADD COLUMN IF NOT EXISTS traceKeys Array(String)
    DEFAULT if(type = 'decision' AND itemCount > 0,
        arrayFlatten(arrayMap(item -> JSONExtract(item, 'traceHashes', 'Array(String)'),
            JSONExtractArrayRaw(body, 'swipe', 'items'))),
        [])
    COMMENT 'hashes of the trace codes of all items';

-- Codes and amounts of all items, in any order; '' where there is no item or one has no code: such baskets equal none.
ALTER TABLE outcomes ADD COLUMN IF NOT EXISTS basketKey String
    DEFAULT if(type = 'decision' AND itemCount > 0 AND length(itemCodes) = itemCount,
        lower(hex(substring(SHA256(arrayStringConcat(arraySort(arrayMap(
            item -> concat(JSONExtractString(item, 'code'), ':', toString(JSONExtractUInt(item, 'amountFen'))),
            JSONExtractArrayRaw(body, 'swipe', 'items'))), '\n')), 1, 8))),
        '')
    COMMENT 'equal for baskets of the same items at the same amounts';

ALTER TABLE outcomes ADD INDEX IF NOT EXISTS byJournalOffset journalOffset TYPE minmax GRANULARITY 1;

-- A swipe as patrols see it. No FINAL: patrols count what is distinct (persons, cards, events), so that a row that lies
-- twice changes nothing. `t` is the judging time; of a clamped swipe, when it was received or judged.
-- `stoppingRules`: of the live rules that hit, those that by themselves asked for a challenge or a reject.
CREATE VIEW IF NOT EXISTS patrol_swipes AS
SELECT partition, journalOffset, personKey, eventId, cardKey, kind, occurredAt,
    if(clockClamped, least(ifNull(receivedAt, appendedAt), appendedAt), occurredAt) AS t,
    toUnixTimestamp64Milli(t) AS tMs, toDate(t) AS day, institutionId, institutionKind, terminalId, operatorId, careRegion,
    totalFen, pin, readError, agentKey, originalEventId, rules, traceKeys, basketKey,
    arrayFilter((rule, mode, answer) -> mode = 'live' AND answer IN ('challenge', 'reject'),
        reasons.rule, reasons.mode, reasons.action) AS stoppingRules
FROM outcomes
WHERE type = 'decision';
