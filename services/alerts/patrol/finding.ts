/** A row of a patrol's result as a finding. Pure. */

import { createHash } from "node:crypto";
import * as z from "zod";
import type { Row } from "../../../platform/analytics/analytics-database.js";
import { storableText } from "../../../platform/database/database.js";
import type { PatrolId } from "../../../schemas/patrols.js";
import { type Bilingual, type Patrol, SUBJECT_KINDS, type SubjectKind } from "./patrol.js";

/** A swipe that a finding rests on; tokens, no identities. */
export interface EvidenceSwipe {
  readonly atMs: number;
  readonly eventId: string;
  readonly personKey: string;
  readonly cardKey: string;
  readonly institutionId: string;
}

export interface Finding {
  /** The same for the same patrol, subject and window. */
  readonly findingId: string;
  readonly patrol: PatrolId;
  readonly subjectKind: SubjectKind;
  readonly subject: string;
  /** Names that the subject had before: an agent's former keys. */
  readonly formerSubjects: readonly string[];
  readonly window: string;
  /** Null where the subject is not of one. */
  readonly institutionId: string | null;
  readonly facts: Readonly<Record<string, number>>;
  /** The earliest `EVIDENCE_MAX`, in order. */
  readonly evidence: readonly EvidenceSwipe[];
  readonly evidenceCount: number;
  /** Of facts, evidence and its count: says whether a finding found again says the same. */
  readonly evidenceSha256: string;
}

/** A page of a case; the query that is kept finds the others. */
export const EVIDENCE_MAX = 200;

const wholeNumber = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const common = z.object({
  subjectKind: z.enum(SUBJECT_KINDS),
  subject: z.string().min(1),
  formerSubjects: z.array(z.string()).default([]),
  window: z.string().min(1),
  institutionId: z.string(),
  evidenceCount: wholeNumber,
  evidence: z
    .array(z.tuple([wholeNumber, z.string(), z.string(), z.string(), z.string()]))
    .min(1)
    .max(EVIDENCE_MAX),
});
const fact = z.coerce.number().min(0);

/** @throws ZodError where the query returns something else: a mistake of the program. */
export function findingOf({ id, facts }: Patrol, row: Row): Finding {
  const { subjectKind, subject, formerSubjects, window, institutionId, evidence, evidenceCount } =
    common.parse(row);
  const said = {
    facts: Object.fromEntries(facts.map((name) => [name, fact.parse(row[name])])),
    evidence: evidence.map(([atMs, eventId, personKey, cardKey, at]) => ({
      atMs,
      eventId,
      personKey,
      cardKey,
      institutionId: at,
    })),
    evidenceCount,
  };
  return {
    findingId: `${id}-${hashOf([id, subjectKind, subject, window].join("\n")).slice(0, 16)}`,
    patrol: id,
    subjectKind,
    subject: storableText(subject),
    formerSubjects,
    window,
    institutionId: institutionId === "" ? null : storableText(institutionId),
    ...said,
    evidenceSha256: hashOf(JSON.stringify(said)),
  };
}

export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** What was found, in words: facts and settings in their places. */
export function findingText({ found }: Patrol, values: Readonly<Record<string, unknown>>): Bilingual {
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
  return { "zh-CN": filled(found["zh-CN"]), en: filled(found.en) };
}
