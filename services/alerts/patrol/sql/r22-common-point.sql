-- R22 COMMON_POINT: cards that were later probed or drained and had been at one institution or operator in the days before,
-- far more of them than of all cards of that city. A finding is a month of the institution or operator.
-- Looked at per day with a hit (`anchor`): victims are cards hit in the `windowDays` up to it, each by its first hit there;
-- what is to be expected is the share of the place among the cards seen in its city in twice as many days.
WITH
    hits AS
    (
        SELECT cardKey, tMs, day, occurredAt, partition, journalOffset
        FROM patrol_swipes
        WHERE cardKey != '' AND hasAny(rules, {victimRules:Array(String)})
    ),
    touched AS
    (
        SELECT DISTINCT day
        FROM hits
        WHERE journalOffset >= {offsetMin:UInt64}
            AND journalOffset >= arrayElement({fromOffsets:Array(UInt64)}, partition + 1)
            AND journalOffset < arrayElement({toOffsets:Array(UInt64)}, partition + 1)
    ),
    anchors AS
    (
        SELECT DISTINCT day
        FROM hits
        WHERE day IN (SELECT arrayJoin(arrayMap(later -> day + later, range({windowDays:UInt16} + 1))) FROM touched)
            AND occurredAt >= (SELECT toDateTime(minOrNull(day), 'Asia/Shanghai') FROM touched)
    ),
    (SELECT groupArray(day) FROM anchors) AS anchorDays,
    victims AS
    (
        SELECT arrayJoin(arrayFilter(a -> day <= a AND day > a - {windowDays:UInt16}, anchorDays)) AS anchor, cardKey,
            min(tMs) AS hitMs
        FROM hits
        WHERE occurredAt >= (SELECT toDateTime(minOrNull(day) - {windowDays:UInt16}, 'Asia/Shanghai') FROM anchors)
        GROUP BY anchor, cardKey
    ),
    visits AS
    (
        SELECT place.1 AS placeKind, place.2 AS placeId, institutionId, cardKey, personKey, eventId, tMs, day,
            multiIf(substring(careRegion, 1, 2) IN ('11', '12', '31', '50', '71', '81', '82'), substring(careRegion, 1, 2),
                substring(careRegion, 1, 4) IN ('4190', '4290', '4690', '6590'), careRegion,
                substring(careRegion, 1, 4)) AS city
        FROM patrol_swipes
        ARRAY JOIN [('institution', institutionId), ('operator', operatorId)] AS place
        WHERE cardKey != '' AND place.2 != '' AND kind IN ('authorize', 'settle', 'pin-check', 'query')
            AND occurredAt >= (SELECT toDateTime(minOrNull(day) - 2 * {windowDays:UInt16}, 'Asia/Shanghai') FROM anchors)
    ),
    before AS
    (
        SELECT anchor, placeKind, institutionId, placeId, city, cardKey, personKey, eventId, tMs
        FROM visits
        INNER JOIN victims USING (cardKey)
        WHERE cardKey IN (SELECT cardKey FROM victims) AND tMs < hitMs AND tMs >= hitMs - {windowMs:Int64}
    ),
    points AS
    (
        SELECT anchor, placeKind, institutionId, placeId, city, uniqExact(cardKey) AS cards
        FROM before
        GROUP BY anchor, placeKind, institutionId, placeId, city
        HAVING cards >= {cardsMin:UInt32}
    ),
    cityVictims AS (SELECT anchor, city, uniqExact(cardKey) AS victims FROM before GROUP BY anchor, city),
    seen AS
    (
        SELECT DISTINCT city, placeKind, institutionId, placeId, cardKey, day
        FROM visits
        WHERE city IN (SELECT city FROM points)
    ),
    pointCards AS
    (
        SELECT placeKind, institutionId, placeId, city,
            arrayJoin(arrayFilter(a -> day <= a AND day > a - 2 * {windowDays:UInt16}, anchorDays)) AS anchor,
            uniqExact(cardKey) AS placeCards
        FROM seen
        WHERE (placeKind, institutionId, placeId) IN (SELECT placeKind, institutionId, placeId FROM points)
        GROUP BY anchor, placeKind, institutionId, placeId, city
    ),
    allCards AS
    (
        SELECT city, arrayJoin(arrayFilter(a -> day <= a AND day > a - 2 * {windowDays:UInt16}, anchorDays)) AS anchor,
            uniqExact(cardKey) AS cityCards
        FROM (SELECT DISTINCT city, cardKey, day FROM seen WHERE placeKind = 'institution')
        GROUP BY anchor, city
    ),
    uncommon AS
    (
        SELECT anchor, placeKind, institutionId, placeId, city, cards, victims, placeCards, cityCards
        FROM points
        INNER JOIN cityVictims USING (anchor, city)
        INNER JOIN pointCards USING (anchor, placeKind, institutionId, placeId, city)
        INNER JOIN allCards USING (anchor, city)
        WHERE cards * cityCards >= {shareTimes:Float64} * placeCards * victims
    )
SELECT placeKind AS subjectKind, if(placeKind = 'institution', placeId, concat(institutionId, '/', placeId)) AS subject,
    institutionId, formatDateTime(anchor, '%Y-%m') AS window, max(u.cards) AS cards, argMax(u.victims, u.cards) AS victims,
    argMax(u.placeCards, u.cards) AS placeCards, argMax(u.cityCards, u.cards) AS cityCards,
    uniqExact(b.personKey, b.eventId) AS evidenceCount,
    arraySlice(arraySort(groupUniqArray((b.tMs, b.eventId, b.personKey, b.cardKey, institutionId))), 1, {evidenceMax:UInt32}) AS evidence
FROM uncommon AS u
INNER JOIN before AS b USING (anchor, placeKind, institutionId, placeId, city)
GROUP BY placeKind, institutionId, placeId, window
ORDER BY subjectKind, subject, window
