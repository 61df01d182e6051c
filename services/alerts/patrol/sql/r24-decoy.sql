-- R24 DECOY: any swipe of a decoy card, of any kind. A finding is a day of the card.
-- The whole day of the card is told, not only what is new in it.
WITH
    -- Keys that persons had before, and the newest of each.
    (SELECT (groupArray(formerPersonKey), groupArray(personKey)) FROM person_keys) AS links,
    swipes AS
    (
        SELECT institutionId, transform(s.personKey, links.1, links.2, s.personKey) AS personKey, cardKey,
            eventId, occurredAt, tMs, day, partition, journalOffset
        FROM patrol_swipes AS s
        WHERE cardKey IN {decoyCards:Array(String)}
    ),
    touched AS
    (
        SELECT DISTINCT cardKey, day
        FROM swipes
        WHERE journalOffset >= {offsetMin:UInt64}
            AND journalOffset >= arrayElement({fromOffsets:Array(UInt64)}, partition + 1)
            AND journalOffset < arrayElement({toOffsets:Array(UInt64)}, partition + 1)
    )
SELECT 'card' AS subjectKind, cardKey AS subject, argMax(s.institutionId, tMs) AS institutionId, toString(day) AS window,
    uniqExact(personKey, eventId) AS swipes, uniqExact(s.institutionId) AS institutions, swipes AS evidenceCount,
    arraySlice(arraySort(groupUniqArray((tMs, eventId, personKey, cardKey, s.institutionId))), 1, {evidenceMax:UInt32}) AS evidence
FROM swipes AS s
WHERE (cardKey, day) IN (SELECT * FROM touched)
    AND occurredAt >= (SELECT toDateTime(minOrNull(day), 'Asia/Shanghai') FROM touched)
GROUP BY cardKey, day
ORDER BY subject, window
