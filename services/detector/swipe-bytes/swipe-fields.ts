/** The fields of a canonical swipe, in the order in which ingest writes them (services/ingest/canonicalise.ts). */

import { WordList } from "../../../platform/json/word-list.js";
import {
  CHALLENGE_RESULTS,
  CREDENTIALS,
  INSTITUTION_KINDS,
  PIN_RESULTS,
  SWIPE_KINDS,
} from "../../../schemas/fields.js";
import type { CanonicalSwipe } from "../../../schemas/journal.js";

export const ValueKind = {
  EVENT_ID: 0,
  /** Printable ASCII, which is hashed or compared. */
  IDENTIFIER: 1,
  /** Any characters: it is only repeated. */
  LABEL: 2,
  LONG_LABEL: 3,
  TAIL: 4,
  TOKEN: 5,
  CONTENT_HASH: 6,
  INSTANT: 7,
  REGION: 8,
  FEN: 9,
  DECIMAL: 10,
  FLAG: 11,
  CHOICE: 12,
  ITEMS: 13,
} as const;

interface FieldShape {
  readonly name: keyof CanonicalSwipe;
  readonly kind: (typeof ValueKind)[keyof typeof ValueKind];
  readonly required?: true;
  readonly choices?: readonly string[];
}

const FIELDS = [
  { name: "type", kind: ValueKind.CHOICE, choices: ["swipe"], required: true },
  { name: "eventId", kind: ValueKind.EVENT_ID, required: true },
  { name: "kind", kind: ValueKind.CHOICE, choices: SWIPE_KINDS, required: true },
  { name: "occurredAt", kind: ValueKind.INSTANT, required: true },
  { name: "personKey", kind: ValueKind.TOKEN, required: true },
  { name: "cardKey", kind: ValueKind.TOKEN },
  { name: "cardTail", kind: ValueKind.TAIL },
  { name: "credential", kind: ValueKind.CHOICE, choices: CREDENTIALS, required: true },
  { name: "insuredRegion", kind: ValueKind.REGION, required: true },
  { name: "careRegion", kind: ValueKind.REGION, required: true },
  { name: "institutionId", kind: ValueKind.IDENTIFIER, required: true },
  { name: "institutionKind", kind: ValueKind.CHOICE, choices: INSTITUTION_KINDS, required: true },
  { name: "institutionName", kind: ValueKind.LONG_LABEL },
  { name: "chainId", kind: ValueKind.IDENTIFIER },
  { name: "terminalId", kind: ValueKind.LABEL },
  { name: "operatorId", kind: ValueKind.LABEL },
  { name: "visitKind", kind: ValueKind.IDENTIFIER },
  { name: "totalFen", kind: ValueKind.FEN, required: true },
  { name: "accountFen", kind: ValueKind.FEN },
  { name: "fundFen", kind: ValueKind.FEN },
  { name: "cashFen", kind: ValueKind.FEN },
  { name: "sharedAccountFen", kind: ValueKind.FEN },
  { name: "balanceBeforeFen", kind: ValueKind.FEN },
  { name: "balanceAfterFen", kind: ValueKind.FEN },
  { name: "pin", kind: ValueKind.CHOICE, choices: PIN_RESULTS },
  { name: "pinIsDefault", kind: ValueKind.FLAG },
  { name: "pinIsBirthday", kind: ValueKind.FLAG },
  { name: "readError", kind: ValueKind.FLAG },
  { name: "emergency", kind: ValueKind.FLAG },
  { name: "agentPurchase", kind: ValueKind.FLAG },
  { name: "externalPrescription", kind: ValueKind.FLAG },
  { name: "agentKey", kind: ValueKind.TOKEN },
  { name: "originalEventId", kind: ValueKind.EVENT_ID },
  { name: "challengeOf", kind: ValueKind.EVENT_ID },
  { name: "challengeResult", kind: ValueKind.CHOICE, choices: CHALLENGE_RESULTS },
  { name: "longitude", kind: ValueKind.DECIMAL },
  { name: "latitude", kind: ValueKind.DECIMAL },
  { name: "items", kind: ValueKind.ITEMS },
  { name: "contentHash", kind: ValueKind.CONTENT_HASH, required: true },
  { name: "receivedAt", kind: ValueKind.INSTANT },
] as const satisfies readonly FieldShape[];

type FieldName = (typeof FIELDS)[number]["name"];
const SHAPES: readonly FieldShape[] = FIELDS;

export const FIELD_COUNT = SHAPES.length;
export const FIELD_KEYS = new WordList(
  SHAPES.map(({ name }) => name),
  '":',
);
export const KINDS = Uint8Array.from(SHAPES, ({ kind }) => kind);
/** By field; null where it has no choices. */
export const CHOICES: readonly (WordList | null)[] = SHAPES.map(({ choices }) =>
  choices === undefined ? null : new WordList(choices, '"'),
);
export const REQUIRED = Uint8Array.from(
  SHAPES.flatMap(({ required }, field) => (required === true ? [field] : [])),
);

/** Position of a field, by its name. */
export const Field = Object.fromEntries(FIELDS.map(({ name }, field) => [name, field])) as Readonly<
  Record<FieldName, number>
>;

/** Bytes of a field's key with its quotes and colon. */
export function keyBytes(field: number): number {
  return 1 + FIELD_KEYS.lengths[field]!;
}
