-- What people said of findings (feedback), beside what the rules found and stopped: precision, false blocks, cost.
-- Feedback names a person and a rule, not a swipe: the latest verdict counts for all that the rule found of that person.

-- The latest verdict on each rule and person, under the newest key of the person.
CREATE VIEW IF NOT EXISTS rule_verdicts AS
SELECT if(k.personKey = '', f.personKey, k.personKey) AS personKey, f.rule AS rule,
    argMax(f.verdict, (f.occurredAt, f.appendedAt, f.partition, f.logOffset)) AS verdict,
    max(f.occurredAt) AS saidAt
FROM
(
    SELECT personKey, rule, verdict, occurredAt, appendedAt, partition, logOffset
    FROM journal_records FINAL
    WHERE type = 'feedback'
) AS f
LEFT JOIN person_keys AS k ON k.formerPersonKey = f.personKey
GROUP BY personKey, rule;

-- Every finding of a live rule at a swipe, with what the rule asked for and the money of the swipe that is not cash.
-- R00 is no rule: it says that nothing was found.
CREATE VIEW IF NOT EXISTS rule_findings AS
SELECT d.partition AS partition, d.journalOffset AS journalOffset, d.appendedAt AS appendedAt, d.occurredAt AS occurredAt,
    if(k.personKey = '', d.personKey, k.personKey) AS personKey, d.eventId AS eventId, d.decisionId AS decisionId,
    d.kind AS kind, d.insuredRegion AS region, d.action AS decided, d.bundleHash AS bundleHash,
    d.hit.1 AS rule, d.hit.2 AS ruleAction, d.atRiskFen AS atRiskFen
FROM
(
    SELECT partition, journalOffset, appendedAt, occurredAt, personKey, eventId, decisionId, kind, insuredRegion, action,
        bundleHash, if(kind IN ('authorize', 'settle'), totalFen - least(totalFen, ifNull(cashFen, 0)), 0) AS atRiskFen,
        arrayJoin(arrayDistinct(arrayFilter(found -> found.1 != 'R00' AND found.3 = 'live',
            arrayZip(reasons.rule, reasons.action, reasons.mode)))) AS hit
    FROM outcomes FINAL
    WHERE type = 'decision'
) AS d
LEFT JOIN person_keys AS k ON k.formerPersonKey = d.personKey;

-- By rule and region of insurance. Stopped: the rule itself asked for a challenge or a rejection.
-- precision: of the people with a verdict, those confirmed; NULL where there is no verdict.
-- falseBlockRate: of what was stopped, what concerned people who were found honest; those without a verdict count as not
-- honest, so it is a lower bound. NULL where nothing was stopped.
-- challengesPerPreventedFen: challenges asked for each fen of confirmed fraud that was stopped; NULL where none was.
CREATE VIEW IF NOT EXISTS rule_precision AS
SELECT f.rule AS rule, f.region AS region, count() AS findings, uniqExact(f.personKey) AS people,
    uniqExactIf(f.personKey, v.verdict = 'confirmed') AS peopleConfirmed,
    uniqExactIf(f.personKey, v.verdict = 'honest') AS peopleHonest,
    if(peopleConfirmed + peopleHonest = 0, NULL, peopleConfirmed / (peopleConfirmed + peopleHonest)) AS precision,
    countIf(f.ruleAction = 'challenge') AS challenged, countIf(f.ruleAction = 'reject') AS rejected,
    countIf(f.ruleAction IN ('challenge', 'reject') AND v.verdict = 'honest') AS stoppedHonest,
    countIf(f.ruleAction IN ('challenge', 'reject') AND v.verdict = 'confirmed') AS stoppedConfirmed,
    if(challenged + rejected = 0, NULL, stoppedHonest / (challenged + rejected)) AS falseBlockRate,
    sumIf(f.atRiskFen, f.ruleAction IN ('challenge', 'reject') AND v.verdict = 'honest') AS honestStoppedFen,
    sumIf(f.atRiskFen, f.ruleAction IN ('challenge', 'reject') AND v.verdict = 'confirmed') AS preventedFen,
    if(preventedFen = 0, NULL, challenged / preventedFen) AS challengesPerPreventedFen
FROM rule_findings AS f
LEFT JOIN rule_verdicts AS v ON v.personKey = f.personKey AND v.rule = f.rule
GROUP BY f.rule, f.region;
