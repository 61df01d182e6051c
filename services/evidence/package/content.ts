/** The hash of what a package is made of: what a custody log names, and what stands on every page of the report. Pure. */

import { hash } from "node:crypto";
import {
  type CaseFile,
  caseFile,
  PackageFile,
  type ReleaseFile,
  releaseFile,
} from "../../../schemas/evidence/package.js";

/** Files whose SHA-256 goes into it as they are; a checkpoint only where there is one. */
export const HASHED_FILES = [
  PackageFile.JOURNAL,
  PackageFile.OUTCOMES,
  PackageFile.CONTEXT,
  PackageFile.PROOFS,
  PackageFile.CHECKPOINT,
] as const;

export interface Content {
  readonly caseFile: CaseFile;
  readonly release: ReleaseFile;
  /** Content hashes. */
  readonly bundleHashes: readonly string[];
  /** Of HASHED_FILES, by name. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** When and by whom it was made follows from this hash, not the other way round. */
export function contentSha256({ caseFile: whole, release, bundleHashes, sha256 }: Content): string {
  const { madeAt: _at, madeBy: _by, ...about } = caseFile.parse(whole);
  const files = HASHED_FILES.filter((name) => sha256[name] !== undefined).map((name) => [name, sha256[name]]);
  return hash(
    "sha256",
    JSON.stringify({ about, release: releaseFile.parse(release), bundles: [...bundleHashes].sort(), files }),
  );
}

/** Of a custody entry `package-made`. */
export function madeSubject(variant: string, content: string): string {
  return `${variant} ${content}`;
}

export const MASKED = "masked";
