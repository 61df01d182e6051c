/** All checks of a package file, container first: what lies in a container that is not sound is not looked at. */

import type { X509Certificate } from "node:crypto";
import type { PublishedKeys } from "../../../schemas/evidence/keys.js";
import { bagChecks, bagKeys } from "../bag/bag-checks.js";
import { BagReader } from "../bag/bag-reader.js";
import { type Check, EvidenceError } from "./check.js";
import { contentChecks, type JudgeOfPackages } from "./content-checks.js";

export interface VerifyOptions {
  readonly path: string;
  /** As the office published them; null: those in the package. */
  readonly keys: PublishedKeys | null;
  /** Certificates (CA) of time-stamp authorities that are trusted. */
  readonly authorities?: readonly X509Certificate[];
  readonly judge: JudgeOfPackages;
  readonly isReplayed: boolean;
}

/** @throws Error of the file system. */
export async function verifyPackage({
  path,
  keys,
  authorities = [],
  judge,
  isReplayed,
}: VerifyOptions): Promise<readonly Check[]> {
  let reader: BagReader;
  try {
    reader = await BagReader.open(path);
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    return [{ ...NOT_A_PACKAGE, detail: error.message }];
  }
  try {
    const container = await bagChecks(reader, keys, authorities);
    if (container.some(({ result }) => result === "failed")) return container;
    const known = await bagKeys(reader, keys);
    return [...container, ...(await contentChecks(reader, { keys: known.keys, judge, isReplayed }))];
  } finally {
    await reader.close();
  }
}

const NOT_A_PACKAGE = {
  name: "zip",
  result: "failed",
  proves: "every byte of the file is what a package with these names and contents has",
  doesNotProve: "who made it",
} as const;
