-- R20X TRACE_CODE_OF_TWO: one trace code settled by two persons, neither settle cancelled or reversed.
-- A finding is the code, however often it turns up again. `trace` is the code's hash as the number that it is.
WITH
    -- Keys that persons had before, and the newest of each.
    (SELECT (groupArray(formerPersonKey), groupArray(personKey)) FROM person_keys) AS links,
    settles AS
    (
        SELECT arrayJoin(traceKeys) AS traceKey, reinterpretAsUInt64(unhex(traceKey)) AS trace, institutionId,
            transform(s.personKey, links.1, links.2, s.personKey) AS personKey, cardKey, eventId,
            occurredAt, t, tMs, partition, journalOffset
        FROM patrol_swipes AS s
        WHERE kind = 'settle' AND notEmpty(traceKeys)
    ),
    touched AS
    (
        SELECT trace, t
        FROM settles
        WHERE journalOffset >= {offsetMin:UInt64}
            AND journalOffset >= arrayElement({fromOffsets:Array(UInt64)}, partition + 1)
            AND journalOffset < arrayElement({toOffsets:Array(UInt64)}, partition + 1)
    ),
    shared AS
    (
        SELECT trace
        FROM settles
        WHERE trace IN (SELECT trace FROM touched)
            AND occurredAt >= (SELECT minOrNull(t) - toIntervalDay({windowDays:UInt16}) FROM touched)
        GROUP BY trace
        HAVING min(personKey) != max(personKey)
    ),
    cancelled AS
    (
        SELECT transform(s.personKey, links.1, links.2, s.personKey) AS personKey, originalEventId
        FROM patrol_swipes AS s
        WHERE kind IN ('cancel', 'reverse') AND originalEventId != ''
            AND personKey IN (SELECT personKey FROM settles WHERE trace IN (SELECT trace FROM shared))
    ),
    -- Where two persons are within the window, so are two neighbours in the order of time.
    neighbours AS
    (
        SELECT *, lagInFrame((personKey, tMs)) OVER later AS previous, leadInFrame((personKey, tMs)) OVER later AS following
        FROM settles
        WHERE trace IN (SELECT trace FROM shared) AND (personKey, eventId) NOT IN (SELECT * FROM cancelled)
        WINDOW later AS (PARTITION BY trace ORDER BY tMs, personKey, eventId
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
    )
SELECT 'trace-code' AS subjectKind, traceKey AS subject, argMax(n.institutionId, tMs) AS institutionId, 'ever' AS window,
    uniqExact(personKey) AS persons, uniqExact(n.institutionId) AS institutions,
    uniqExact(personKey, eventId) AS evidenceCount,
    arraySlice(arraySort(groupUniqArray((tMs, eventId, personKey, cardKey, n.institutionId))), 1, {evidenceMax:UInt32}) AS evidence
FROM neighbours AS n
WHERE (previous.1 != '' AND previous.1 != personKey AND tMs - previous.2 <= {windowMs:Int64})
    OR (following.1 != '' AND following.1 != personKey AND following.2 - tMs <= {windowMs:Int64})
GROUP BY traceKey
ORDER BY subject
