/** A package's folder, of which `data/` is there, becomes a signed bag in a ZIP. The same folder gives the same bytes. */

import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import type { Signer } from "../../../platform/signer/signer.js";
import type { PublishedKeys } from "../../../schemas/evidence/keys.js";
import { announcedText, BAGIT_TEXT, BagFile, TAG_FILES } from "./bag-names.js";
import { byNameBytes } from "./zip-layout.js";
import { writeZip } from "./zip-writer.js";

export interface BagOptions {
  readonly folder: string;
  readonly zipFile: string;
  /** Of the folder in the ZIP. */
  readonly name: string;
  /** ISO 8601. */
  readonly madeAt: string;
  readonly caseId: string;
  readonly contentSha256: string;
  readonly signer: Signer;
  readonly publicKeys: PublishedKeys;
  /** Gives an RFC 3161 response for bytes; null where no authority is configured. */
  readonly timeStamp: ((message: Uint8Array) => Promise<Uint8Array>) | null;
  /** What would be another the next time is kept under its kind. */
  readonly kept: (kind: string, make: () => Promise<Uint8Array>) => Promise<Uint8Array>;
  readonly onProgress: (doneBytes: number, totalBytes: number) => void;
}

/** @throws SignerError, TimeStampError, RangeError where a ZIP cannot hold it. */
export async function writeBag(options: BagOptions): Promise<void> {
  const { folder, zipFile, name, publicKeys } = options;
  const payload = filesIn(folder, "data");
  for (const made of ["kadun", "signatures"]) mkdirSync(join(folder, made), { mode: 0o700 });
  write(folder, BagFile.BAGIT, BAGIT_TEXT);
  write(folder, BagFile.INFO, infoText(options, payload));
  write(folder, BagFile.PUBLIC_KEYS, `${JSON.stringify(publicKeys, null, 2)}\n`);
  write(folder, BagFile.MANIFEST, await manifestText(folder, payload, "sha256"));
  write(folder, BagFile.SM3_MANIFEST, await manifestText(folder, payload, "sm3"));
  write(folder, BagFile.TAG_MANIFEST, await manifestText(folder, [...TAG_FILES].sort(byNameBytes), "sha256"));
  await sign(options, readFileSync(join(folder, BagFile.TAG_MANIFEST)));
  const files = [...filesIn(folder, "data"), ...tagFilesIn(folder)];
  await writeZip(
    zipFile,
    files.map((file) => ({ name: `${name}/${file}`, path: join(folder, file) })),
    options.onProgress,
  );
}

async function sign({ folder, signer, timeStamp, kept }: BagOptions, message: Buffer): Promise<void> {
  write(folder, BagFile.ED25519, await signer.ed25519(message));
  const sm2 = () => signer.sm2(message);
  const of = createHash("sha256").update(message).digest("hex");
  write(folder, BagFile.SM2, signer.isRepeatable ? await sm2() : await kept(`sm2 ${of}`, sm2));
  if (timeStamp !== null)
    write(folder, BagFile.TIME_STAMP, await kept(`time-stamp ${of}`, () => timeStamp(message)));
}

function infoText(
  { folder, name, caseId, contentSha256, madeAt, timeStamp }: BagOptions,
  payload: readonly string[],
): string {
  const bytes = payload.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  return [
    "Source-Organization: Kadun",
    `External-Identifier: ${caseId}`,
    `Internal-Sender-Identifier: ${contentSha256}`,
    `Bagging-Date: ${madeAt.slice(0, 10)}`,
    announcedText(name, timeStamp !== null),
    `Payload-Oxum: ${bytes}.${payload.length}`,
    "",
  ].join("\n");
}

async function manifestText(
  folder: string,
  files: readonly string[],
  algorithm: "sha256" | "sm3",
): Promise<string> {
  const lines: string[] = [];
  for (const file of files) {
    const digest = createHash(algorithm);
    for await (const piece of createReadStream(join(folder, file))) digest.update(piece as Buffer);
    lines.push(`${digest.digest("hex")}  ${file}\n`);
  }
  return lines.join("");
}

function tagFilesIn(folder: string): readonly string[] {
  const top = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".txt"))
    .map(({ name }) => name);
  return [...top, ...filesIn(folder, "kadun"), ...filesIn(folder, "signatures")];
}

/** Within the folder, with '/' between parts, in the order of their bytes. */
function filesIn(folder: string, part: string): readonly string[] {
  return readdirSync(join(folder, part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join("/"),
    )
    .sort(byNameBytes);
}

function write(folder: string, file: string, content: string | Uint8Array): void {
  writeFileSync(join(folder, file), content, { mode: 0o600 });
}
