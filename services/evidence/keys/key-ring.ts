/**
 * The office's keys for evidence: the pair in use, and the public keys of those before.
 *
 * Owns: one file, readable by its owner only. Does not own: signing (platform/signer).
 *
 * 1. The file is replaced whole: whoever is killed finds the ring of before or of after.
 * 2. A private key is destroyed when it is retired; what it signed is verified by its public key for ever.
 * 3. Each pair but the first is vouched for by the one before it.
 */

import { createPublicKey, generateKeyPairSync, hash, type KeyObject, sign, verify } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import * as z from "zod";
import { type FileKeys, fileSigner } from "../../../platform/signer/file/file-signer.js";
import type { Signer } from "../../../platform/signer/signer.js";
import { newSm2Key, sm2PublicKeyPem } from "../../../platform/sm2/sm2.js";
import {
  KEYS_FORMAT,
  type PublishedKey,
  type PublishedKeys,
  publishedKey,
} from "../../../schemas/evidence/keys.js";
import { formatInstant } from "../../../schemas/instant.js";
import { writeWhole } from "./write-whole.js";

const KEY_ID_LENGTH = 16;

const ringFile = z.object({
  product: z.literal("kadun-evidence-key-ring"),
  format: z.literal(KEYS_FORMAT),
  private: z.object({ keyId: z.string(), ed25519: z.string(), sm2: z.string().regex(/^[0-9a-f]{64}$/) }),
  keys: z.array(publishedKey).min(1),
});

type RingFile = z.infer<typeof ringFile>;

/** Private keys that are missing or are none. */
export class KeyRingError extends Error {
  override readonly name = "KeyRingError";
  readonly retryable = false;
}

export class KeyRing {
  private constructor(
    private readonly path: string,
    private ring: RingFile,
  ) {}

  /** Made where there is none yet. @throws KeyRingError; Error of the file system. */
  static open(path: string, nowMs: number): KeyRing {
    if (existsSync(path)) return new KeyRing(path, readRing(path));
    const { keys, published } = newPair(nowMs);
    const ring: RingFile = {
      product: "kadun-evidence-key-ring",
      format: KEYS_FORMAT,
      private: keys,
      keys: [{ ...published, previous: null }],
    };
    writeWhole(path, ringText(ring), { isNew: true });
    return new KeyRing(path, readRing(path));
  }

  /** Of the pair in use; after `rotate` another one. */
  signer(): Signer {
    return fileSigner(this.ring.private);
  }

  published(): PublishedKeys {
    return { product: "kadun-evidence-keys", format: KEYS_FORMAT, keys: this.ring.keys };
  }

  /** A new pair from here on. */
  rotate(nowMs: number): PublishedKeys {
    const { keys, published } = newPair(nowMs);
    const { private: before, keys: known } = this.ring;
    const signature = sign(null, vouchedBytes(published), before.ed25519).toString("base64");
    const retired = known.map((key) =>
      key.retiredAt === null ? { ...key, retiredAt: published.createdAt } : key,
    );
    const ring: RingFile = {
      ...this.ring,
      private: keys,
      keys: [...retired, { ...published, previous: { keyId: before.keyId, signature } }],
    };
    writeWhole(this.path, ringText(ring), { isNew: false });
    this.ring = ring;
    return this.published();
  }
}

/** Does each key follow from the one before it? @returns the first that does not; null where all do. */
export function brokenKey({ keys }: PublishedKeys): string | null {
  for (const [index, key] of keys.entries()) {
    const before = keys[index - 1];
    if (keyIdOf(key.ed25519) !== key.keyId) return `key ${key.keyId}: its id is not that of its public key`;
    if (before === undefined && key.previous !== null)
      return `key ${key.keyId}: names a key before it, ${key.previous.keyId}, which is not there`;
    if (before === undefined) continue;
    if (key.previous?.keyId !== before.keyId || !isVouchedFor(key, key.previous.signature, before.ed25519))
      return `key ${key.keyId}: the key before it, ${before.keyId}, does not vouch for it`;
  }
  return null;
}

/** First 16 hexadecimal digits of the SHA-256 of the public key; of something else, also another kind of key, an empty text. */
export function keyIdOf(ed25519: string): string {
  try {
    const key = createPublicKey(ed25519);
    if (key.asymmetricKeyType !== "ed25519") return "";
    const der = key.export({ format: "der", type: "spki" });
    return hash("sha256", der).slice(0, KEY_ID_LENGTH);
  } catch {
    return "";
  }
}

function isVouchedFor(key: PublishedKey, signature: string, ed25519: string): boolean {
  return verify(null, vouchedBytes(key), createPublicKey(ed25519), Buffer.from(signature, "base64"));
}

type Vouched = Pick<PublishedKey, "keyId" | "createdAt" | "ed25519" | "sm2">;

function vouchedBytes({ keyId, createdAt, ed25519, sm2 }: Vouched): Buffer {
  return Buffer.from(JSON.stringify({ keyId, createdAt, ed25519, sm2 }));
}

function newPair(nowMs: number): {
  readonly keys: FileKeys;
  readonly published: Omit<PublishedKey, "previous">;
} {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const sm2 = newSm2Key();
  const ed25519 = pemOf(publicKey, "spki");
  const keyId = keyIdOf(ed25519);
  return {
    keys: { keyId, ed25519: pemOf(privateKey, "pkcs8"), sm2 },
    published: {
      keyId,
      createdAt: formatInstant(nowMs),
      retiredAt: null,
      ed25519,
      sm2: sm2PublicKeyPem(sm2),
    },
  };
}

function pemOf(key: KeyObject, type: "spki" | "pkcs8"): string {
  return type === "spki"
    ? (key.export({ format: "pem", type: "spki" }) as string)
    : (key.export({ format: "pem", type: "pkcs8" }) as string);
}

function ringText(ring: RingFile): string {
  return `${JSON.stringify(ring, null, 2)}\n`;
}

/** What is wrong is said without what stands there. */
function readRing(path: string): RingFile {
  const expected = "expected the key ring of an office; restore the file from its backup";
  let parsed: z.ZodSafeParseResult<RingFile>;
  try {
    parsed = ringFile.safeParse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new KeyRingError(`${path}: cannot be read (${(error as Error).name}); ${expected}`);
  }
  if (!parsed.success)
    throw new KeyRingError(`${path}: ${parsed.error.issues[0]!.path.join(".")}: ${expected}`);
  const { keys, private: inUse } = parsed.data;
  if (keys.at(-1)!.keyId !== inUse.keyId)
    throw new KeyRingError(`${path}: key ${inUse.keyId} is not the last one of its history; ${expected}`);
  return parsed.data;
}
