/** schemas/json/*.json: JSON Schema of every public shape, generated from the zod definitions. */

import * as z from "zod";
import { appealDeadlinesFile } from "../schemas/appeal-deadlines.js";
import { archiveFolder, checkpointHeader, manifestLine, segmentHeader } from "../schemas/archive.js";
import { backtestResult, gapsResult } from "../schemas/backtest.js";
import { adviceFile } from "../schemas/bundle/advice.js";
import { calendarFile } from "../schemas/bundle/calendar.js";
import { highResaleDrugsFile } from "../schemas/bundle/high-resale-drugs.js";
import { lossPoliciesFile } from "../schemas/bundle/loss-policies.js";
import { regionsFile } from "../schemas/bundle/regions.js";
import { responseCodesFile } from "../schemas/bundle/response-codes.js";
import { rulesetFile, rulesetOverlayFile } from "../schemas/bundle/ruleset.js";
import { custodyEntry } from "../schemas/evidence/custody.js";
import { dayProof } from "../schemas/evidence/day-proof.js";
import { publishedKeys } from "../schemas/evidence/keys.js";
import * as evidence from "../schemas/evidence/package.js";
import * as journal from "../schemas/journal.js";
import { lossFactsFile } from "../schemas/loss-facts.js";
import { nationalAppeal } from "../schemas/national/appeal-out.js";
import { auditResult } from "../schemas/national/audit-result.js";
import { replyEnvelope, requestEnvelope } from "../schemas/national/envelope.js";
import { REQUESTS } from "../schemas/national/requests.js";
import { reversalRequest } from "../schemas/national/reversal-out.js";
import * as outcomes from "../schemas/outcomes.js";
import { patrolsFile, patrolsOverlayFile } from "../schemas/patrols.js";
import { precisionReport } from "../schemas/precision.js";
import * as raw from "../schemas/raw.js";
import { smsTemplatesFile } from "../schemas/sms-templates.js";
import { statusCodesFile } from "../schemas/status-codes.js";

const SHAPES: Readonly<Record<string, z.ZodType>> = {
  "raw-swipe": raw.rawSwipe,
  "raw-card-status": raw.rawCardStatus,
  "raw-person-fact": raw.rawPersonFact,
  "raw-person-link": raw.rawPersonLink,
  "raw-heartbeat": raw.rawHeartbeat,
  "raw-feedback": raw.rawFeedback,
  "raw-answer-given": raw.rawAnswerGiven,
  "raw-activation": raw.rawActivation,
  "raw-bootstrap": raw.rawBootstrap,
  "journal-swipe": journal.canonicalSwipe,
  "journal-card-status": journal.canonicalCardStatus,
  "journal-person-fact": journal.canonicalPersonFact,
  "journal-person-link": journal.canonicalPersonLink,
  "journal-person-state": journal.canonicalPersonState,
  "journal-carried": journal.canonicalCarried,
  "journal-feedback": journal.canonicalFeedback,
  "journal-heartbeat": journal.canonicalHeartbeat,
  "journal-answer-given": journal.canonicalAnswerGiven,
  "journal-activation": journal.canonicalActivation,
  "journal-bootstrap": journal.canonicalBootstrap,
  "outcome-decision": outcomes.decision,
  "outcome-revision": outcomes.revision,
  "outcome-transition": outcomes.transition,
  "outcome-duplicate": outcomes.duplicate,
  "outcome-person-moved": outcomes.personMoved,
  "outcome-person-merged": outcomes.personMerged,
  "outcome-forwarded": outcomes.forwarded,
  "outcome-activated": outcomes.activated,
  "outcome-refused": outcomes.refused,
  "bundle-ruleset": rulesetFile,
  "bundle-ruleset-overlay": rulesetOverlayFile,
  "bundle-loss-policies": lossPoliciesFile,
  "bundle-calendar": calendarFile,
  "bundle-regions": regionsFile,
  "bundle-high-resale-drugs": highResaleDrugsFile,
  "bundle-response-codes": responseCodesFile,
  "bundle-advice": adviceFile,
  "loss-facts": lossFactsFile,
  "status-codes": statusCodesFile,
  "sms-templates": smsTemplatesFile,
  "appeal-deadlines": appealDeadlinesFile,
  "national-appeal": nationalAppeal,
  "national-reversal-request": reversalRequest,
  patrols: patrolsFile,
  "patrols-overlay": patrolsOverlayFile,
  "backtest-result": backtestResult,
  "gaps-result": gapsResult,
  "precision-report": precisionReport,
  "archive-folder": archiveFolder,
  "archive-manifest-line": manifestLine,
  "archive-segment-header": segmentHeader,
  "archive-checkpoint-header": checkpointHeader,
  "evidence-case": evidence.caseFile,
  "evidence-checkpoint": evidence.checkpointFile,
  "evidence-clue": evidence.clue,
  "evidence-custody-entry": custodyEntry,
  "evidence-day-proof": dayProof,
  "evidence-keys": publishedKeys,
  "evidence-proof-line": evidence.proofLine,
  "evidence-release": evidence.releaseFile,
  "national-request": requestEnvelope,
  "national-reply": replyEnvelope,
  "national-audit-result": auditResult,
  ...Object.fromEntries(Object.entries(REQUESTS).map(([infno, shape]) => [`national-${infno}`, shape])),
};

/** File name → content. */
export function jsonSchemas(): Map<string, string> {
  const files = new Map<string, string>();
  for (const [name, shape] of Object.entries(SHAPES)) {
    const schema = z.toJSONSchema(shape, { io: "input", unrepresentable: "any" });
    files.set(`${name}.json`, `${JSON.stringify({ title: `kadun ${name}`, ...schema }, null, 2)}\n`);
  }
  return files;
}
