/**
 * A person's lines and day proofs into the files of a package, stretch by stretch.
 *
 * 1. The range ends with the stretch of the person's last record: so the same person gives the same package, however much
 *    others did since.
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type DayProof, dayProof } from "../../../schemas/evidence/day-proof.js";
import { journalLine, outcomeLine } from "../../../schemas/evidence/lines.js";
import { type CaseFile, PackageFile, type ProofLine } from "../../../schemas/evidence/package.js";
import { canonicalActivation } from "../../../schemas/journal.js";
import { EvidenceRefusal } from "../refusal.js";
import { LineFile } from "./line-file.js";
import type { HistoryStretch, PersonHistory } from "./person-history.js";

export interface Gathered {
  readonly range: CaseFile["range"];
  /** By name within the bag. */
  readonly sha256: Readonly<Record<string, string>>;
  /** Named by activations. */
  readonly bundleHashes: readonly string[];
  readonly records: number;
}

/** @param folder of the bag; `data/` is made in it. @throws EvidenceRefusal NOTHING_PROVEN. */
export async function gather(
  history: PersonHistory,
  folder: string,
  onStretch: (day: string, records: number) => void,
): Promise<Gathered> {
  mkdirSync(join(folder, "data"), { recursive: true, mode: 0o700 });
  const gathering = new Gathering(folder, history.bundleHashes);
  for await (const stretch of history.stretches()) {
    await gathering.add(stretch);
    onStretch(gathering.day, gathering.records);
  }
  return gathering.end();
}

class Gathering {
  day = "";
  records = 0;
  private readonly files: Readonly<Record<"journal" | "outcomes" | "context" | "proofs", LineFile>>;
  private readonly bundles: Set<string>;
  private first: DayProof | null = null;
  private last: DayProof | null = null;
  /** Stretches without the person, behind the last one with it: part of the range when another one follows. */
  private waiting: HistoryStretch[] = [];

  constructor(folder: string, bundleHashes: readonly string[]) {
    this.bundles = new Set(bundleHashes);
    const fileOf = (name: PackageFile) => new LineFile(join(folder, name));
    this.files = {
      journal: fileOf(PackageFile.JOURNAL),
      outcomes: fileOf(PackageFile.OUTCOMES),
      context: fileOf(PackageFile.CONTEXT),
      proofs: fileOf(PackageFile.PROOFS),
    };
  }

  async add(stretch: HistoryStretch): Promise<void> {
    this.waiting.push(stretch);
    if (stretch.journal.length === 0) return;
    for (const each of this.waiting) await this.write(each);
    this.waiting = [];
  }

  async end(): Promise<Gathered> {
    const { journal, outcomes, context, proofs } = this.files;
    const sha256 = {
      [PackageFile.JOURNAL]: await journal.end(),
      [PackageFile.OUTCOMES]: await outcomes.end(),
      [PackageFile.CONTEXT]: await context.end(),
      [PackageFile.PROOFS]: await proofs.end(),
    };
    const { first, last, records } = this;
    if (first === null || last === null)
      throw new EvidenceRefusal(
        "NOTHING_PROVEN",
        "no day proof holds a record of this person yet: its last swipes are still being judged; ask again in a minute",
      );
    const range = {
      fromOffset: first.fromOffset,
      endOffset: last.endOffset,
      fromDay: first.day,
      toDay: last.day,
    };
    return { range, sha256, bundleHashes: [...this.bundles].sort(), records };
  }

  private async write({
    proofLine: signed,
    proof,
    journal,
    outcomes,
    context,
  }: HistoryStretch): Promise<void> {
    const parsed = dayProof.parse(JSON.parse(signed));
    this.first ??= parsed;
    this.last = parsed;
    this.day = parsed.day;
    await this.files.proofs.add(JSON.stringify({ dayProof: signed, person: proof } satisfies ProofLine));
    for (const line of context) {
      this.keepBundles(line.json);
      await this.files.context.add(journalLine(line));
    }
    for (const line of journal) await this.files.journal.add(journalLine(line));
    for (const line of outcomes) await this.files.outcomes.add(outcomeLine(line));
    this.records += journal.length;
  }

  private keepBundles(json: string): void {
    const activation = canonicalActivation.safeParse(JSON.parse(json)).data;
    if (activation === undefined) return;
    this.bundles.add(activation.bundleHash);
    if (activation.shadowBundleHash !== undefined) this.bundles.add(activation.shadowBundleHash);
  }
}
