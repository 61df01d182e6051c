/**
 * An evidence package: a BagIt bag (RFC 8493) in a ZIP without compression. docs/evidence.md says what each file is for and
 * what proves it.
 */
import * as z from "zod";
import { ACTIONS, eventId, instant, SEVERITIES, token } from "../fields.js";
import { institution } from "../institution.js";
import { sha256 } from "../journal.js";
import { personProof } from "./day-proof.js";

export const PACKAGE_FORMAT = 1;

/** Names within the bag. */
export const PackageFile = {
  /** What the package is about (`caseFile`). */
  CASE: "data/case.json",
  /** The person's journal records, as lines (lines.ts). */
  JOURNAL: "data/journal.ndjson",
  OUTCOMES: "data/outcomes.ndjson",
  /** Records of the partition that its judgements need: activations, bootstrap, heartbeats; lines as of the journal. */
  CONTEXT: "data/context.ndjson",
  /** The person's record behind which the range begins (`checkpointFile`); only where it does not begin with the journal. */
  CHECKPOINT: "data/checkpoint.json",
  /** Day proofs of the range with the person's place in each (`proofLine`). */
  PROOFS: "data/proofs.ndjson",
  /** What judged (`releaseFile`). */
  RELEASE: "data/release.json",
  CUSTODY: "data/custody.ndjson",
  TRANSACTIONS: "data/transactions.csv",
  TIMELINE: "data/timeline.csv",
  PIN_ATTEMPTS: "data/pin-attempts.csv",
  INSTITUTIONS: "data/institutions.csv",
  MAP: "data/map.svg",
  REPORT: "data/report.pdf",
  POLICE_STATEMENT: "data/police-statement.pdf",
  APPEAL_APPLICATION: "data/appeal-application.pdf",
  CLUES: "data/clues.json",
  AUDIT_RESULTS: "data/alerts-3101.ndjson",
  /** 电子数据清单: of every file above. */
  DATA_LIST: "data/electronic-data-list.csv",
} as const;
export type PackageFile = (typeof PackageFile)[keyof typeof PackageFile];

/** Bundles by content hash. */
export function bundleFile(hash: string): string {
  return `data/bundles/${hash}.json`;
}

/** How to reach the holder, as the package may show it: masked (王*, 138****0000), or plain after a second person agreed. */
export const shownHolder = z.object({ name: z.string(), phone: z.string(), idNumberTail: z.string() });

export const caseAlert = z.object({
  alertId: z.string(),
  eventId,
  occurredAt: instant.nullable(),
  action: z.enum(ACTIONS),
  severity: z.enum(SEVERITIES),
  rules: z.array(z.string()),
  disputed: z.boolean(),
  state: z.enum(["standing", "replaced", "withdrawn"]),
  atRiskFen: z.number().int().nullable(),
});

export const caseSms = z.object({
  smsId: z.string(),
  situation: z.string(),
  text: z.string(),
  status: z.string(),
  createdAt: instant,
});

/** An institution as the register knows it; of one it does not know there is its id and what the swipes say. */
export const caseInstitution = institution.partial({ name: true, kind: true });

export const caseFile = z.object({
  product: z.literal("kadun-evidence"),
  format: z.literal(PACKAGE_FORMAT),
  caseId: z.string(),
  personKey: token,
  partition: z.number().int().min(0),
  isMasked: z.boolean(),
  /** null where no contact is known, or it was erased. */
  holder: shownHolder.nullable(),
  openedAt: instant,
  /** Journal offsets [fromOffset, endOffset) of the partition, and the days of Shanghai they lie in. */
  range: z.object({
    fromOffset: z.number().int().min(0),
    endOffset: z.number().int().min(0),
    fromDay: z.string(),
    toDay: z.string(),
  }),
  /** When this package was first made; the same again later. */
  madeAt: instant,
  madeBy: z.string(),
  alerts: z.array(caseAlert),
  sms: z.array(caseSms),
  institutions: z.array(caseInstitution),
});

export const checkpointFile = z.object({
  partition: z.number().int().min(0),
  /** Offset of the last journal record that it includes. */
  position: z.number().int().min(0),
  /** SHA-256 of the archive's segment it stands behind. */
  segmentSha256: sha256,
  /** The person's record, sealed, base64; null where the person was not known yet. */
  personRecord: z.base64().nullable(),
  personRecordSha256: sha256.nullable(),
  /** The detector's partition record, base64. */
  state: z.base64(),
});

/** A line of the proofs: the day proof as it was published, and the person's place in it. */
export const proofLine = z.object({ dayProof: z.string(), person: personProof });

export const releaseFile = z.object({
  version: z.string(),
  engineVersions: z.array(z.string()),
  /** SHA-256 over the lines `SHA256  NAME` of the program's files, sorted by name. */
  releaseSha256: sha256,
  files: z.number().int().min(1),
});

/** A clue (线索) as case systems of bureaus import it. */
export const clue = z.object({
  suspectName: z.string(),
  suspectType: z.enum(["PROVIDER", "INDIVIDUAL"]),
  content: z.string(),
});

export type CaseFile = z.infer<typeof caseFile>;
export type CaseAlert = z.infer<typeof caseAlert>;
export type CaseSms = z.infer<typeof caseSms>;
export type CaseInstitution = z.infer<typeof caseInstitution>;
export type ShownHolder = z.infer<typeof shownHolder>;
export type ProofLine = z.infer<typeof proofLine>;
export type CheckpointFile = z.infer<typeof checkpointFile>;
export type ReleaseFile = z.infer<typeof releaseFile>;
export type Clue = z.infer<typeof clue>;
