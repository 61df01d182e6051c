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
  return [certificate.mdtrt_cert_no, certificate.card_sn]
    .map((number) => number?.trim())
    .find((number) => number !== undefined && number !== "" && !isResidentNumber(number));
}

const RESIDENT_PATTERN = /^[1-9]\d{5}(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]$/;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = "10X98765432";

/** Before 1999: two digits of the year, no check digit; known by its province, which keeps most card numbers out. */
const FORMER_PATTERN =
  /^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)\d{4}\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}$/;

/**
 * GB 11643: 18 characters with their check digit, or the 15 digits of before 1999; spaces around it count for nothing.
 * Of numbers of 15 random digits one in 80 looks like a former one: such a card is known by its person only.
 */
export function isResidentNumber(text: string): boolean {
  const number = text.trim();
  if (FORMER_PATTERN.test(number)) return true;
  if (!RESIDENT_PATTERN.test(number)) return false;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * (number.charCodeAt(at) - 48), 0);
  return CHECK_DIGITS[sum % CHECK_DIGITS.length] === number[17]!.toUpperCase();
}
