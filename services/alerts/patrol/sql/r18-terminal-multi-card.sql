-- R18 TERMINAL_MULTI_CARD: many persons at one terminal or operator within minutes, some with equal baskets; or a day far
-- above its own. A finding is a day of the terminal or operator; both clauses may have found it.
-- Persons at night (which may go over midnight) count double. Counted are settles that were not cancelled or reversed.
-- Hashes of 64 bits (`placeHash`, `person`, `basket`) stand for the texts: they sort and count in a fraction of the time.
WITH
    -- Keys that persons had before, and the newest of each.
    (SELECT (groupArray(formerPersonKey), groupArray(personKey)) FROM person_keys) AS links,
    touched AS
    (
        SELECT DISTINCT sipHash64(place.1, institutionId, place.2) AS placeHash,
            arrayJoin([day, toDate(t + toIntervalMinute({windowMinutes:UInt32}))]) AS windowDay
        FROM
        (
            SELECT institutionId, terminalId, operatorId, t, day
            FROM patrol_swipes
            WHERE kind = 'settle' AND journalOffset >= {offsetMin:UInt64}
                AND journalOffset >= arrayElement({fromOffsets:Array(UInt64)}, partition + 1)
                AND journalOffset < arrayElement({toOffsets:Array(UInt64)}, partition + 1)
        )
        ARRAY JOIN [('terminal', terminalId), ('operator', operatorId)] AS place
        WHERE place.2 != ''
    ),
    (SELECT toDateTime(minOrNull(windowDay) - 1, 'Asia/Shanghai') FROM touched) AS nearSince,
    (SELECT maxOrNull(windowDay) FROM touched) AS nearUntil,
    cancelled AS
    (
        SELECT transform(s.personKey, links.1, links.2, s.personKey) AS personKey, originalEventId
        FROM patrol_swipes AS s
        WHERE kind IN ('cancel', 'reverse') AND originalEventId != ''
            AND occurredAt >= nearSince - toIntervalDay({historyDays:UInt16})
    ),
    near AS
    (
        SELECT place.1 AS placeKind, place.2 AS placeId, institutionId, sipHash64(placeKind, institutionId, placeId) AS placeHash,
            sipHash64(personKey) AS person, if(basketKey = '', 0, sipHash64(basketKey)) AS basket, personKey, cardKey, eventId,
            tMs, day, isNight
        FROM
        (
            SELECT institutionId, terminalId, operatorId, transform(s.personKey, links.1, links.2, s.personKey) AS personKey,
                cardKey, eventId, basketKey, tMs, day,
                if({nightFromHour:UInt8} < {nightToHour:UInt8},
                    toHour(t) >= {nightFromHour:UInt8} AND toHour(t) < {nightToHour:UInt8},
                    toHour(t) >= {nightFromHour:UInt8} OR toHour(t) < {nightToHour:UInt8}) AS isNight
            FROM patrol_swipes AS s
            WHERE kind = 'settle' AND occurredAt >= nearSince AND day <= nearUntil
                AND (personKey, eventId) NOT IN (SELECT * FROM cancelled)
        )
        ARRAY JOIN [('terminal', terminalId), ('operator', operatorId)] AS place
        WHERE place.2 != '' AND placeHash IN (SELECT placeHash FROM touched)
    ),
    -- Places at which enough persons had one basket within the window: few, and only there the windows are looked into.
    repeatedBaskets AS
    (
        SELECT placeHash, basket
        FROM near
        WHERE basket != 0
        GROUP BY placeHash, basket
        HAVING count() >= {equalBasketsMin:UInt32}
    ),
    alike AS
    (
        SELECT DISTINCT placeHash
        FROM
        (
            SELECT placeHash, uniqExact(person) OVER (PARTITION BY placeHash, basket ORDER BY tMs
                RANGE BETWEEN {windowMs:Int64} PRECEDING AND CURRENT ROW) AS persons
            FROM near
            WHERE (placeHash, basket) IN (SELECT * FROM repeatedBaskets)
        )
        WHERE persons >= {equalBasketsMin:UInt32}
    ),
    counted AS
    (
        SELECT *, uniqExact(person) OVER burst + ({nightWeight:UInt8} - 1) * uniqExactIf(person, isNight) OVER burst AS persons,
            groupArray(500)((basket, person)) OVER burst AS baskets,
            arrayMax(arrayMap(one -> arrayUniq(arrayFilter(held -> held.1 = one, baskets)),
                arrayDistinct(arrayMap(held -> held.1, arrayFilter(held -> held.1 != 0, baskets))))) AS equalBaskets
        FROM near
        WHERE placeHash IN (SELECT * FROM alike)
        WINDOW burst AS (PARTITION BY placeHash ORDER BY tMs RANGE BETWEEN {windowMs:Int64} PRECEDING AND CURRENT ROW)
    ),
    bursts AS
    (
        SELECT *, persons >= {personsMin:UInt32} AND equalBaskets >= {equalBasketsMin:UInt32} AS isHit,
            min(if(isHit, tMs, 9223372036854775807)) OVER (PARTITION BY placeHash ORDER BY tMs
            RANGE BETWEEN CURRENT ROW AND {windowMs:Int64} FOLLOWING) AS hitMs
        FROM counted
    ),
    crowded AS
    (
        SELECT placeHash, day, uniqExact(person) + ({nightWeight:UInt8} - 1) * uniqExactIf(person, isNight) AS dayPersons
        FROM near
        WHERE (placeHash, day) IN (SELECT * FROM touched)
        GROUP BY placeHash, day
        HAVING dayPersons >= {dayPersonsMin:UInt32}
    ),
    history AS
    (
        SELECT sipHash64(place.1, institutionId, place.2) AS placeHash, day AS pastDay,
            uniqExact(personKey) + ({nightWeight:UInt8} - 1) * uniqExactIf(personKey, isNight) AS pastPersons
        FROM
        (
            SELECT institutionId, terminalId, operatorId, transform(s.personKey, links.1, links.2, s.personKey) AS personKey,
                eventId, day,
                if({nightFromHour:UInt8} < {nightToHour:UInt8},
                    toHour(t) >= {nightFromHour:UInt8} AND toHour(t) < {nightToHour:UInt8},
                    toHour(t) >= {nightFromHour:UInt8} OR toHour(t) < {nightToHour:UInt8}) AS isNight
            FROM patrol_swipes AS s
            WHERE kind = 'settle'
                AND occurredAt >= (SELECT toDateTime(minOrNull(day) - {historyDays:UInt16}, 'Asia/Shanghai') FROM crowded)
                AND day <= nearUntil AND (personKey, eventId) NOT IN (SELECT * FROM cancelled)
        )
        ARRAY JOIN [('terminal', terminalId), ('operator', operatorId)] AS place
        WHERE placeHash IN (SELECT placeHash FROM crowded)
        GROUP BY placeHash, pastDay
    ),
    outsized AS
    (
        SELECT placeHash, day, any(dayPersons) AS personsOfDay, quantileExactInclusive(0.5)(pastPersons) AS medianPersons
        FROM crowded
        INNER JOIN history USING (placeHash)
        WHERE pastDay < day AND pastDay >= day - {historyDays:UInt16}
        GROUP BY placeHash, day
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
        AND (placeHash, toDate(fromUnixTimestamp64Milli(hitMs, 'Asia/Shanghai'))) IN (SELECT * FROM touched)
    UNION ALL
    SELECT placeKind, institutionId, placeId, day AS windowDay, 0 AS foundPersons, 0 AS foundBaskets,
        personsOfDay AS foundDayPersons, medianPersons AS foundMedian, personKey, eventId, cardKey, tMs
    FROM near
    INNER JOIN outsized USING (placeHash, day)
)
GROUP BY placeKind, institutionId, placeId, windowDay
ORDER BY subjectKind, subject, window
