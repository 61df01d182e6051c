/** 就诊凭证 (mdtrt_cert_type, mdtrt_cert_no) ↔ credential and card number. */
import type { Credential } from "../fields.js";

/** 04 Macau, 05 Hong Kong, 06 local card and 17 are a vendor's local extension, sent upstream as 03. */
const CREDENTIAL_OF: Readonly<Record<string, Credential>> = {
  "01": "e-credential",
  "02": "identity-document",
  "03": "card",
  "04": "card",
  "05": "card",
  "06": "card",
  "17": "card",
};
export const CERT_TYPES_EXPECTED = `one of ${Object.keys(CREDENTIAL_OF).sort().join(", ")}`;

/** What a credential is written as; the platform has no type for the last two. */
export const CERT_TYPE_OF = {
  card: "03",
  "e-credential": "01",
  "identity-document": "02",
  "temporary-card": "03",
  "interim-certificate": "02",
} as const satisfies Readonly<Record<Credential, string>>;

export interface Certificate {
  readonly mdtrt_cert_type?: string | undefined;
  readonly mdtrt_cert_no?: string | undefined;
  readonly card_sn?: string | undefined;
}

export function credentialOf(certType: string): Credential | null {
  return Object.hasOwn(CREDENTIAL_OF, certType) ? CREDENTIAL_OF[certType]! : null;
}

const IS_CARD: Readonly<Record<Credential, boolean>> = {
  card: true,
  "temporary-card": true,
  "e-credential": false,
  "identity-document": false,
  "interim-certificate": false,
};

/**
 * The number of a card, for its token. Of an e-credential it is a one-time token and of an ID card the ID number:
 * neither is taken. Nor is a number that is a resident's ID number wherever it stands: some places print it on cards,
 * some senders put it into the wrong field. The number counts before `card_sn`: every message about a card has it.
 */
export function cardNumberOf(credential: Credential, certificate: Certificate): string | undefined {
  if (!IS_CARD[credential]) return undefined;
  return [certificate.mdtrt_cert_no, certificate.card_sn].find(
    (number) => number !== undefined && !isResidentNumber(number),
  );
}

const RESIDENT_PATTERN = /^[1-9]\d{5}(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]$/;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = "10X98765432";

/**
 * GB 11643: 18 characters with their check digit. The 15 digits of before 1999 are not looked for: they have none, so
 * they would take in many a card number too, and a lost card would go unknown.
 */
export function isResidentNumber(text: string): boolean {
  if (!RESIDENT_PATTERN.test(text)) return false;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * (text.charCodeAt(at) - 48), 0);
  return CHECK_DIGITS[sum % CHECK_DIGITS.length] === text[17]!.toUpperCase();
}
