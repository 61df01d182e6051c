/**
 * What the verifier page checks, written from docs/evidence.md and independent of `kadun evidence verify`: hashes, the
 * Ed25519 signature, the custody chain, and that the person's lines of each day are those whose root was signed. It does not
 * judge again and does not check SM2 and time stamps: the command does.
 */

import { verifyAsync } from "@noble/ed25519";
import { sm3 } from "./sm3.js";
import type { StoredZip } from "./stored-zip.js";

export interface PageCheck {
  readonly title: string;
  readonly isPassed: boolean;
  /** What is wrong, or how much was looked at. */
  readonly detail: string;
}

interface PublicKey {
  readonly keyId: string;
  readonly ed25519: string;
}

const NO_DIGEST = "0".repeat(64);

export async function checkPackage(
  zip: StoredZip,
  trustedKeys: string | null,
): Promise<readonly PageCheck[]> {
  const root = rootOf(zip);
  const bag = new Bag(zip, root);
  const keys = await keysOf(bag, trustedKeys);
  return [
    await check("文件清单（SHA-256）", () => manifestCheck(bag, "manifest-sha256.txt", "data/", sha256)),
    await check("文件清单（SM3）", () =>
      manifestCheck(bag, "kadun/manifest-sm3.txt", "data/", async (bytes) => sm3(bytes)),
    ),
    await check("标签文件清单（SHA-256）", () => manifestCheck(bag, "tagmanifest-sha256.txt", null, sha256)),
    await check("Ed25519 签名", () => signatureCheck(bag, keys, trustedKeys !== null)),
    await check("保管记录链", () => custodyCheck(bag)),
    await check("每日完整性证明", () => proofsCheck(bag, keys)),
  ];
}

async function check(title: string, run: () => Promise<string>): Promise<PageCheck> {
  try {
    return { title, isPassed: true, detail: await run() };
  } catch (error) {
    return { title, isPassed: false, detail: (error as Error).message };
  }
}

class Bag {
  constructor(
    private readonly zip: StoredZip,
    private readonly root: string,
  ) {}

  get names(): readonly string[] {
    return this.zip.names.map((name) => name.slice(this.root.length));
  }

  bytes(name: string): Promise<Uint8Array> {
    return this.zip.bytes(this.root + name);
  }

  text(name: string): Promise<string> {
    return this.zip.text(this.root + name);
  }

  async lines(name: string): Promise<readonly string[]> {
    const text = await this.text(name);
    if (text !== "" && !text.endsWith("\n")) throw new Error(`${name}：最后一行不完整`);
    return text.split("\n").slice(0, -1);
  }
}

/** The one folder in which everything lies. */
function rootOf(zip: StoredZip): string {
  const first = zip.names[0] ?? "";
  const root = first.slice(0, first.indexOf("/") + 1);
  const stray = zip.names.find((name) => root === "" || !name.startsWith(root) || name.includes(".."));
  if (stray !== undefined) throw new Error(`${stray}：不在证据包的文件夹内`);
  return root;
}

/** Every file of the folder is listed, every listed one is there and is what the list says. */
async function manifestCheck(
  bag: Bag,
  manifest: string,
  folder: string | null,
  digest: (bytes: Uint8Array) => Promise<string>,
): Promise<string> {
  const listed = new Map<string, string>();
  for (const line of await bag.lines(manifest)) {
    const [, hash, name] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (hash === undefined || name === undefined) throw new Error(`${manifest}：无法识别的行 ${line}`);
    listed.set(name, hash);
  }
  const there = bag.names.filter((name) => (folder === null ? isTagFile(name) : name.startsWith(folder)));
  const extra = there.find((name) => !listed.has(name));
  if (extra !== undefined) throw new Error(`${extra}：不在清单中`);
  for (const [name, hash] of listed)
    if ((await digest(await bag.bytes(name))) !== hash) throw new Error(`${name}：内容与清单不符`);
  return `${listed.size} 个文件`;
}

/** What lies outside of the lists: the signatures, and the list that they sign. */
const UNLISTED: readonly string[] = [
  "tagmanifest-sha256.txt",
  "signatures/tagmanifest.ed25519.sig",
  "signatures/tagmanifest.sm2.sig",
  "signatures/tagmanifest.tsr",
];

function isTagFile(name: string): boolean {
  return !name.startsWith("data/") && !UNLISTED.includes(name);
}

async function keysOf(bag: Bag, trusted: string | null): Promise<readonly PublicKey[]> {
  const text = trusted ?? (await bag.text("kadun/public-keys.json"));
  const { keys } = JSON.parse(text) as { keys?: PublicKey[] };
  if (!Array.isArray(keys) || keys.length === 0) throw new Error("公钥文件无法识别");
  return keys;
}

async function signatureCheck(bag: Bag, keys: readonly PublicKey[], isTrusted: boolean): Promise<string> {
  const signature = await bag.bytes("signatures/tagmanifest.ed25519.sig");
  const message = await bag.bytes("tagmanifest-sha256.txt");
  for (const key of keys) {
    if (!(await isSigned(signature, message, key))) continue;
    return isTrusted
      ? `密钥 ${key.keyId},与您提供的公钥一致`
      : `密钥 ${key.keyId}；公钥取自包内，只说明包未被改动，不说明由谁签发：请提供官方公布的公钥`;
  }
  throw new Error("signatures/tagmanifest.ed25519.sig: 与公钥不符");
}

async function isSigned(
  signature: Uint8Array,
  message: Uint8Array,
  { ed25519 }: PublicKey,
): Promise<boolean> {
  try {
    return await verifyAsync(signature, message, rawKeyOf(ed25519));
  } catch {
    return false;
  }
}

/** Of an Ed25519 key in SPKI the last 32 bytes are the key (RFC 8410). */
function rawKeyOf(pem: string): Uint8Array {
  const base64 = pem.replace(/-----[^-]+-----/g, "").replace(/\s/g, "");
  return base64Bytes(base64).slice(-32);
}

async function custodyCheck(bag: Bag): Promise<string> {
  let previous = NO_DIGEST;
  const lines = await bag.lines("data/custody.ndjson");
  for (const [index, line] of lines.entries()) {
    const { seq, previousSha256 } = JSON.parse(line) as { seq?: number; previousSha256?: string };
    if (seq !== index + 1 || previousSha256 !== previous)
      throw new Error(`data/custody.ndjson 第 ${index + 1} 行：与前一行不相接`);
    previous = await sha256(textBytes(line));
  }
  if (lines.length === 0) throw new Error("data/custody.ndjson: 没有记录");
  return `${lines.length} 条记录`;
}

// day proofs ----------------------------------------------------------------------------------------

interface DayProof {
  readonly partition: number;
  readonly day: string;
  readonly fromOffset: number;
  readonly endOffset: number;
  readonly persons: number;
  readonly root: string;
  readonly keyId: string;
  readonly previousSha256: string;
  readonly signature: string;
}

interface Leaf {
  readonly index: number;
  readonly leafKey: string;
  readonly digest: string;
  readonly path: readonly string[];
}

interface ProofLine {
  readonly dayProof: string;
  readonly person:
    | { readonly found: "present"; readonly leaf: Leaf }
    | { readonly found: "absent"; readonly left: Leaf | null; readonly right: Leaf | null };
}

async function proofsCheck(bag: Bag, keys: readonly PublicKey[]): Promise<string> {
  const { personKey, partition, range } = JSON.parse(await bag.text("data/case.json")) as {
    personKey: string;
    partition: number;
    range: { fromOffset: number; endOffset: number };
  };
  const lines = await personLines(bag);
  // Only behind a checkpoint may something come before the first line.
  const isWhole = !bag.names.includes("data/checkpoint.json");
  if (isWhole && range.fromOffset !== 0) throw new Error("data/case.json: 范围不是从第一条记录开始");
  let [next, previous, present, taken] = [range.fromOffset, isWhole ? NO_DIGEST : null, 0, 0];
  let isPresent = false;
  const proofs = await bag.lines("data/proofs.ndjson");
  for (const [index, text] of proofs.entries()) {
    const place = `data/proofs.ndjson 第 ${index + 1} 行`;
    const { dayProof, person } = JSON.parse(text) as ProofLine;
    const proof = JSON.parse(dayProof) as DayProof;
    if (proof.fromOffset !== next || (previous !== null && proof.previousSha256 !== previous))
      throw new Error(`${place}：与前一日的证明不相接`);
    if (proof.partition !== partition) throw new Error(`${place}：属于另一分区`);
    if (!(await isSignedProof(dayProof, proof, keys))) throw new Error(`${place}：签名不符`);
    const own = lines.filter(({ offset }) => offset >= proof.fromOffset && offset < proof.endOffset);
    taken += own.length;
    await checkPerson(place, { proof, person, personKey, own: own.map(({ line }) => line) });
    isPresent = person.found === "present";
    if (isPresent) present++;
    [next, previous] = [proof.endOffset, await sha256(textBytes(dayProof))];
  }
  if (next !== range.endOffset) throw new Error(`data/proofs.ndjson: 缺少偏移 ${next} 之后的证明`);
  // Nobody of this partition is in another one's proofs.
  if (!isPresent) throw new Error("data/proofs.ndjson: 最后一段没有本人记录");
  if (taken !== lines.length) throw new Error("data/journal.ndjson: 有记录不在任何一日的证明之内");
  return `${proofs.length} 段，其中 ${present} 段有本人记录；其余已证明没有本人记录`;
}

async function isSignedProof(line: string, proof: DayProof, keys: readonly PublicKey[]): Promise<boolean> {
  const key = keys.find(({ keyId }) => keyId === proof.keyId);
  const tail = `,"signature":${JSON.stringify(proof.signature)}}`;
  if (key === undefined || !line.endsWith(tail)) return false;
  const signed = `${line.slice(0, -tail.length)}}`;
  return isSigned(base64Bytes(proof.signature), textBytes(signed), key);
}

interface Person extends Pick<ProofLine, "person"> {
  readonly proof: DayProof;
  readonly personKey: string;
  readonly own: readonly string[];
}

async function checkPerson(place: string, { proof, person, personKey, own }: Person): Promise<void> {
  const leafKey = await sha256(joined(textBytes(`kadun-leaf\0${proof.day}`), hexBytes(personKey)));
  if (person.found === "present") {
    const { leaf } = person;
    if (leaf.leafKey !== leafKey || leaf.digest !== (await digestOf(own)))
      throw new Error(`${place}：本人记录与已签名的摘要不符（有记录缺失、增加或被改动）`);
    return checkLeaf(place, leaf, proof);
  }
  if (own.length > 0) throw new Error(`${place}：证明说没有本人记录，包内却有`);
  const { left, right } = person;
  for (const leaf of [left, right]) if (leaf !== null) await checkLeaf(place, leaf, proof);
  const isPlace =
    (left === null ? -1 : left.index) + 1 === (right === null ? proof.persons : right.index) &&
    (left === null || left.leafKey < leafKey) &&
    (right === null || leafKey < right.leafKey) &&
    (proof.persons > 0 || proof.root === (await sha256(new Uint8Array(0))));
  if (!isPlace) throw new Error(`${place}：没有证明本人当日无记录`);
}

async function checkLeaf(place: string, leaf: Leaf, { persons, root }: DayProof): Promise<void> {
  // Hashes are compared as texts: one in capitals, or an index such as 1.5, would stand where its leaf does not.
  const isShape =
    Number.isSafeInteger(leaf.index) &&
    leaf.index >= 0 &&
    [leaf.leafKey, leaf.digest, ...leaf.path].every((hash) => /^[0-9a-f]{64}$/.test(hash));
  if (!isShape) throw new Error(`${place}：叶子的格式不对`);
  const hash = await sha256(joined(Uint8Array.of(0), hexBytes(leaf.leafKey), hexBytes(leaf.digest)));
  if ((await rootFrom(hash, leaf, persons)) !== root) throw new Error(`${place}：到根的路径不符`);
}

/** RFC 9162 section 2.1.3.2. null where the path has another length than the tree asks for. */
async function rootFrom(leafHash: string, { index, path }: Leaf, size: number): Promise<string | null> {
  if (index >= size) return null;
  let [node, last, hash] = [index, size - 1, leafHash];
  for (const sibling of path) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      hash = await nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
    } else hash = await nodeHash(hash, sibling);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : null;
}

function nodeHash(left: string, right: string): Promise<string> {
  return sha256(joined(Uint8Array.of(1), hexBytes(left), hexBytes(right)));
}

async function digestOf(lines: readonly string[]): Promise<string> {
  let digest: Uint8Array = new Uint8Array(32);
  for (const line of lines)
    digest = hexBytes(await sha256(joined(digest, hexBytes(await sha256(textBytes(line))))));
  return hexOf(digest);
}

/** A record, then its outcomes, then the next record. */
async function personLines(bag: Bag): Promise<readonly { readonly offset: number; readonly line: string }[]> {
  const outcomes = await bag.lines("data/outcomes.ndjson");
  const all: { offset: number; line: string }[] = [];
  let next = 0;
  for (const line of await bag.lines("data/journal.ndjson")) {
    const { offset } = JSON.parse(line) as { offset: number };
    all.push({ offset, line });
    for (; next < outcomes.length; next++) {
      const outcome = outcomes[next]!;
      if ((JSON.parse(outcome) as { journalOffset: number }).journalOffset !== offset) break;
      all.push({ offset, line: outcome });
    }
  }
  if (next < outcomes.length) throw new Error(`data/outcomes.ndjson 第 ${next + 1} 行：没有对应的记录`);
  return all;
}

// bytes --------------------------------------------------------------------------------------------

async function sha256(bytes: Uint8Array): Promise<string> {
  return hexOf(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)));
}

function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function hexBytes(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
}

function base64Bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
