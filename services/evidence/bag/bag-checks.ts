/** What is checked of a package's container: the ZIP byte by byte, the bag's manifests, the signatures over them. */

import { createPublicKey, verify, type X509Certificate } from "node:crypto";
import { isSignedSm2 } from "../../../platform/sm2/sm2.js";
import { type PublishedKey, type PublishedKeys, publishedKeys } from "../../../schemas/evidence/keys.js";
import { brokenKey } from "../keys/key-ring.js";
import { type Check, done, EvidenceError, type Meaning } from "../verify/check.js";
import { ALWAYS_IN_BAG, announcedText, BAGIT_TEXT, BagFile, PAYLOAD, TAG_FILES } from "./bag-names.js";
import type { BagReader } from "./bag-reader.js";
import { timeStampCheck } from "./time-stamp-check.js";
import { byNameBytes } from "./zip-layout.js";

const ZIP: Meaning = {
  name: "zip",
  proves: "every byte of the file is what a package with these names and contents has",
  doesNotProve: "who made it",
};
const MANIFEST: Meaning = {
  name: "manifest",
  proves: "the files in data/ are those of the list, none is missing or added, by SHA-256 and by SM3",
  doesNotProve: "who wrote the list",
};
const TAG_MANIFEST: Meaning = {
  name: "tag-manifest",
  proves: "the lists, the bag's description and the public keys in it are those that were signed",
  doesNotProve: "who signed",
};
const ED25519: Meaning = {
  name: "signature-ed25519",
  proves: "whoever has the private key signed exactly this package",
  doesNotProve: "that the signer told the truth",
};
const SM2: Meaning = { ...ED25519, name: "signature-sm2" };

/** Of files of a package that is in order nothing else is there. */
export interface BagKeys {
  /** Those whose signatures count. */
  readonly keys: readonly PublishedKey[];
  /** Did somebody give them who verifies, or do they lie in the package itself? */
  readonly areGiven: boolean;
}

/** @param given as the office published them; null: those in the package, which say nothing of who signed. @throws EvidenceError. */
export async function bagKeys(reader: BagReader, given: PublishedKeys | null): Promise<BagKeys> {
  const keys = given ?? (await keysInBag(reader));
  const broken = brokenKey(keys);
  if (broken !== null)
    throw new EvidenceError(given === null ? BagFile.PUBLIC_KEYS : "the public keys", broken);
  return { keys: keys.keys, areGiven: given !== null };
}

/** In this order; once one of the first three failed the package is not what it says, whatever the others find. */
export async function bagChecks(
  reader: BagReader,
  given: PublishedKeys | null,
  authorities: readonly X509Certificate[] = [],
): Promise<readonly Check[]> {
  return [
    await done(ZIP, async () => {
      await reader.zip.check();
      return "";
    }),
    await done(TAG_MANIFEST, () => checkTagManifest(reader)),
    await done(MANIFEST, () => checkManifests(reader)),
    await done(ED25519, async () => checkSignature(reader, BagFile.ED25519, given, isSignedEd25519)),
    await done(SM2, async () => checkSignature(reader, BagFile.SM2, given, isSignedBySm2)),
    await timeStampCheck(reader, authorities),
  ];
}

async function checkManifests(reader: BagReader): Promise<string> {
  const files = reader.names.filter((name) => name.startsWith(PAYLOAD));
  await checkList(reader, BagFile.MANIFEST, files, "sha256");
  await checkList(reader, BagFile.SM3_MANIFEST, files, "sm3");
  return `${files.length} files`;
}

async function checkTagManifest(reader: BagReader): Promise<string> {
  const known = new Set<string>([...ALWAYS_IN_BAG, BagFile.TIME_STAMP]);
  const missing = ALWAYS_IN_BAG.find((name) => !reader.names.includes(name));
  if (missing !== undefined) throw new EvidenceError(missing, "is missing");
  const stray = reader.names.find((name) => !name.startsWith(PAYLOAD) && !known.has(name));
  if (stray !== undefined) throw new EvidenceError(stray, "is no file of a package");
  await checkList(reader, BagFile.TAG_MANIFEST, [...TAG_FILES].sort(byNameBytes), "sha256");
  const bagit = Buffer.from(await reader.bytes(BagFile.BAGIT)).toString("utf8");
  if (bagit !== BAGIT_TEXT) throw new EvidenceError(BagFile.BAGIT, "expected BagIt 1.0 in UTF-8");
  const info = Buffer.from(await reader.bytes(BagFile.INFO)).toString("utf8");
  const isTimeStamped = reader.names.includes(BagFile.TIME_STAMP);
  for (const line of announcedText(reader.folder, isTimeStamped).split("\n"))
    if (!info.split("\n").includes(line))
      throw new EvidenceError(
        BagFile.INFO,
        `expected the line '${line}': the folder has another name, or ${BagFile.TIME_STAMP} was taken away or added`,
      );
  return "";
}

/** The list names exactly these files, in order, with the hashes that they have. */
async function checkList(
  reader: BagReader,
  list: string,
  files: readonly string[],
  algorithm: "sha256" | "sm3",
): Promise<void> {
  const listed = new Map<string, string>();
  let number = 0;
  for await (const line of reader.lines(list)) {
    number++;
    const [, digest, name] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? [];
    if (digest === undefined || name === undefined || listed.has(name))
      throw new EvidenceError(
        `${list}, line ${number}`,
        "expected a hash and a name that was not there before",
      );
    listed.set(name, digest);
  }
  const added = files.find((name) => !listed.has(name));
  if (added !== undefined) throw new EvidenceError(added, `is not in ${list}`);
  const there = new Set(files);
  for (const [name, digest] of listed) {
    if (!there.has(name)) throw new EvidenceError(name, `is missing; ${list} names it`);
    if ((await reader.digest(name, algorithm)) !== digest)
      throw new EvidenceError(name, `is not the file whose hash ${list} names`);
  }
}

type IsSigned = (message: Uint8Array, signature: Uint8Array, key: PublishedKey) => boolean;

async function checkSignature(
  reader: BagReader,
  file: string,
  given: PublishedKeys | null,
  isSigned: IsSigned,
): Promise<string> {
  const message = await reader.bytes(BagFile.TAG_MANIFEST);
  const signature = await reader.bytes(file);
  const { keys, areGiven } = await bagKeys(reader, given);
  const key = keys.find((each) => isSigned(message, signature, each));
  if (key === undefined)
    throw new EvidenceError(
      file,
      areGiven
        ? `is not by any of the ${keys.length} keys given: not this office's, or signed by a key that is not among them`
        : "is not by any key of the package",
    );
  return areGiven
    ? `key ${key.keyId}, one of those given`
    : `key ${key.keyId} of the package itself: who holds it is not proven; give the office's published keys (--keys)`;
}

const isSignedEd25519: IsSigned = (message, signature, { ed25519 }) => {
  try {
    return verify(null, message, createPublicKey(ed25519), signature);
  } catch {
    return false;
  }
};

const isSignedBySm2: IsSigned = (message, signature, { sm2 }) => isSignedSm2(message, signature, sm2);

async function keysInBag(reader: BagReader): Promise<PublishedKeys> {
  try {
    const text = Buffer.from(await reader.bytes(BagFile.PUBLIC_KEYS)).toString("utf8");
    const parsed = publishedKeys.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch (error) {
    if (error instanceof EvidenceError) throw error;
  }
  throw new EvidenceError(BagFile.PUBLIC_KEYS, "expected the public keys of an office");
}
