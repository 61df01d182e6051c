-- A person who got another number (docs/decisions/0009) is one person to patrols: all rows count under the newest key.
-- Which keys are one person is read from the outcomes, where each merge has its row: nothing is kept a second time that
-- could be torn from it, and rows stored before this migration count too. Rows themselves stay under the key of their log.

-- Each former key once, with the key that took it in last.
CREATE VIEW IF NOT EXISTS person_links AS
SELECT formerPersonKey, latest.4 AS personKey, latest.1 AS linkedAt
FROM
(
    SELECT JSONExtractString(body, 'formerPersonKey') AS formerPersonKey,
        max((appendedAt, outcomes.partition, outcomes.journalOffset, outcomes.personKey)) AS latest
    FROM outcomes
    -- Rows without an institution lie together.
    WHERE institutionId = '' AND type = 'person-merged'
    GROUP BY formerPersonKey
);

-- Each former key with the newest one of its person: each step doubles the links of a chain that are behind it, up to 64.
CREATE VIEW IF NOT EXISTS person_keys AS
WITH
    (SELECT (groupArray(formerPersonKey), groupArray(personKey)) FROM person_links) AS links,
    arrayMap(key -> transform(key, links.1, links.2, key), links.2) AS second,
    arrayMap(key -> transform(key, links.1, second, key), second) AS fourth,
    arrayMap(key -> transform(key, links.1, fourth, key), fourth) AS eighth,
    arrayMap(key -> transform(key, links.1, eighth, key), eighth) AS sixteenth,
    arrayMap(key -> transform(key, links.1, sixteenth, key), sixteenth) AS thirtySecond,
    arrayMap(key -> transform(key, links.1, thirtySecond, key), thirtySecond) AS newest
SELECT one.1 AS formerPersonKey, one.2 AS personKey
FROM (SELECT arrayJoin(arrayZip(links.1, newest)) AS one);
