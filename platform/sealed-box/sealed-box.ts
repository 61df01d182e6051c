/**
 * Sealed bytes: AES-256-GCM under a named key, bound to a context. What was sealed for one context does not open in
 * another, so nobody can move a value to another key of a store.
 *
 * Layout: 1 byte version, 1 byte length of the key id, key id (ASCII), 12 bytes nonce, 16 bytes tag, ciphertext.
 * Header (version, key id) and context are authenticated too. Nonces are random: one key seals far below the 2^32
 * values at which a repeated nonce becomes thinkable.
 */

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const CIPHER = "aes-256-gcm";
const VERSION = 1;
export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 2;
const KEY_ID_PATTERN = /^[a-z0-9-]{1,32}$/;

export interface SealingKey {
  /** Lower-case letters, digits, hyphens; at most 32. Written beside every sealed value. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

export type SealedBoxErrorCode = "KEY_INVALID" | "KEY_UNKNOWN" | "FORMAT_UNKNOWN" | "TAMPERED";

export class SealedBoxError extends Error {
  override readonly name = "SealedBoxError";
  readonly retryable = false;

  constructor(
    readonly code: SealedBoxErrorCode,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

export class SealedBox {
  private readonly sealing: SealingKey;
  private readonly keys = new Map<string, Uint8Array>();

  /**
   * @param sealing seals from now on.
   * @param opening earlier keys whose values can still be opened.
   */
  constructor(sealing: SealingKey, opening: readonly SealingKey[] = []) {
    for (const { id, key } of [...opening, sealing]) {
      if (!KEY_ID_PATTERN.test(id))
        throw new SealedBoxError("KEY_INVALID", "a key id is 1 to 32 lower-case letters, digits or hyphens");
      if (key.length !== KEY_BYTES)
        throw new SealedBoxError("KEY_INVALID", `key '${id}' has ${key.length} bytes, expected ${KEY_BYTES}`);
      this.keys.set(id, key);
    }
    this.sealing = sealing;
  }

  seal(plain: Uint8Array, context: string): Uint8Array {
    const { id, key } = this.sealing;
    const head = Buffer.from([VERSION, id.length, ...Buffer.from(id, "ascii")]);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.concat([head, Buffer.from(context, "utf8")]));
    const body = cipher.update(plain);
    cipher.final();
    return Buffer.concat([head, nonce, cipher.getAuthTag(), body]);
  }

  /**
   * Another key that follows from the one that seals (HKDF-SHA-256), for hashes of what must not be found by trying: whoever
   * has the database alone cannot make it. 32 bytes. With another sealing key it is another one.
   */
  derivedKey(purpose: string): Uint8Array {
    const { key } = this.sealing;
    return new Uint8Array(hkdfSync("sha256", key, Buffer.alloc(0), purpose, KEY_BYTES));
  }

  /** @throws SealedBoxError KEY_UNKNOWN, FORMAT_UNKNOWN, TAMPERED. */
  open(sealed: Uint8Array, context: string): Uint8Array {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length);
    const bodyAt = bodyOffset(bytes);
    const headEnd = bodyAt - NONCE_BYTES - TAG_BYTES;
    const tagAt = headEnd + NONCE_BYTES;
    const decipher = createDecipheriv(CIPHER, this.keyOf(bytes, headEnd), bytes.subarray(headEnd, tagAt), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.concat([bytes.subarray(0, headEnd), Buffer.from(context, "utf8")]));
    decipher.setAuthTag(bytes.subarray(tagAt, bodyAt));
    const plain = decipher.update(bytes.subarray(bodyAt));
    try {
      decipher.final();
    } catch (cause) {
      throw new SealedBoxError(
        "TAMPERED",
        "a sealed value does not open: it was changed, moved or sealed under another key of the same id",
        { cause },
      );
    }
    return plain;
  }

  private keyOf(bytes: Buffer, headEnd: number): Uint8Array {
    const id = bytes.toString("latin1", HEAD_BYTES, headEnd);
    const key = this.keys.get(id);
    if (key !== undefined) return key;
    if (!KEY_ID_PATTERN.test(id))
      throw new SealedBoxError("FORMAT_UNKNOWN", "a sealed value without a key id");
    throw new SealedBoxError(
      "KEY_UNKNOWN",
      `a value is sealed under key '${id}', which was not given; known: ${[...this.keys.keys()].join(", ")}`,
    );
  }
}

function bodyOffset(bytes: Buffer): number {
  const offset = HEAD_BYTES + (bytes[1] ?? 0) + NONCE_BYTES + TAG_BYTES;
  if (bytes[0] !== VERSION || bytes.length < offset)
    throw new SealedBoxError(
      "FORMAT_UNKNOWN",
      `${bytes.length} bytes are not a sealed value of version ${VERSION}`,
    );
  return offset;
}
