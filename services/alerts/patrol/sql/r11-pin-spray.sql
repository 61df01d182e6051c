-- R11 PIN_SPRAY: wrong PINs of many cards at one terminal within minutes. A finding is a terminal's day.
-- `cards` at a swipe: cards with a wrong PIN in the window that ends with it. `hitMs`: the first swipe at or after this
-- one, within the window, at which there are enough: this one is part of that.
WITH
    -- Keys that persons had before, and the newest of each.
    (SELECT (groupArray(formerPersonKey), groupArray(personKey)) FROM person_keys) AS links,
    wrong AS
    (
        SELECT institutionId, terminalId, cardKey, transform(s.personKey, links.1, links.2, s.personKey) AS personKey,
            eventId, kind, originalEventId, occurredAt, t, tMs, day, partition, journalOffset
        FROM patrol_swipes AS s
        WHERE pin = 'wrong' AND NOT readError AND kind IN ('authorize', 'settle', 'pin-check')
            AND terminalId != '' AND cardKey != ''
    ),
    touched AS
    (
        SELECT DISTINCT institutionId, terminalId,
            arrayJoin([day, toDate(t + toIntervalMinute({windowMinutes:UInt32}))]) AS windowDay
        FROM wrong
        WHERE journalOffset >= {offsetMin:UInt64}
            AND journalOffset >= arrayElement({fromOffsets:Array(UInt64)}, partition + 1)
            AND journalOffset < arrayElement({toOffsets:Array(UInt64)}, partition + 1)
    ),
    (SELECT toDateTime(minOrNull(windowDay) - 1, 'Asia/Shanghai') FROM touched) AS since,
    naming AS
    (
        SELECT personKey, eventId, originalEventId, tMs
        FROM wrong
        WHERE kind = 'settle' AND originalEventId != '' AND occurredAt >= since
    ),
    -- Settles that name an authorize of the same person of the last 24 hours: its PIN was counted there.
    linked AS
    (
        SELECT n.personKey, n.eventId
        FROM naming AS n
        INNER JOIN
        (
            SELECT transform(s.personKey, links.1, links.2, s.personKey) AS personKey, eventId, tMs
            FROM patrol_swipes AS s
            WHERE kind = 'authorize' AND occurredAt >= since - toIntervalDay(1)
                AND (personKey, eventId) IN (SELECT personKey, originalEventId FROM naming)
        ) AS a ON a.personKey = n.personKey AND a.eventId = n.originalEventId
        WHERE n.tMs - a.tMs BETWEEN 0 AND 86400000
    ),
    counted AS
    (
        SELECT *, uniqExact(cardKey) OVER (PARTITION BY institutionId, terminalId ORDER BY tMs
            RANGE BETWEEN {windowMs:Int64} PRECEDING AND CURRENT ROW) AS cards
        FROM wrong
        WHERE (institutionId, terminalId) IN (SELECT institutionId, terminalId FROM touched)
            AND occurredAt >= since AND (personKey, eventId) NOT IN (SELECT * FROM linked)
            AND day <= (SELECT maxOrNull(windowDay) FROM touched)
    ),
    marked AS
    (
        SELECT *, min(if(cards >= {cardsMin:UInt32}, tMs, 9223372036854775807)) OVER (PARTITION BY institutionId, terminalId
            ORDER BY tMs RANGE BETWEEN CURRENT ROW AND {windowMs:Int64} FOLLOWING) AS hitMs
        FROM counted
    )
SELECT 'terminal' AS subjectKind, concat(institutionId, '/', terminalId) AS subject, institutionId,
    toString(toDate(fromUnixTimestamp64Milli(hitMs, 'Asia/Shanghai'))) AS window,
    max(cards) AS cards, uniqExact(cardKey) AS cardsOfDay,
    uniqExact(personKey, eventId) AS evidenceCount,
    arraySlice(arraySort(groupUniqArray((tMs, eventId, personKey, cardKey, institutionId))), 1, {evidenceMax:UInt32}) AS evidence
FROM marked
WHERE hitMs < 9223372036854775807
    AND (institutionId, terminalId, toDate(fromUnixTimestamp64Milli(hitMs, 'Asia/Shanghai'))) IN (SELECT * FROM touched)
GROUP BY institutionId, terminalId, window
ORDER BY subject, window
