-- R22 COMMON_POINT: cards that were later probed or drained and had been at one institution or operator in the days before,
-- far more of them than of all cards of that city. A finding is a month of the institution or operator.
-- A card is hit where one of `victimRules` asked for a challenge or a reject: a review alone is what honest people get too.
-- Looked at per day with a hit (`anchor`): victims are cards hit in the `windowDays` up to it, each by its first hit there;
-- what is to be expected is the share of the place among the cards seen in its city in twice as many days.
-- Hashes of 64 bits (`card`, `placeHash`) stand for the texts: they count in a fraction of the time and memory.
WITH
    -- Keys that persons had before, and the newest of each.
    (SELECT (groupArray(formerPersonKey), groupArray(personKey)) FROM person_keys) AS links,
    hits AS
    (
        SELECT sipHash64(cardKey) AS card, tMs, day, occurredAt, partition, journalOffset
        FROM patrol_swipes
        WHERE cardKey != '' AND hasAny(stoppingRules, {victimRules:Array(String)})
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
    (SELECT toDateTime(minOrNull(day) - 2 * {windowDays:UInt16}, 'Asia/Shanghai') FROM anchors) AS since,
    victims AS
    (
        SELECT arrayJoin(arrayFilter(a -> day <= a AND day > a - {windowDays:UInt16}, anchorDays)) AS anchor, card,
            min(tMs) AS hitMs
        FROM hits
        WHERE occurredAt >= since
        GROUP BY anchor, card
    ),
    visits AS
    (
        SELECT institutionId, operatorId, sipHash64(cardKey) AS card, cardKey,
            transform(s.personKey, links.1, links.2, s.personKey) AS personKey, eventId, tMs, day,
            multiIf(substring(careRegion, 1, 2) IN ('11', '12', '31', '50', '71', '81', '82'), substring(careRegion, 1, 2),
                substring(careRegion, 1, 4) IN ('4190', '4290', '4690', '6590'), careRegion,
                substring(careRegion, 1, 4)) AS city
        FROM patrol_swipes AS s
        WHERE cardKey != '' AND kind IN ('authorize', 'settle', 'pin-check', 'query') AND occurredAt >= since
            AND day <= arrayMax(anchorDays)
    ),
    before AS
    (
        SELECT anchor, place.1 AS placeKind, institutionId, place.2 AS placeId,
            sipHash64(placeKind, institutionId, placeId) AS placeHash, city, v.card AS card, cardKey, personKey, eventId, v.tMs AS tMs
        FROM (SELECT * FROM visits WHERE card IN (SELECT card FROM victims)) AS v
        INNER JOIN victims AS h ON h.card = v.card
        ARRAY JOIN [('institution', institutionId), ('operator', operatorId)] AS place
        WHERE place.2 != '' AND v.tMs < hitMs AND v.tMs >= hitMs - {windowMs:Int64}
    ),
    points AS
    (
        SELECT anchor, placeHash, city, uniqExact(card) AS cards
        FROM before
        GROUP BY anchor, placeHash, city
        HAVING cards >= {cardsMin:UInt32}
    ),
    cityVictims AS (SELECT anchor, city, uniqExact(card) AS victims FROM before GROUP BY anchor, city),
    pointCards AS
    (
        SELECT placeHash, city,
            arrayJoin(arrayFilter(a -> day <= a AND day > a - 2 * {windowDays:UInt16}, anchorDays)) AS anchor,
            uniqExact(card) AS placeCards
        FROM
        (
            SELECT DISTINCT city, sipHash64(place.1, institutionId, place.2) AS placeHash, card, day
            FROM visits
            ARRAY JOIN [('institution', institutionId), ('operator', operatorId)] AS place
            WHERE placeHash IN (SELECT placeHash FROM points)
        )
        GROUP BY anchor, placeHash, city
    ),
    allCards AS
    (
        SELECT city, arrayJoin(arrayFilter(a -> day <= a AND day > a - 2 * {windowDays:UInt16}, anchorDays)) AS anchor,
            uniqExact(card) AS cityCards
        FROM (SELECT DISTINCT city, card, day FROM visits WHERE city IN (SELECT city FROM points))
        GROUP BY anchor, city
    ),
    uncommon AS
    (
        SELECT anchor, placeHash, city, cards, victims, placeCards, cityCards
        FROM points
        INNER JOIN cityVictims USING (anchor, city)
        INNER JOIN pointCards USING (anchor, placeHash, city)
        INNER JOIN allCards USING (anchor, city)
        WHERE cards * cityCards >= {shareTimes:Float64} * placeCards * victims
    )
SELECT placeKind AS subjectKind, if(placeKind = 'institution', placeId, concat(institutionId, '/', placeId)) AS subject,
    institutionId, formatDateTime(anchor, '%Y-%m') AS window, max(u.cards) AS cards, argMax(u.victims, u.cards) AS victims,
    argMax(u.placeCards, u.cards) AS placeCards, argMax(u.cityCards, u.cards) AS cityCards,
    uniqExact(b.personKey, b.eventId) AS evidenceCount,
    arraySlice(arraySort(groupUniqArray((b.tMs, b.eventId, b.personKey, b.cardKey, institutionId))), 1, {evidenceMax:UInt32}) AS evidence
FROM uncommon AS u
INNER JOIN before AS b USING (anchor, placeHash, city)
GROUP BY placeKind, institutionId, placeId, window
ORDER BY subjectKind, subject, window
