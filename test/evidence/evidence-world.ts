/**
 * An office's evidence in process: logs in memory as a detector fills them, real day proofs, a real database, packages on the
 * disk.
 */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageJudge } from "../../cli/evidence/package-judge.js";
import { releaseOfThisProgram } from "../../cli/evidence/release.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { PdfkitPrinter } from "../../platform/pdf/pdfkit/pdfkit-printer.js";
import type { MadePackageLine } from "../../schemas/http/evidence.js";
import { Topic } from "../../schemas/topics.js";
import { writeBag } from "../../services/evidence/bag/write-bag.js";
import { type DayProofs, startDayProofs } from "../../services/evidence/day-proofs/day-proofs-service.js";
import { KeyRing } from "../../services/evidence/keys/key-ring.js";
import { LogHistory } from "../../services/evidence/package/log-history.js";
import { type KnownCase, PackageMaker } from "../../services/evidence/package/make-package.js";
import { writeReportFiles } from "../../services/evidence/report/write-report.js";
import type { Check } from "../../services/evidence/verify/check.js";
import { verifyPackage } from "../../services/evidence/verify/verify-package.js";
import { defaultBundle } from "../support/judge.js";
import { type EvidenceDatabase, openEvidenceDatabase } from "./evidence-database.js";
import { JudgedLogs } from "./judged-logs.js";

let printer: PdfkitPrinter | null = null;

export class EvidenceWorld {
  readonly logs = new JudgedLogs();
  readonly keys: KeyRing;
  private readonly publication = new MemoryEventLog(new MemoryLogWorld({ [Topic.DAY_PROOFS]: 1 }));
  private proofs: DayProofs | null = null;

  private constructor(
    readonly folder: string,
    readonly opened: EvidenceDatabase,
  ) {
    this.keys = KeyRing.open(join(folder, "keys", "evidence.json"), systemClock.now());
  }

  static async open(): Promise<EvidenceWorld> {
    const folder = mkdtempSync(join(tmpdir(), "kadun-evidence-world-"));
    return new EvidenceWorld(folder, await openEvidenceDatabase());
  }

  /** Of a person whose case is told by `known`. */
  async make(
    known: KnownCase & { readonly personKey: string },
  ): Promise<MadePackageLine["package"] & { path: string }> {
    const { opened, keys, folder } = this;
    const proofs = await this.proving();
    const maker = new PackageMaker({
      tables: opened.tables,
      clock: systemClock,
      isRevoked: async () => false,
      folder: join(folder, "packages"),
      caseOf: async () => known,
      historyOf: async (personKey) => {
        await proofs.seal(0);
        return new LogHistory({
          log: this.logs.log,
          partition: 0,
          personKey,
          checkpoint: null,
          proofs: () => proofs.proofsOf(personKey, 0, { fromOffset: 0 }),
        });
      },
      contactOf: async () => ({ phone: "15412345678", name: "王䶮珍", idNumberLast4: "195X" }),
      institutionsOf: async (ids) => ids.map((institutionId) => ({ institutionId })),
      bundleText: async () => JSON.stringify(defaultBundle.content),
      release: releaseOfThisProgram,
      writeReport: (input) => {
        printer ??= new PdfkitPrinter();
        return writeReportFiles({ ...input, printer });
      },
      writeBag: ({ caseFile, ...input }) =>
        writeBag({
          ...input,
          madeAt: caseFile.madeAt,
          caseId: caseFile.caseId,
          signer: keys.signer(),
          publicKeys: keys.published(),
          timeStamp: null,
        }),
    });
    const made = await maker.make({ caseId: "case-1", requestId: null, since: null, actor: "li" }, () => {});
    return { ...made, path: maker.madeFile(made.sha256)!.path };
  }

  verify(path: string, isReplayed = true): Promise<readonly Check[]> {
    return verifyPackage({ path, keys: this.keys.published(), judge: packageJudge, isReplayed });
  }

  /** An empty folder. */
  newFolder(name: string): string {
    const path = join(this.folder, name);
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true });
    return path;
  }

  async close(): Promise<void> {
    await this.proofs?.close();
    await this.opened.close();
    rmSync(this.folder, { recursive: true });
  }

  private async proving(): Promise<DayProofs> {
    this.proofs ??= await startDayProofs({
      log: this.logs.log,
      publication: this.publication,
      database: this.opened.database,
      folder: join(this.folder, "proofs"),
      signer: () => this.keys.signer(),
      clock: systemClock,
      logger: silentLogger,
      metrics: noMetrics,
    });
    // Its turn on the database comes at once, and not at the same moment.
    while ((await this.proofs.status()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    return this.proofs;
  }
}

export function failed(checks: readonly Check[]): readonly string[] {
  return checks.filter(({ result }) => result === "failed").map(({ name, detail }) => `${name}: ${detail}`);
}
