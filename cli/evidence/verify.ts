/** `kadun evidence verify`: a package checked with nothing but the file. */

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { type PublishedKeys, publishedKeys } from "../../schemas/evidence/keys.js";
import type { Check } from "../../services/evidence/verify/check.js";
import { verifyPackage } from "../../services/evidence/verify/verify-package.js";
import { ExitStatus, OperatingError } from "../exit-status.js";
import { packageJudge } from "./package-judge.js";

export interface VerifyGiven {
  /** As `kadun evidence keys export` wrote it; null: the keys in the package. */
  readonly keysFile: string | null;
  /** Certificates (PEM) of time-stamp authorities that are trusted; null: who stamped is not looked at. */
  readonly authorityFile?: string | null;
  readonly replay: boolean;
  readonly json: boolean;
}

/** Prints a line a check. @returns FAILED where one fails. @throws OperatingError where a file cannot be read. */
export async function verifyFile(path: string, given: VerifyGiven): Promise<ExitStatus> {
  const { keysFile, authorityFile = null, replay, json } = given;
  const keys = keysFile === null ? null : readKeys(keysFile);
  const authorities = authorityFile === null ? [] : readCertificates(authorityFile);
  const checks = await verifyPackage({
    path,
    keys,
    authorities,
    judge: packageJudge,
    isReplayed: replay,
  }).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new OperatingError(`${path}: cannot be read (${code}); check the path`);
  });
  const isSound = checks.every(({ result }) => result !== "failed");
  if (json) console.log(JSON.stringify({ file: path, isSound, checks }));
  else for (const check of checks) console.log(checkText(check));
  return isSound ? ExitStatus.DONE : ExitStatus.FAILED;
}

const MARKS = { passed: "ok      ", failed: "FAILED  ", "not-done": "not done" } as const;
const NAME_WIDTH = 19;
const INDENT = " ".repeat(10 + NAME_WIDTH);

function checkText({ name, result, detail, proves, doesNotProve }: Check): string {
  const first = `${MARKS[result]}  ${name.padEnd(NAME_WIDTH)}${detail === "" ? proves : detail}`;
  if (result !== "passed") return first;
  return [
    first,
    ...(detail === "" ? [] : [`${INDENT}proves: ${proves}`]),
    `${INDENT}does not prove: ${doesNotProve}`,
  ].join("\n");
}

function readKeys(path: string): PublishedKeys {
  const expected = "expected public-keys.json as 'kadun evidence keys export' writes it";
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new OperatingError(`--keys ${path}: ${(error as Error).message}; ${expected}`);
  }
  const parsed = publishedKeys.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new OperatingError(`--keys ${path}: ${parsed.error.issues[0]?.path.join(".")}: ${expected}`);
}

function readCertificates(path: string): readonly X509Certificate[] {
  const expected = "expected certificates (PEM) of the authority's CA";
  try {
    const found = readFileSync(path, "utf8").match(
      /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g,
    );
    if (found !== null) return found.map((pem) => new X509Certificate(pem));
  } catch (error) {
    throw new OperatingError(`--authority ${path}: ${(error as Error).message}; ${expected}`);
  }
  throw new OperatingError(`--authority ${path}: ${expected}`);
}
