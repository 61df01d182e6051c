-- R18 TERMINAL_MULTI_CARD: many persons at one terminal or operator within minutes, some with equal baskets; or a day far
-- above its own. A finding is a day of the terminal or operator; both clauses may have found it.
-- Persons at night count double. Counted are settles that were not cancelled or reversed.
WITH
    settles AS
    (
        SELECT place.1 AS placeKind, place.2 AS placeId, institutionId, personKey, cardKey, eventId, basketKey, occurredAt, t,
            tMs, day, partition, journalOffset,
            toHour(t) >= {nightFromHour:UInt8} AND toHour(t) < {nightToHour:UInt8} AS isNight
        FROM patrol_swipes
        ARRAY JOIN [('terminal', terminalId), ('operator', operatorId)] AS place
        WHERE kind = 'settle' AND place.2 != ''
    ),
    touched AS
    (
        SELECT DISTINCT placeKind, institutionId, placeId,
            arrayJoin([day, toDate(t + toIntervalMinute({windowMinutes:UInt32}))]) AS windowDay
        FROM settles
        WHERE journalOffset >= {offsetMin:UInt64}
            AND journalOffset >= arrayElement({fromOffsets:Array(UInt64)}, partition + 1)
            AND journalOffset < arrayElement({toOffsets:Array(UInt64)}, partition + 1)
    ),
    cancelled AS
    (
        SELECT personKey, originalEventId
        FROM patrol_swipes
        WHERE kind IN ('cancel', 'reverse') AND originalEventId != ''
            AND occurredAt >= (SELECT toDateTime(minOrNull(windowDay) - 1 - {historyDays:UInt16}, 'Asia/Shanghai') FROM touched)
    ),
    near AS
    (
        SELECT *
        FROM settles
        WHERE (placeKind, institutionId, placeId) IN (SELECT placeKind, institutionId, placeId FROM touched)
            AND occurredAt >= (SELECT toDateTime(minOrNull(windowDay) - 1, 'Asia/Shanghai') FROM touched)
            AND (personKey, eventId) NOT IN (SELECT * FROM cancelled)
    ),
    -- Places at which enough persons had one basket: few, and only there the windows are looked into.
    alike AS
    (
        SELECT DISTINCT placeKind, institutionId, placeId
        FROM
        (
            SELECT placeKind, institutionId, placeId, uniqExact(personKey) OVER (PARTITION BY placeKind, institutionId, placeId,
                basketKey ORDER BY tMs RANGE BETWEEN {windowMs:Int64} PRECEDING AND CURRENT ROW) AS persons
            FROM near
            WHERE basketKey != ''
        )
        WHERE persons >= {equalBasketsMin:UInt32}
    ),
    counted AS
    (
        SELECT *, uniqExact(personKey) OVER burst + ({nightWeight:UInt8} - 1) * uniqExactIf(personKey, isNight) OVER burst AS persons,
            groupArray(500)((basketKey, personKey)) OVER burst AS baskets,
            arrayMax(arrayMap(basket -> arrayUniq(arrayFilter(held -> held.1 = basket, baskets)),
                arrayDistinct(arrayMap(held -> held.1, arrayFilter(held -> held.1 != '', baskets))))) AS equalBaskets
        FROM near
        WHERE (placeKind, institutionId, placeId) IN (SELECT * FROM alike)
        WINDOW burst AS (PARTITION BY placeKind, institutionId, placeId ORDER BY tMs
            RANGE BETWEEN {windowMs:Int64} PRECEDING AND CURRENT ROW)
    ),
    bursts AS
    (
        SELECT *, persons >= {personsMin:UInt32} AND equalBaskets >= {equalBasketsMin:UInt32} AS isHit,
            min(if(isHit, tMs, 9223372036854775807)) OVER (PARTITION BY placeKind, institutionId, placeId ORDER BY tMs
            RANGE BETWEEN CURRENT ROW AND {windowMs:Int64} FOLLOWING) AS hitMs
        FROM counted
    ),
    crowded AS
    (
        SELECT placeKind, institutionId, placeId, day,
            uniqExact(personKey) + ({nightWeight:UInt8} - 1) * uniqExactIf(personKey, isNight) AS dayPersons
        FROM near
        WHERE (placeKind, institutionId, placeId, day) IN (SELECT * FROM touched)
        GROUP BY placeKind, institutionId, placeId, day
        HAVING dayPersons >= {dayPersonsMin:UInt32}
    ),
    history AS
    (
        SELECT placeKind, institutionId, placeId, day AS pastDay,
            uniqExact(personKey) + ({nightWeight:UInt8} - 1) * uniqExactIf(personKey, isNight) AS pastPersons
        FROM settles
        WHERE (placeKind, institutionId, placeId) IN (SELECT placeKind, institutionId, placeId FROM crowded)
            AND occurredAt >= (SELECT toDateTime(minOrNull(day) - {historyDays:UInt16}, 'Asia/Shanghai') FROM crowded)
            AND (personKey, eventId) NOT IN (SELECT * FROM cancelled)
        GROUP BY placeKind, institutionId, placeId, pastDay
    ),
    outsized AS
    (
        SELECT placeKind, institutionId, placeId, day, any(dayPersons) AS personsOfDay,
            quantileExactInclusive(0.5)(pastPersons) AS medianPersons
        FROM crowded
        INNER JOIN history USING (placeKind, institutionId, placeId)
        WHERE pastDay < day AND pastDay >= day - {historyDays:UInt16}
        GROUP BY placeKind, institutionId, placeId, day
        HAVING uniqExact(pastDay) >= {historyDaysMin:UInt16} AND personsOfDay > {medianTimes:Float64} * medianPersons
    )
SELECT placeKind AS subjectKind, concat(institutionId, '/', placeId) AS subject, institutionId, toString(windowDay) AS window,
    max(foundPersons) AS persons, max(foundBaskets) AS equalBaskets, max(foundDayPersons) AS dayPersons,
    max(foundMedian) AS medianPersons, uniqExact(personKey, eventId) AS evidenceCount,
    arraySlice(arraySort(groupUniqArray((tMs, eventId, personKey, cardKey, institutionId))), 1, {evidenceMax:UInt32}) AS evidence
FROM
(
    SELECT placeKind, institutionId, placeId, toDate(fromUnixTimestamp64Milli(hitMs, 'Asia/Shanghai')) AS windowDay,
        if(isHit, persons, 0) AS foundPersons, if(isHit, equalBaskets, 0) AS foundBaskets, 0 AS foundDayPersons,
        toFloat64(0) AS foundMedian, personKey, eventId, cardKey, tMs
    FROM bursts
    WHERE hitMs < 9223372036854775807
        AND (placeKind, institutionId, placeId, toDate(fromUnixTimestamp64Milli(hitMs, 'Asia/Shanghai'))) IN (SELECT * FROM touched)
    UNION ALL
    SELECT placeKind, institutionId, placeId, day AS windowDay, 0 AS foundPersons, 0 AS foundBaskets,
        personsOfDay AS foundDayPersons, medianPersons AS foundMedian, personKey, eventId, cardKey, tMs
    FROM near
    INNER JOIN outsized USING (placeKind, institutionId, placeId, day)
)
GROUP BY placeKind, institutionId, placeId, windowDay
ORDER BY subjectKind, subject, window
