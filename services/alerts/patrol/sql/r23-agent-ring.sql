-- R23 AGENT_RING: one agent settles for many persons who are no family of anybody. A finding is a month of the agent.
-- Unrelated: no `mutual-aid` fact of that person is valid at the swipe (the latest fact counts), and not the agent
-- herself. Counted are settles that were not cancelled or reversed. A window frame's length is at most 2^31: time is in
-- ticks of 20 ms. An agent who got another number is one agent, too: `formerSubjects` are the keys of before, under one of
-- which the same ring may have been found.
WITH
    -- Keys that persons had before, and the newest of each.
    (SELECT (groupArray(formerPersonKey), groupArray(personKey)) FROM person_keys) AS links,
    settles AS
    (
        SELECT transform(s.agentKey, links.1, links.2, s.agentKey) AS agentKey, institutionId,
            transform(s.personKey, links.1, links.2, s.personKey) AS personKey, cardKey, eventId,
            occurredAt, t, tMs, partition, journalOffset
        FROM patrol_swipes AS s
        WHERE kind = 'settle' AND s.agentKey != '' AND agentKey != personKey
    ),
    touched AS
    (
        SELECT DISTINCT agentKey,
            arrayJoin(arrayDistinct(arrayMap(later -> toStartOfMonth(t + toIntervalDay(later)), range({windowDays:UInt16} + 1)))) AS month
        FROM settles
        WHERE journalOffset >= {offsetMin:UInt64}
            AND journalOffset >= arrayElement({fromOffsets:Array(UInt64)}, partition + 1)
            AND journalOffset < arrayElement({toOffsets:Array(UInt64)}, partition + 1)
    ),
    cancelled AS
    (
        SELECT transform(s.personKey, links.1, links.2, s.personKey) AS personKey, originalEventId
        FROM patrol_swipes AS s
        WHERE kind IN ('cancel', 'reverse') AND originalEventId != ''
            AND occurredAt >= (SELECT toDateTime(minOrNull(month) - {windowDays:UInt16}, 'Asia/Shanghai') FROM touched)
    ),
    recent AS
    (
        SELECT *
        FROM settles
        WHERE agentKey IN (SELECT agentKey FROM touched)
            AND occurredAt >= (SELECT toDateTime(minOrNull(month) - {windowDays:UInt16}, 'Asia/Shanghai') FROM touched)
            AND (personKey, eventId) NOT IN (SELECT * FROM cancelled)
    ),
    families AS
    (
        -- Of the facts of a person's numbers the present one's own stands, and what came after the link; else the latest.
        SELECT transform(f.personKey, links.1, links.2, f.personKey) AS personKey,
            argMax((ifNull(fromAt, occurredAt), ifNull(toAt, toDateTime64('2299-12-31 00:00:00', 3, 'Asia/Shanghai'))),
                (personKey = f.personKey OR appendedAt > linkedAt, appendedAt, logOffset)) AS valid
        FROM journal_records AS f
        LEFT JOIN person_links AS l ON l.formerPersonKey = f.personKey
        WHERE type = 'person-fact' AND fact = 'mutual-aid' AND f.personKey IN
        (
            SELECT personKey FROM recent
            UNION ALL
            SELECT formerPersonKey FROM person_keys WHERE personKey IN (SELECT personKey FROM recent)
        )
        GROUP BY personKey
    ),
    counted AS
    (
        SELECT r.agentKey AS agentKey, r.institutionId AS institutionId, r.personKey AS personKey, r.cardKey AS cardKey,
            r.eventId AS eventId, r.tMs AS tMs, intDiv(r.tMs, 20) AS tick, uniqExact(personKey) OVER (PARTITION BY agentKey ORDER BY tick
            RANGE BETWEEN {windowTicks:Int64} PRECEDING AND CURRENT ROW) AS persons
        FROM recent AS r
        LEFT JOIN families AS f ON f.personKey = r.personKey
        WHERE NOT (f.personKey != '' AND r.t >= f.valid.1 AND r.t < f.valid.2)
    ),
    marked AS
    (
        SELECT *, min(if(persons >= {personsMin:UInt32}, tMs, 9223372036854775807)) OVER (PARTITION BY agentKey ORDER BY tick
            RANGE BETWEEN CURRENT ROW AND {windowTicks:Int64} FOLLOWING) AS hitMs
        FROM counted
    )
SELECT 'agent' AS subjectKind, agentKey AS subject, arrayFilter((former, key) -> key = agentKey, links.1, links.2) AS formerSubjects,
    argMax(m.institutionId, tMs) AS institutionId,
    formatDateTime(fromUnixTimestamp64Milli(hitMs, 'Asia/Shanghai'), '%Y-%m') AS window,
    max(m.persons) AS persons, uniqExact(m.institutionId) AS institutions, uniqExact(personKey, eventId) AS evidenceCount,
    arraySlice(arraySort(groupUniqArray((tMs, eventId, personKey, cardKey, m.institutionId))), 1, {evidenceMax:UInt32}) AS evidence
FROM marked AS m
WHERE hitMs < 9223372036854775807
    AND (agentKey, toStartOfMonth(fromUnixTimestamp64Milli(hitMs, 'Asia/Shanghai'))) IN (SELECT * FROM touched)
GROUP BY agentKey, window
ORDER BY subject, window
