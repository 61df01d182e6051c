-- Activations as the partitions answered them, and what drafts in shadow found (docs/decisions/0010).
ALTER TABLE journal_records ADD COLUMN IF NOT EXISTS shadowBundleHash LowCardinality(String)
    COMMENT 'of an activation: the draft in shadow';

ALTER TABLE outcomes ADD COLUMN IF NOT EXISTS shadowBundleHash LowCardinality(String)
    COMMENT 'of a decision: the draft that was asked beside it; of an activation that was taken: its draft in shadow';

ALTER TABLE outcomes ADD COLUMN IF NOT EXISTS activationSequence Nullable(UInt32)
    COMMENT 'of an activation that was taken or refused';

ALTER TABLE outcomes ADD COLUMN IF NOT EXISTS reasons.draft Array(Bool)
    COMMENT 'found by the draft in shadow';

-- What each partition said to each activation, once for every time that it was sent. `code` is empty where it was taken.
CREATE VIEW IF NOT EXISTS activations_answered AS
SELECT activationSequence, partition, journalOffset, appendedAt, type, code, bundleHash, shadowBundleHash, engineVersion
FROM outcomes FINAL
-- Rows without an institution lie together.
WHERE institutionId = '' AND type IN ('activated', 'refused') AND activationSequence IS NOT NULL;

-- Every rule that hit a swipe under a draft in shadow, live or by the draft, with what either asked for ('none': no hit).
-- A rule that is the same in both bundles is not asked twice: it has no hits by the draft, and stands as it is under it.
CREATE VIEW IF NOT EXISTS shadow_hits AS
SELECT shadowBundleHash, bundleHash, partition, journalOffset, appendedAt, personKey, eventId, decisionId, kind, occurredAt,
    insuredRegion, careRegion, institutionId, totalFen, action AS decided, hit.1 AS rule, hit.2 AS liveAction,
    hit.3 AS draftAction
FROM
(
    SELECT *, arrayJoin(arrayMap(
        name -> (name,
            arrayFirst((answer, rule, mode) -> rule = name AND mode = 'live',
                arrayPushBack(reasons.action, 'none'), arrayPushBack(reasons.rule, name), arrayPushBack(reasons.mode, 'live')),
            arrayFirst((answer, rule, draft) -> rule = name AND draft,
                arrayPushBack(reasons.action, 'none'), arrayPushBack(reasons.rule, name), arrayPushBack(reasons.draft, true))),
        arrayDistinct(arrayFilter((rule, mode, draft) -> rule != 'R00' AND (mode = 'live' OR draft),
            reasons.rule, reasons.mode, reasons.draft)))) AS hit
    FROM outcomes FINAL
    WHERE type = 'decision' AND shadowBundleHash != ''
);

-- A draft in shadow against the bundle in force, rule by rule.
CREATE VIEW IF NOT EXISTS shadow_comparison AS
SELECT shadowBundleHash, bundleHash, rule, countIf(liveAction != 'none') AS liveHits, countIf(draftAction != 'none') AS draftHits,
    countIf(liveAction != 'none' AND draftAction != 'none') AS bothHit,
    countIf(liveAction != 'none' AND draftAction != 'none' AND liveAction != draftAction) AS otherAction,
    countIf(draftAction IN ('challenge', 'reject')) AS draftStops, countIf(liveAction IN ('challenge', 'reject')) AS liveStops
FROM shadow_hits
GROUP BY shadowBundleHash, bundleHash, rule;
