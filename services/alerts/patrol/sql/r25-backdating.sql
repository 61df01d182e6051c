-- R25 BACKDATING: a terminal whose swipes of a day come in late, too many of them. A finding is a terminal's day.
-- A day is looked at when it is over: `clockMs` (the latest arrival stored) is `lateMinutes` behind its end, so that only
-- late swipes can still come. Then all terminals of the day are, and later those of which more of that day comes in.
-- A repeated message counts by its first arrival.
WITH
    -- Keys that persons had before, and the newest of each.
    (SELECT (groupArray(formerPersonKey), groupArray(personKey)) FROM person_keys) AS links,
    swipes AS
    (
        SELECT institutionId, terminalId, toDate(occurredAt) AS day, transform(s.personKey, links.1, links.2, s.personKey) AS personKey,
            cardKey, eventId, occurredAt, appendedAt, partition, logOffset,
            toUnixTimestamp64Milli(occurredAt) AS tMs,
            toUnixTimestamp64Milli(least(ifNull(receivedAt, appendedAt), appendedAt)) AS arrivedMs
        FROM journal_records AS s
        WHERE type = 'swipe' AND terminalId != ''
    ),
    touched AS
    (
        SELECT DISTINCT institutionId, terminalId, day,
            1000 * toInt64(toUnixTimestamp(toDateTime(day + 1, 'Asia/Shanghai'))) + {lateMs:Int64} AS overMs
        FROM swipes
        WHERE overMs <= {clockMs:Int64} AND
        (
            (logOffset >= {offsetMin:UInt64}
                AND logOffset >= arrayElement({fromOffsets:Array(UInt64)}, partition + 1)
                AND logOffset < arrayElement({toOffsets:Array(UInt64)}, partition + 1))
            OR ({clockBeforeMs:Int64} > 0 AND overMs > {clockBeforeMs:Int64}
                AND occurredAt >= fromUnixTimestamp64Milli({clockBeforeMs:Int64} - {lateMs:Int64} - 86400000, 'Asia/Shanghai'))
        )
    ),
    arrivals AS
    (
        SELECT institutionId, terminalId, day, personKey, eventId, any(cardKey) AS card, min(tMs) AS atMs,
            argMin(arrivedMs, (appendedAt, logOffset)) - atMs AS delayMs
        FROM swipes
        WHERE (institutionId, terminalId, day) IN (SELECT institutionId, terminalId, day FROM touched)
            AND occurredAt >= (SELECT toDateTime(minOrNull(day), 'Asia/Shanghai') FROM touched)
        GROUP BY institutionId, terminalId, day, personKey, eventId
    )
SELECT 'terminal' AS subjectKind, concat(institutionId, '/', terminalId) AS subject, institutionId, toString(day) AS window,
    countIf(delayMs > {lateMs:Int64}) AS late, count() AS swipes, late AS evidenceCount,
    arraySlice(arraySort(groupArrayIf((atMs, eventId, personKey, card, institutionId), delayMs > {lateMs:Int64})), 1,
        {evidenceMax:UInt32}) AS evidence
FROM arrivals
GROUP BY institutionId, terminalId, day
HAVING swipes >= {swipesMin:UInt32} AND late >= {lateMin:UInt32} AND late >= {lateShare:Float64} * swipes
ORDER BY subject, window
