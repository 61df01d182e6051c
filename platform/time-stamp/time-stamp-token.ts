/**
 * Time stamps of RFC 3161 as bytes: a request, and a response read and checked. CMS (RFC 5652) as far as time stamps use
 * it: one signer with signed attributes, RSA (PKCS #1 v1.5), ECDSA, Ed25519 or SM2.
 */

import { createHash, verify, X509Certificate } from "node:crypto";
import {
  DerError,
  DerReader,
  type DerValue,
  der,
  derInteger,
  derObjectId,
  integerOf,
  objectIdOf,
  Tag,
} from "../der/der.js";
import { isSignedSm2 } from "../sm2/sm2.js";
import { TimeStampError } from "./time-stamp.js";

const OID = {
  SHA256: "2.16.840.1.101.3.4.2.1",
  SIGNED_DATA: "1.2.840.113549.1.7.2",
  TIME_STAMP_INFO: "1.2.840.113549.1.9.16.1.4",
  CONTENT_TYPE: "1.2.840.113549.1.9.3",
  MESSAGE_DIGEST: "1.2.840.113549.1.9.4",
  SIGNING_CERTIFICATE: "1.2.840.113549.1.9.16.2.12",
  SIGNING_CERTIFICATE_V2: "1.2.840.113549.1.9.16.2.47",
  RSA_PSS: "1.2.840.113549.1.1.10",
} as const;
/** As Node calls them. */
const HASHES: Readonly<Record<string, string>> = {
  "1.3.14.3.2.26": "sha1",
  [OID.SHA256]: "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
  "1.2.156.10197.1.401": "sm3",
};
/** Extended key usage of a time-stamp authority. */
const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
const CONTEXT_0 = 0xa0;
const CONTEXT_1 = 0xa1;
const CHAIN_MAX = 8;

export interface TimeStamp {
  /** Subject of the certificate that signed, in one line. */
  readonly authority: string;
  /** UTC, as the authority wrote it: `20261127023232Z`, with a fraction where it gave one. */
  readonly at: string;
  /** Its certificate leads to one of the authorities given. */
  readonly isTrusted: boolean;
  /** Of the request; null where it had none. */
  readonly nonce: bigint | null;
}

export interface Expected {
  readonly sha256: Uint8Array;
  /** Certificates (CA) that are trusted; none: whoever signed is not looked at. */
  readonly authorities: readonly X509Certificate[];
}

/** TimeStampReq that asks for the certificate too. */
export function timeStampRequest(sha256: Uint8Array, nonce: bigint): Buffer {
  const algorithm = der(Tag.SEQUENCE, derObjectId(OID.SHA256), der(Tag.NULL));
  const imprint = der(Tag.SEQUENCE, algorithm, der(Tag.OCTET_STRING, sha256));
  return der(Tag.SEQUENCE, derInteger(1n), imprint, derInteger(nonce), der(Tag.BOOLEAN, Buffer.of(0xff)));
}

/**
 * A TimeStampResp (the file `.tsr` of openssl ts), checked: granted, over this hash, signed by the certificate in it.
 * @throws TimeStampError REFUSED where the authority granted nothing, INVALID where anything else is wrong.
 */
export function readTimeStamp(response: Uint8Array, expected: Expected): TimeStamp {
  try {
    const signed = signedDataOf(response);
    const info = infoOf(signed.info);
    if (!info.sha256.equals(expected.sha256)) throw invalid("is over another hash");
    const certificate = signerOf(signed);
    const at = timeMs(info.at);
    const isTrusted = expected.authorities.length > 0;
    if (isTrusted) checkChain(certificate, signed.certificates, { at, authorities: expected.authorities });
    return {
      authority: certificate.subject.split("\n").join(", "),
      at: info.at,
      nonce: info.nonce,
      isTrusted,
    };
  } catch (error) {
    if (error instanceof DerError) throw invalid(error.message, error);
    throw error;
  }
}

interface SignedData {
  /** TSTInfo, as it was signed. */
  readonly info: Buffer;
  readonly certificates: readonly X509Certificate[];
  readonly hash: string;
  readonly attributes: ReadonlyMap<string, DerValue>;
  /** As they were signed: with the tag of a SET. */
  readonly attributesBytes: Buffer;
  readonly signature: Buffer;
}

function signedDataOf(response: Uint8Array): SignedData {
  const outer = new DerReader(response);
  const whole = outer.inner(Tag.SEQUENCE);
  outer.end();
  const status = integerOf(whole.inner(Tag.SEQUENCE).read(Tag.INTEGER));
  if (status > 1n) throw new TimeStampError("REFUSED", `the authority refused (status ${status})`, false);
  const content = whole.inner(Tag.SEQUENCE);
  whole.end();
  expectObjectId(content, OID.SIGNED_DATA);
  const signed = content.inner(CONTEXT_0).inner(Tag.SEQUENCE);
  signed.read(Tag.INTEGER);
  signed.read(Tag.SET);
  const encapsulated = signed.inner(Tag.SEQUENCE);
  expectObjectId(encapsulated, OID.TIME_STAMP_INFO);
  const info = encapsulated.inner(CONTEXT_0).read(Tag.OCTET_STRING).content;
  const certificates = certificatesOf(signed.readIf(CONTEXT_0));
  signed.readIf(CONTEXT_1);
  const signers = signed.inner(Tag.SET);
  const signer = signers.inner(Tag.SEQUENCE);
  signers.end();
  return { info, certificates, ...signerInfo(signer) };
}

function signerInfo(signer: DerReader) {
  signer.read(Tag.INTEGER);
  // Issuer and serial number, or the key's name: the certificate is found by its hash among the attributes.
  signer.read();
  const hash = hashOf(signer.inner(Tag.SEQUENCE));
  const { content } = signer.read(CONTEXT_0);
  if (objectIdOf(signer.inner(Tag.SEQUENCE).read(Tag.OBJECT_ID)) === OID.RSA_PSS)
    throw invalid("is signed with RSA-PSS, which is not supported");
  const signature = signer.read(Tag.OCTET_STRING).content;
  return { hash, attributes: attributesOf(content), attributesBytes: der(Tag.SET, content), signature };
}

function attributesOf(content: Buffer): ReadonlyMap<string, DerValue> {
  const attributes = new Map<string, DerValue>();
  for (const all = new DerReader(content); !all.isAtEnd; ) {
    const attribute = all.inner(Tag.SEQUENCE);
    const kind = objectIdOf(attribute.read(Tag.OBJECT_ID));
    if (attributes.has(kind)) throw invalid(`attribute ${kind} stands in it twice`);
    attributes.set(kind, attribute.inner(Tag.SET).read());
  }
  return attributes;
}

function certificatesOf(found: DerValue | null): readonly X509Certificate[] {
  const certificates: X509Certificate[] = [];
  if (found === null) return certificates;
  for (const all = new DerReader(found.content); !all.isAtEnd; ) {
    const { tag, whole } = all.read();
    if (tag === Tag.SEQUENCE) certificates.push(certificateOf(whole));
  }
  return certificates;
}

function certificateOf(bytes: Buffer): X509Certificate {
  try {
    return new X509Certificate(bytes);
  } catch (error) {
    throw invalid("has a certificate that cannot be read", error);
  }
}

function infoOf(bytes: Buffer) {
  const info = new DerReader(bytes).inner(Tag.SEQUENCE);
  info.read(Tag.INTEGER);
  info.read(Tag.OBJECT_ID);
  const imprint = info.inner(Tag.SEQUENCE);
  if (hashOf(imprint.inner(Tag.SEQUENCE)) !== "sha256")
    throw invalid("is over another kind of hash than SHA-256");
  const sha256 = imprint.read(Tag.OCTET_STRING).content;
  info.read(Tag.INTEGER);
  const at = info.read(Tag.GENERALIZED_TIME).content.toString("latin1");
  info.readIf(Tag.SEQUENCE);
  info.readIf(Tag.BOOLEAN);
  const nonce = info.readIf(Tag.INTEGER);
  return { sha256, at, nonce: nonce === null ? null : integerOf(nonce) };
}

/** The certificate named by the signed attributes, whose key made the signature. */
function signerOf({
  info,
  certificates,
  hash,
  attributes,
  attributesBytes,
  signature,
}: SignedData): X509Certificate {
  const type = attributes.get(OID.CONTENT_TYPE);
  if (type === undefined || objectIdOf(type) !== OID.TIME_STAMP_INFO)
    throw invalid("does not sign a time stamp");
  const digest = attributes.get(OID.MESSAGE_DIGEST)?.content;
  if (digest?.equals(createHash(hash).update(info).digest()) !== true)
    throw invalid("its content was changed after it was signed");
  const isNamed = namedCertificate(attributes);
  const certificate = certificates.find(isNamed);
  if (certificate === undefined) throw invalid("has no certificate of the authority in it");
  if (certificate.keyUsage?.includes(TIME_STAMPING) !== true)
    throw invalid("its certificate is not one for time stamps");
  if (!isSignedBy(certificate, hash, attributesBytes, signature)) throw invalid("its signature is wrong");
  return certificate;
}

/** RFC 5035: the hash of the certificate, with SHA-1 in the first form. */
function namedCertificate(
  attributes: ReadonlyMap<string, DerValue>,
): (certificate: X509Certificate) => boolean {
  const second = attributes.get(OID.SIGNING_CERTIFICATE_V2);
  const value = second ?? attributes.get(OID.SIGNING_CERTIFICATE);
  if (value === undefined) throw invalid("does not say which certificate signed");
  const first = new DerReader(value.content).inner(Tag.SEQUENCE).inner(Tag.SEQUENCE);
  const algorithm = first.readIf(Tag.SEQUENCE);
  const hash =
    second === undefined ? "sha1" : algorithm === null ? "sha256" : hashOf(new DerReader(algorithm.content));
  const { content } = first.read(Tag.OCTET_STRING);
  return ({ raw }) => createHash(hash).update(raw).digest().equals(content);
}

function isSignedBy(
  { publicKey }: X509Certificate,
  hash: string,
  message: Buffer,
  signature: Buffer,
): boolean {
  if (hash === "sm3")
    return isSignedSm2(message, signature, publicKey.export({ type: "spki", format: "pem" }).toString());
  const isEdwards = publicKey.asymmetricKeyType === "ed25519" || publicKey.asymmetricKeyType === "ed448";
  return verify(isEdwards ? null : hash, message, publicKey, signature);
}

/** Up to one of the authorities, each valid when the stamp was made. */
function checkChain(
  signer: X509Certificate,
  certificates: readonly X509Certificate[],
  { at, authorities }: { readonly at: number; readonly authorities: readonly X509Certificate[] },
): void {
  let current = signer;
  for (let length = 0; length < CHAIN_MAX; length++) {
    if (at < Date.parse(current.validFrom) || at > Date.parse(current.validTo))
      throw invalid(
        `the certificate of ${current.subject.split("\n").join(", ")} was not valid when it was made`,
      );
    const { fingerprint256 } = current;
    if (authorities.some((trusted) => trusted.fingerprint256 === fingerprint256)) return;
    const issuer = [...authorities, ...certificates].find((other) => isIssuedBy(current, other));
    if (issuer === undefined) break;
    current = issuer;
  }
  throw invalid(
    `the certificate of ${signer.subject.split("\n").join(", ")} does not lead to an authority that was given`,
  );
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function hashOf(algorithm: DerReader): string {
  const oid = objectIdOf(algorithm.read(Tag.OBJECT_ID));
  const hash = HASHES[oid];
  if (hash === undefined) throw invalid(`uses the hash ${oid}, which is not supported`);
  return hash;
}

function expectObjectId(reader: DerReader, expected: string): void {
  const found = objectIdOf(reader.read(Tag.OBJECT_ID));
  if (found !== expected) throw invalid(`expected ${expected}, found ${found}`);
}

function timeMs(text: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.\d+)?Z$/.exec(text) ?? [];
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(ms)) throw invalid(`its time is none: ${JSON.stringify(text)}`);
  return ms;
}

function invalid(message: string, cause?: unknown): TimeStampError {
  return new TimeStampError("INVALID", message, false, { cause });
}
