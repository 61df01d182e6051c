-- What analysts, patrols and the console query. FINAL: should a row ever be there twice, it counts once.
CREATE VIEW IF NOT EXISTS swipes AS
SELECT partition, logOffset AS journalOffset, appendedAt, personKey, eventId, occurredAt, receivedAt, cardKey, cardTail,
    credential, kind, insuredRegion, careRegion, institutionId, institutionKind, institutionName, chainId, terminalId,
    operatorId, visitKind, totalFen, accountFen, fundFen, cashFen, sharedAccountFen, balanceBeforeFen, balanceAfterFen,
    pin, pinIsDefault, pinIsBirthday, readError, emergency, agentPurchase, externalPrescription, agentKey,
    originalEventId, challengeOf, challengeResult, longitude, latitude, itemCodes, itemCount, listedFen, body
FROM journal_records FINAL
WHERE type = 'swipe';

CREATE VIEW IF NOT EXISTS decisions AS
SELECT partition, journalOffset, sequence, logOffset, appendedAt, personKey, eventId, decisionId, cardTail, cardKey,
    credential, kind, action, responseCode, rules, shadowRules, severity, reasons.rule, reasons.version, reasons.mode,
    reasons.action, reasons.severity, reasons.code, disputed, degraded, clockClamped, bundleHash, engineVersion,
    occurredAt, receivedAt, insuredRegion, careRegion, institutionId, institutionKind, institutionName, chainId,
    terminalId, operatorId, visitKind, totalFen, accountFen, fundFen, cashFen, sharedAccountFen, balanceBeforeFen,
    balanceAfterFen, pin, pinIsDefault, pinIsBirthday, readError, emergency, agentPurchase, externalPrescription,
    agentKey, originalEventId, challengeOf, challengeResult, longitude, latitude, itemCodes, itemCount, listedFen, body
FROM outcomes FINAL
WHERE type = 'decision';

CREATE VIEW IF NOT EXISTS revisions AS
SELECT partition, journalOffset, sequence, logOffset, appendedAt, personKey, eventId, revisionId, decisionId, cardTail,
    action, rules, shadowRules, severity, reasons.rule, reasons.version, reasons.mode, reasons.action,
    reasons.severity, reasons.code, causedBy, disputed, bundleHash, body
FROM outcomes FINAL
WHERE type = 'revision';

CREATE VIEW IF NOT EXISTS transitions AS
SELECT partition, journalOffset, sequence, logOffset, appendedAt, personKey, eventId, cardTail, credential,
    statusAction, stateFrom, stateTo, applied, code, policyId, reportedAt, effectiveAt, expiresAtMin, expiresAtMax,
    calendarUncertain, bundleHash, body
FROM outcomes FINAL
WHERE type = 'transition';

CREATE VIEW IF NOT EXISTS duplicates AS
SELECT partition, journalOffset, sequence, logOffset, appendedAt, personKey, eventId, decisionId, action, responseCode, body
FROM outcomes FINAL
WHERE type = 'duplicate';

CREATE VIEW IF NOT EXISTS refusals AS
SELECT partition, journalOffset, sequence, logOffset, appendedAt, personKey, eventId, code, body
FROM outcomes FINAL
WHERE type = 'refused';

-- A decision with what its last revision made of it: the answer that counts today.
CREATE VIEW IF NOT EXISTS effective_decisions AS
SELECT d.partition AS partition, d.journalOffset AS journalOffset, d.personKey AS personKey, d.eventId AS eventId,
    d.decisionId AS decisionId, d.kind AS kind, d.occurredAt AS occurredAt, d.institutionId AS institutionId,
    d.institutionKind AS institutionKind, d.chainId AS chainId, d.terminalId AS terminalId,
    d.operatorId AS operatorId, d.insuredRegion AS insuredRegion, d.careRegion AS careRegion,
    d.totalFen AS totalFen, d.accountFen AS accountFen, d.pin AS pin, d.degraded AS degraded,
    d.action AS actionFirst, if(r.revisions = 0, d.action, r.action) AS action,
    if(r.revisions = 0, d.rules, r.rules) AS rules, if(r.revisions = 0, d.severity, r.severity) AS severity,
    if(r.revisions = 0, d.disputed, r.disputed) AS disputed, r.revisions AS revisions
FROM decisions AS d
LEFT JOIN
(
    SELECT decisionId, count() AS revisions, argMax(revisions.action, (journalOffset, sequence)) AS action,
        argMax(revisions.rules, (journalOffset, sequence)) AS rules,
        argMax(revisions.severity, (journalOffset, sequence)) AS severity,
        argMax(revisions.disputed, (journalOffset, sequence)) AS disputed
    FROM revisions
    GROUP BY decisionId
) AS r ON r.decisionId = d.decisionId;
