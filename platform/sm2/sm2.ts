/**
 * SM2 signatures with SM3 (GB/T 32918.2) by sm-crypto-v2, which OpenSSL verifies; node's own do not follow the standard (its user
 * id is empty).
 *
 * 1. Nonces are derived from key and message as RFC 6979 derives those of ECDSA, with HMAC-SM3: the same bytes get the same
 *    signature, and no bad source of randomness can give the key away.
 */

import { createHmac } from "node:crypto";
import { sm2 as library } from "sm-crypto-v2";

/** What the standard has where nobody agreed on another: OpenSSL's `distid`. */
export const SM2_USER_ID = "1234567812345678";
const BYTES = 32;
/** Order of the curve. */
const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
/** SubjectPublicKeyInfo up to the point: ecPublicKey on curve SM2 (1.2.156.10197.1.301). */
const SPKI_HEAD = Buffer.from("3059301306072a8648ce3d020106082a811ccf5501822d034200", "hex");
const POINT_BYTES = 1 + 2 * BYTES;
const PEM_LINE = 64;

/** @returns 64 hexadecimal digits. */
export function newSm2Key(): string {
  return library.generateKeyPairHex().privateKey.padStart(2 * BYTES, "0");
}

/** SPKI, PEM. */
export function sm2PublicKeyPem(privateKey: string): string {
  const point = Buffer.from(library.getPublicKeyFromPrivateKey(privateKey), "hex");
  const base64 = Buffer.concat([SPKI_HEAD, point]).toString("base64");
  const lines = base64.match(new RegExp(`.{1,${PEM_LINE}}`, "g")) ?? [];
  return `-----BEGIN PUBLIC KEY-----\n${lines.join("\n")}\n-----END PUBLIC KEY-----\n`;
}

/** @returns DER. */
export function signSm2(message: Uint8Array, privateKey: string): Uint8Array {
  const publicKey = library.getPublicKeyFromPrivateKey(privateKey);
  const digest = library.getHash(Buffer.from(message).toString("hex"), publicKey, SM2_USER_ID);
  // Popped from the end: the first is tried first.
  const pointPool = noncesOf(privateKey, digest).map(pointOf).reverse();
  const options = { der: true, hash: true, publicKey, userId: SM2_USER_ID, pointPool };
  return Buffer.from(library.doSignature(message, privateKey, options), "hex");
}

/** false too where key or signature are none. @param publicKey SPKI, PEM. */
export function isSignedSm2(message: Uint8Array, signature: Uint8Array, publicKey: string): boolean {
  const [point, numbers] = [pointIn(publicKey), numbersIn(Buffer.from(signature))];
  if (point === null || numbers === null) return false;
  try {
    const options = { hash: true, userId: SM2_USER_ID };
    return library.doVerifySignature(message, numbers.toString("hex"), point, options);
  } catch {
    return false;
  }
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** r and s of SEQUENCE { INTEGER, INTEGER }; null where the bytes are not the one encoding that DER has (the library is lax). */
function numbersIn(der: Buffer): Buffer | null {
  const first = integerAt(der, 2);
  const second = first === null ? null : integerAt(der, first.end);
  const isWhole = der[0] === SEQUENCE && der[1] === der.length - 2 && second?.end === der.length;
  return first === null || second === null || !isWhole ? null : Buffer.concat([first.value, second.value]);
}

function integerAt(der: Buffer, at: number): { readonly value: Buffer; readonly end: number } | null {
  const length = der[at + 1] ?? 0;
  const end = at + 2 + length;
  const bytes = der.subarray(at + 2, end);
  const isShortest = bytes[0] !== 0x00 || (length > 1 && bytes[1]! >= 0x80);
  if (der[at] !== INTEGER || length === 0 || end > der.length || bytes[0]! >= 0x80 || !isShortest)
    return null;
  const value = bytes[0] === 0x00 ? bytes.subarray(1) : bytes;
  return value.length > BYTES
    ? null
    : { value: Buffer.concat([Buffer.alloc(BYTES - value.length), value]), end };
}

function pointIn(pem: string): string | null {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const isSm2 =
    der.length === SPKI_HEAD.length + POINT_BYTES && der.subarray(0, SPKI_HEAD.length).equals(SPKI_HEAD);
  return isSm2 ? der.subarray(SPKI_HEAD.length).toString("hex") : null;
}

/** A nonce is refused with a chance of 2^-256: a second one is more than enough. */
const NONCES = 2;

/** RFC 6979 section 3.2, with SM3 in place of SHA-2. */
function noncesOf(privateKey: string, digest: string): readonly bigint[] {
  const seed = Buffer.concat([
    Buffer.from(privateKey, "hex"),
    Buffer.from(digest.padStart(2 * BYTES, "0"), "hex"),
  ]);
  let [key, value] = [Buffer.alloc(BYTES, 0x00), Buffer.alloc(BYTES, 0x01)];
  const mac = (...parts: readonly Uint8Array[]) =>
    createHmac("sm3", key).update(Buffer.concat(parts)).digest();
  for (const mark of [0x00, 0x01]) {
    key = mac(value, Buffer.of(mark), seed);
    value = mac(value);
  }
  const nonces: bigint[] = [];
  while (nonces.length < NONCES) {
    value = mac(value);
    const nonce = BigInt(`0x${value.toString("hex")}`);
    if (nonce > 0n && nonce < N) nonces.push(nonce);
    key = mac(value, Buffer.of(0x00));
    value = mac(value);
  }
  return nonces;
}

function pointOf(k: bigint): { readonly k: bigint; readonly x1: bigint } {
  const point = library.getPublicKeyFromPrivateKey(k.toString(16).padStart(2 * BYTES, "0"));
  return { k, x1: BigInt(`0x${point.slice(2, 2 + 2 * BYTES)}`) };
}
