/**
 * Makes the package of a case.
 *
 * Owns: a folder while it is made, the packages made last.
 * Does not own: logs, day proofs, databases, keys (given by the composition).
 *
 * 1. The same case with the same records and alerts gives the same bytes: everything that would differ the second time
 *    (who, when, an authority's stamp) is kept from the first (package-register.ts).
 * 2. A person's lines go through as a stream: memory does not grow with their number.
 * 3. One at a time: it takes a processor for seconds.
 */

import { createHash } from "node:crypto";
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../../platform/clock/clock.js";
import type { Contact } from "../../../schemas/contact.js";
import {
  bundleFile,
  type CaseAlert,
  type CaseFile,
  type CaseInstitution,
  type CaseSms,
  PACKAGE_FORMAT,
  PackageFile,
  type ReleaseFile,
} from "../../../schemas/evidence/package.js";
import type { MadePackageLine, PackageProgress } from "../../../schemas/http/evidence.js";
import { decodeJournalJson } from "../../../schemas/log-body.js";
import { custodyLines } from "../custody/custody-log.js";
import { EvidenceRefusal } from "../refusal.js";
import type { Reads } from "../tables.js";
import { approvedRequest, type Unmasking } from "../unmasking.js";
import { contentSha256, MASKED } from "./content.js";
import { writeDataList } from "./data-list.js";
import { folderLines, type RecordWithOutcomes } from "./folder-lines.js";
import { type Gathered, gather } from "./gather.js";
import { shownHolderOf } from "./masking.js";
import { keptSignature, type MadePackage, madePackage, type PackageName } from "./package-register.js";
import type { PersonHistory } from "./person-history.js";

/** Packages that can be fetched again; each is some megabytes. */
const KEPT_PACKAGES = 8;
const OWNER_ONLY = 0o700;

/** What the alerts know of a case. */
export interface KnownCase {
  readonly personKey: string | null;
  readonly subjectKind: string;
  readonly openedAt: string;
  readonly alerts: readonly CaseAlert[];
  readonly sms: readonly CaseSms[];
}

export interface ReportInput {
  readonly caseFile: CaseFile;
  readonly lines: () => AsyncIterable<RecordWithOutcomes>;
  readonly contentSha256: string;
  /** Of the bag. */
  readonly folder: string;
  /** Custody entries as they stand in the package. */
  readonly custody: readonly string[];
  readonly onProgress: (done: number, total: number | null) => void;
}

export interface BagInput {
  /** Holds `data/`. */
  readonly folder: string;
  readonly zipFile: string;
  /** Of the folder in the ZIP. */
  readonly name: string;
  readonly caseFile: CaseFile;
  readonly contentSha256: string;
  /** What would be another the next time is kept under its kind. */
  readonly kept: (kind: string, make: () => Promise<Uint8Array>) => Promise<Uint8Array>;
  readonly onProgress: (doneBytes: number, totalBytes: number) => void;
}

export interface PackageParts extends Pick<Unmasking, "tables" | "isRevoked"> {
  readonly tables: Reads;
  readonly clock: Clock;
  /** Where packages are made and lie; nobody else's. */
  readonly folder: string;
  readonly caseOf: (caseId: string) => Promise<KnownCase | null>;
  /**
   * Everything of the person is proven when it resolves.
   * @param since a day: from the last archived checkpoint before it on, where there is one; null: from the partition's first record.
   */
  readonly historyOf: (personKey: string, since: string | null) => Promise<PersonHistory>;
  readonly contactOf: (personKey: string) => Promise<Contact | null>;
  readonly institutionsOf: (ids: readonly string[]) => Promise<readonly CaseInstitution[]>;
  /** A bundle's content as JSON. @throws where it is not at hand. */
  readonly bundleText: (hash: string) => Promise<string>;
  readonly release: () => ReleaseFile;
  readonly writeReport: (input: ReportInput) => Promise<void>;
  readonly writeBag: (input: BagInput) => Promise<void>;
}

export interface AskedPackage {
  readonly caseId: string;
  /** Of an approved request; null: masked. */
  readonly requestId: string | null;
  /** A day, as `historyOf` takes it. */
  readonly since: string | null;
  readonly actor: string;
}

export type OnProgress = (progress: PackageProgress) => void;

export class PackageMaker {
  private isMaking = false;

  constructor(private readonly parts: PackageParts) {
    mkdirSync(parts.folder, { recursive: true, mode: OWNER_ONLY });
    // Of a process that ended meanwhile.
    for (const name of readdirSync(parts.folder))
      if (name.startsWith(DRAFT)) rmSync(join(parts.folder, name), { recursive: true });
  }

  /** @throws EvidenceRefusal. */
  async make(asked: AskedPackage, onProgress: OnProgress): Promise<MadePackageLine["package"]> {
    if (this.isMaking)
      throw new EvidenceRefusal("BUSY", "another package is being made; ask again in a minute");
    this.isMaking = true;
    const draft = mkdtempSync(join(this.parts.folder, DRAFT));
    try {
      return await new Making(this.parts, draft, onProgress).run(asked);
    } finally {
      rmSync(draft, { recursive: true, force: true });
      this.isMaking = false;
    }
  }

  /** null where it is not there (any more). */
  madeFile(sha256: string): { readonly path: string; readonly name: string; readonly caseId: string } | null {
    for (const file of packagesIn(this.parts.folder)) {
      const [hash, name] = split(file);
      const caseId = name.slice(BAG_NAME.length, -".zip".length);
      if (hash === sha256) return { path: join(this.parts.folder, file), name, caseId };
    }
    return null;
  }
}

const DRAFT = "making-";
/** And the case. */
const BAG_NAME = "kadun-evidence-";

/** The person of a case. @throws EvidenceRefusal CASE_UNKNOWN, CASE_OF_NO_PERSON. */
export async function knownPerson(
  { caseOf }: Pick<PackageParts, "caseOf">,
  caseId: string,
): Promise<KnownCase & { readonly personKey: string }> {
  const known = await caseOf(caseId);
  if (known === null)
    throw new EvidenceRefusal(
      "CASE_UNKNOWN",
      `there is no case '${caseId}'; 'kadun alerts cases' shows them`,
    );
  const { personKey, subjectKind } = known;
  if (personKey === null)
    throw new EvidenceRefusal(
      "CASE_OF_NO_PERSON",
      `case ${caseId} is about an ${subjectKind}; a package is of a person: take the cases of the persons in its evidence`,
    );
  return { ...known, personKey };
}

class Making {
  constructor(
    private readonly parts: PackageParts,
    private readonly draft: string,
    private readonly onProgress: OnProgress,
  ) {}

  async run(asked: AskedPackage): Promise<MadePackageLine["package"]> {
    const { parts, draft } = this;
    const known = await knownPerson(parts, asked.caseId);
    const unmasking =
      asked.requestId === null
        ? null
        : await approvedRequest(parts, { caseId: asked.caseId, requestId: asked.requestId });
    this.onProgress({ progress: "proving", done: 0, total: null });
    const history = await parts.historyOf(known.personKey, asked.since);
    const gathered = await gather(history, draft, (_, records) =>
      this.onProgress({ progress: "gathering", done: records, total: null }),
    );
    await this.writeBundles(gathered.bundleHashes);
    const release = parts.release();
    this.writeJson(PackageFile.RELEASE, release);
    const sha256 = { ...gathered.sha256, ...this.writeCheckpoint(history) };
    const about = await this.aboutCase(asked, known, history, gathered);
    const { bundleHashes } = gathered;
    const content = contentSha256({ caseFile: about, release, bundleHashes, sha256 });
    const name = { caseId: asked.caseId, variant: unmasking?.requestId ?? MASKED, contentSha256: content };
    const reason = unmasking?.reason ?? "";
    const made = await madePackage(parts.tables, name, {
      actor: asked.actor,
      reason,
      nowMs: parts.clock.now(),
    });
    const caseFile = { ...about, madeAt: made.madeAt, madeBy: made.madeBy };
    await this.writeRest(caseFile, content, made);
    const file = await this.pack(caseFile, name);
    return { ...file, contentSha256: content, records: gathered.records, range: gathered.range };
  }

  private async aboutCase(
    asked: AskedPackage,
    known: KnownCase & { readonly personKey: string },
    history: PersonHistory,
    gathered: Gathered,
  ): Promise<CaseFile> {
    const { parts, draft } = this;
    const isMasked = asked.requestId === null;
    return {
      product: "kadun-evidence",
      format: PACKAGE_FORMAT,
      caseId: asked.caseId,
      personKey: known.personKey,
      partition: history.partition,
      isMasked,
      holder: shownHolderOf(await parts.contactOf(known.personKey), isMasked),
      openedAt: known.openedAt,
      range: gathered.range,
      madeAt: known.openedAt,
      madeBy: asked.actor,
      alerts: [...known.alerts],
      sms: [...known.sms],
      institutions: [...(await parts.institutionsOf(await institutionsIn(draft)))],
    };
  }

  private async writeBundles(hashes: readonly string[]): Promise<void> {
    mkdirSync(join(this.draft, "data", "bundles"), { mode: OWNER_ONLY });
    for (const hash of hashes) this.write(bundleFile(hash), await this.parts.bundleText(hash));
  }

  private writeCheckpoint({ checkpoint }: PersonHistory): Record<string, string> {
    if (checkpoint === null) return {};
    const text = this.writeJson(PackageFile.CHECKPOINT, checkpoint);
    return { [PackageFile.CHECKPOINT]: createHash("sha256").update(text).digest("hex") };
  }

  private async writeRest(caseFile: CaseFile, content: string, made: MadePackage): Promise<void> {
    const { parts, draft } = this;
    this.writeJson(PackageFile.CASE, caseFile);
    const custody = await custodyLines(parts.tables, caseFile.caseId, made.custodySeq);
    this.write(PackageFile.CUSTODY, custody.map((line) => `${line}\n`).join(""));
    await parts.writeReport({
      caseFile,
      lines: () => folderLines(draft),
      contentSha256: content,
      folder: draft,
      custody,
      onProgress: (done, total) => this.onProgress({ progress: "reporting", done, total }),
    });
    await writeDataList(draft, filesIn(draft));
  }

  private async pack(caseFile: CaseFile, name: PackageName) {
    const { parts, draft } = this;
    const folder = `${BAG_NAME}${caseFile.caseId}`;
    const zipFile = join(draft, "package.zip");
    await parts.writeBag({
      folder: draft,
      zipFile,
      name: folder,
      caseFile,
      contentSha256: name.contentSha256,
      kept: (kind, make) => keptSignature(parts.tables, name, kind, make),
      onProgress: (done, total) => this.onProgress({ progress: "packing", done, total }),
    });
    const sha256 = await sha256Of(zipFile);
    const { size: bytes } = statSync(zipFile);
    forgetOldest(parts.folder);
    renameSync(zipFile, join(parts.folder, `${sha256} ${folder}.zip`));
    return { name: `${folder}.zip`, bytes, sha256 };
  }

  private writeJson(name: string, value: unknown): string {
    const text = `${JSON.stringify(value, null, 2)}\n`;
    this.write(name, text);
    return text;
  }

  private write(name: string, text: string): void {
    writeFileSync(join(this.draft, name), text, { mode: 0o600 });
  }
}

async function institutionsIn(folder: string): Promise<readonly string[]> {
  const ids = new Set<string>();
  for await (const { json } of folderLines(folder)) {
    const record = decodeJournalJson(json);
    const swipe = record.type === "carried" ? record.record : record;
    if (swipe.type === "swipe") ids.add(swipe.institutionId);
  }
  return [...ids].sort();
}

/** Within the bag, in the order of their names' bytes. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(join(folder, "data"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

async function sha256Of(path: string): Promise<string> {
  const sha256 = createHash("sha256");
  for await (const piece of createReadStream(path)) sha256.update(piece as Buffer);
  return sha256.digest("hex");
}

function packagesIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => /^[0-9a-f]{64} .*\.zip$/.test(name));
}

function split(file: string): readonly [hash: string, name: string] {
  return [file.slice(0, file.indexOf(" ")), file.slice(file.indexOf(" ") + 1)];
}

/** Makes room for one more. */
function forgetOldest(folder: string): void {
  const byAge = packagesIn(folder)
    .map((name) => ({ path: join(folder, name), madeMs: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.madeMs - a.madeMs);
  for (const { path } of byAge.slice(KEPT_PACKAGES - 1)) rmSync(path);
}
