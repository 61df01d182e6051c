/** Evidence as every profile starts it: day proofs, packages, the desk behind `/v1/evidence`. */

import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { Kysely } from "kysely";
import type { OpenDatabase } from "../../platform/database/database.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import type { KeyValue } from "../../platform/key-value/key-value.js";
import { httpTimeStamp } from "../../platform/time-stamp/http/http-time-stamp.js";
import type { Admit } from "../../schemas/console/caller.js";
import type { CaseInstitution } from "../../schemas/evidence/package.js";
import { partitionOf, Topic } from "../../schemas/topics.js";
import { readCaseFacts } from "../../services/alerts/cases/case-facts.js";
import { seenCases } from "../../services/alerts/cases/seen-cases.js";
import type { People } from "../../services/bundles/people.js";
import { type BagOptions, writeBag } from "../../services/evidence/bag/write-bag.js";
import { DayProofError } from "../../services/evidence/day-proofs/day-proof-error.js";
import type { DayProofs } from "../../services/evidence/day-proofs/day-proofs-service.js";
import type { EvidenceDesk } from "../../services/evidence/evidence-api.js";
import { LogHistory } from "../../services/evidence/package/log-history.js";
import {
  type BagInput,
  knownPerson,
  PackageMaker,
  type PackageParts,
} from "../../services/evidence/package/make-package.js";
import type { PersonHistory } from "../../services/evidence/package/person-history.js";
import { EvidenceRefusal } from "../../services/evidence/refusal.js";
import { writeReportFiles } from "../../services/evidence/report/write-report.js";
import type { EvidenceTables } from "../../services/evidence/tables.js";
import {
  approveUnmasked,
  caseOfRequest,
  requestsOf,
  requestUnmasked,
} from "../../services/evidence/unmasking.js";
import { institutionKey, institutionText, readInstitution } from "../../services/ingest/institution-entry.js";
import { joinedHistory } from "../archive/joined-history.js";
import type { LoadedBundle } from "../bundle-files.js";
import { archivedPerson } from "../evidence/archived-person.js";
import { releaseOfThisProgram } from "../evidence/release.js";
import { OperatingError } from "../exit-status.js";
import type { ProcessPlatform } from "../platforms.js";
import type { Gateway } from "./activation-client.js";
import { senderOf } from "./bundles-process.js";
import { type ContactStores, contactOf } from "./contact-of.js";
import type { EvidenceKeys } from "./evidence-keys.js";
import { evidenceRequests } from "./evidence-requests.js";
import { lazily, openPrinter } from "./pdf-printer.js";
import { sealPerson } from "./sealed-person.js";

export interface EvidencePlatform extends ProcessPlatform, ContactStores {
  readonly log: EventLog;
  readonly database: OpenDatabase;
  readonly institutions: Pick<KeyValue, "get">;
}

export interface EvidenceOptions {
  /** For packages; nobody else's. */
  readonly folder: string;
  readonly keys: EvidenceKeys;
  readonly proofs: DayProofs;
  /** Folder of the archive by which the journal was trimmed; empty: it was not. */
  readonly archive: string;
  readonly people: Pick<People, "list">;
  readonly admit: Admit;
  /** Where ingest is, asked at each call. @throws where it is not known now. */
  readonly gateway: () => Gateway;
  /** null where it does not lie beside the journal. */
  readonly bundleOf: (hash: string) => Promise<LoadedBundle | null>;
  /** Of an RFC 3161 authority; empty where none is configured. */
  readonly timeStampUrl: string;
}

export type HttpRequests = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** @returns what answers `/v1/evidence`. @throws EventLogError, DatabaseError, KeyRingError; Error of the file system. */
export async function startEvidence(
  platform: EvidencePlatform,
  options: EvidenceOptions,
): Promise<HttpRequests> {
  const desk = await deskOf(platform, options);
  return evidenceRequests({ desk, admit: options.admit, logger: platform.logger });
}

async function deskOf(platform: EvidencePlatform, options: EvidenceOptions): Promise<EvidenceDesk> {
  const { clock, database } = platform;
  const { people, keys } = options;
  const tables = new Kysely<EvidenceTables>({ dialect: database.dialect });
  const partitions = await platform.log.partitionCount(Topic.JOURNAL);
  const unmasking = {
    tables,
    clock,
    isRevoked: async (person: string) =>
      (await people.list()).some(({ name, revokedAt }) => name === person && revokedAt !== null),
  };
  const printer = lazily(openPrinter);
  const parts: PackageParts = {
    ...unmasking,
    folder: join(options.folder, "packages"),
    caseOf: (caseId) => readCaseFacts(database, caseId),
    historyOf: (personKey, since) =>
      provenHistory(platform, options, { personKey, since, partition: partitionOf(personKey, partitions) }),
    contactOf: (personKey) => contactOf(platform, personKey),
    institutionsOf: (ids) => Promise.all(ids.map((id) => institutionOf(platform, id))),
    bundleText: async (hash) => {
      const whole = await options.bundleOf(hash);
      if (whole !== null) return JSON.stringify(whole.content);
      throw new OperatingError(`bundle ${hash} does not lie beside the journal; restore it from its backup`);
    },
    release: releaseOfThisProgram,
    writeReport: async (input) => writeReportFiles({ ...input, printer: await printer() }),
    writeBag: (input) => writeBag(bagOptions(input, options)),
  };
  const maker = new PackageMaker(parts);
  return {
    make: (asked, onProgress) => maker.make(asked, onProgress),
    madeFile: (sha256) => maker.madeFile(sha256),
    request: async (person, asked) => {
      await knownPerson(parts, asked.caseId);
      return requestUnmasked(unmasking, person, asked);
    },
    approve: (person, requestId) => approveUnmasked(unmasking, person, requestId),
    caseOfRequest: (requestId) => caseOfRequest(tables, requestId),
    requests: async ({ caseId, scope }) => {
      const requests = await requestsOf(tables, caseId);
      const caseIds = requests.map((request) => request.caseId);
      const seen = await seenCases(database, caseIds, scope);
      return requests.filter((request) => seen.has(request.caseId));
    },
    isCaseSeen: async (caseId, scope) => (await seenCases(database, [caseId], scope)).has(caseId),
    keys: () => keys.published(),
    rotate: async () => keys.rotate(),
  };
}

function bagOptions({ caseFile, ...input }: BagInput, { keys, timeStampUrl }: EvidenceOptions): BagOptions {
  const { madeAt, caseId } = caseFile;
  const authority = timeStampUrl === "" ? null : httpTimeStamp(timeStampUrl);
  return {
    ...input,
    madeAt,
    caseId,
    signer: keys.signer(),
    publicKeys: keys.published(),
    timeStamp: authority && ((message) => authority.stamp(createHash("sha256").update(message).digest())),
  };
}

interface AskedHistory {
  readonly personKey: string;
  readonly partition: number;
  readonly since: string | null;
}

/**
 * The stretch is closed first, so that what the logs hold now is proven. The archive is looked at anew: it may have been
 * trimmed by since. @throws EvidenceRefusal NOTHING_PROVEN, RECORDS_MISSING.
 */
async function provenHistory(
  { log, clock }: Pick<EvidencePlatform, "log" | "clock">,
  options: EvidenceOptions,
  { personKey, partition, since }: AskedHistory,
): Promise<PersonHistory> {
  const { proofs, archive } = options;
  const nudge = (nudged: number) => sendAgain(log, options, nudged);
  await refusing(() => sealPerson({ log, proofs, clock, nudge }, { personKey, partition }));
  const past = archive === "" ? null : await joinedHistory(log, archive);
  const from =
    past === null || since === null
      ? null
      : await archivedPerson(past.archive, { partition, personKey, since });
  return new LogHistory({
    log: past?.log ?? log,
    partition,
    personKey,
    checkpoint: from?.checkpoint ?? null,
    bundleHashes: from?.bundleHashes ?? [],
    proofs: () => proofs.proofsOf(personKey, partition, { fromOffset: 0 }),
  });
}

/** The running activation, to one partition: it goes by it already, and answers. */
async function sendAgain(
  log: EventLog,
  { gateway, bundleOf }: Pick<EvidenceOptions, "gateway" | "bundleOf">,
  partition: number,
): Promise<void> {
  const sender = senderOf(log, gateway);
  const running = await sender.running();
  if (running === null) return;
  const { sequence, bundleHash, shadowBundleHash, engineVersion, publishedBy } = running;
  const content = (await bundleOf(bundleHash))?.content;
  const shadow = shadowBundleHash === null ? null : (await bundleOf(shadowBundleHash))?.content;
  await sender.send({ sequence, content, shadow, publishedBy, engineVersion, partitions: [partition] });
}

async function refusing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DayProofError) throw new EvidenceRefusal("NOTHING_PROVEN", error.message);
    throw error;
  }
}

/** Of one that the register does not know, or whose entry is damaged, there is its id. */
async function institutionOf(
  { institutions }: Pick<EvidencePlatform, "institutions">,
  institutionId: string,
): Promise<CaseInstitution> {
  const key = institutionKey(institutionId);
  const value = await institutions.get(key);
  if (value === null) return { institutionId };
  const entry = readInstitution(key, institutionText(value));
  return "expected" in entry ? { institutionId } : entry;
}
