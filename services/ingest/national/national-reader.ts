/**
 * Requests of the national platform in: recognised by their `infno`, mapped to the raw record they stand for, accepted
 * as any other. What a message leaves out comes from the institution register.
 *
 * Owns: what was seen of earlier messages (messages-seen.ts).
 * Does not own: the mapping (schemas/national), the register, what is accepted (accept.ts).
 *
 * 1. Nothing of a refused message is in the refusal but paths.
 * 2. A refusal's path is one of the envelope, whatever the raw record's is.
 * 3. Later messages may refer to one only once whoever read it calls `remember`: a message that is refused, or not stored,
 *    settled nothing and admitted nobody.
 */

import type { Institution } from "../../../schemas/institution.js";
import type { JournalRecord } from "../../../schemas/journal.js";
import { isResidentNumber } from "../../../schemas/national/certificate.js";
import { isEnvelope, type NationalRecord, opened, recordOf } from "../../../schemas/national/envelope-in.js";
import { MessagesSeen } from "../../../schemas/national/messages-seen.js";
import { type Infno, isInfno, TRANSACTIONS } from "../../../schemas/national/transactions.js";
import { isUntaken } from "../../../schemas/national/untaken.js";
import { acceptRecord, decodeLine, isRefusal } from "../accept.js";
import type { CanonicalContext } from "../canonicalise.js";
import { type Objection, objectionTo } from "../forbidden-fields.js";
import { type Refusal, refusal } from "../refusal.js";

export interface NationalReaderOptions extends CanonicalContext {
  /** A replay has no register: what letters of codes say must do. */
  readonly institutions?: { find(institutionId: string): Institution | undefined };
}

export interface ReadMessage {
  /** null where it is none that is taken. */
  readonly infno: Infno | null;
  readonly msgid: string | null;
  /** Of the place of care, else of insurance; unchecked. */
  readonly division: string | null;
  readonly result: JournalRecord | Refusal;
  /** To be called once the record is stored. */
  readonly remember: () => void;
}

type Accepted = Pick<ReadMessage, "result" | "remember">;

const NOTHING_TO_REMEMBER = () => {};
const NOTHING_KNOWN = { infno: null, msgid: null, division: null } as const;
const NO_ENVELOPE = {
  field: "infno",
  expected: "a request of the national platform; Kadun's own records go to their own addresses",
};
const NO_NUMBER = {
  field: "infno",
  expected: "the number of a transaction of the national platform, or the type of a raw record",
};

export class NationalReader {
  private readonly seen = new MessagesSeen();

  constructor(private readonly options: NationalReaderOptions) {}

  /** One line that must be an envelope, and what its reply has to name. */
  read(line: Uint8Array): ReadMessage {
    const decoded = decodeLine(line);
    if (!("value" in decoded)) return { ...NOTHING_KNOWN, ...refusedAs(decoded) };
    const { value } = decoded;
    if (!isEnvelope(value)) return { ...NOTHING_KNOWN, ...refusedAs(refusal("FIELD_INVALID", NO_ENVELOPE)) };
    const { infno, mdtrtarea_admvs, insuplc_admdvs } = opened(value);
    return {
      infno: typeof infno === "string" && isInfno(infno) ? infno : null,
      msgid: msgidOf(value),
      division: [mdtrtarea_admvs, insuplc_admdvs].find((code) => typeof code === "string") ?? null,
      ...this.acceptEnvelope(value),
    };
  }

  /** One line: a raw record or an envelope. */
  readEither(line: Uint8Array): Accepted & { readonly isEnvelope: boolean } {
    const decoded = decodeLine(line);
    if (!("value" in decoded)) return { isEnvelope: false, ...refusedAs(decoded) };
    const { value } = decoded;
    if (isEnvelope(value)) return { isEnvelope: true, ...this.acceptEnvelope(value) };
    if (isUnnumbered(value)) return { isEnvelope: true, ...refusedAs(refusal("FIELD_INVALID", NO_NUMBER)) };
    const result = acceptRecord(value, this.options);
    return { isEnvelope: false, result, remember: NOTHING_TO_REMEMBER };
  }

  private acceptEnvelope(value: Record<string, unknown>): Accepted {
    const envelope = opened(value);
    const eventId = msgidOf(envelope);
    const objection = objectionToEnvelope(envelope);
    if (objection !== null) return refusedAs(refusal(objection.code, { ...objection, eventId }));
    const institution = this.institutionOf(envelope);
    const { seen, remember } = this.seen.noting();
    const record = recordOf(envelope, { institution, seen });
    if (isUntaken(record)) {
      const { untaken: code, field, expected } = record;
      const why = code === "TRANSACTION_NOT_TAKEN" ? { why: expected } : { expected };
      return refusedAs(refusal(code, { field, eventId, ...why }));
    }
    const accepted = acceptRecord(this.withoutNumberOfOperator(record), this.options);
    return isRefusal(accepted)
      ? refusedAs({ ...accepted, field: pathOf(accepted.field, envelope) })
      : { result: accepted, remember };
  }

  /** Some sign in with the number of their ID card: a token keeps them apart (R18) and names nobody. */
  private withoutNumberOfOperator(record: NationalRecord): NationalRecord {
    if (record.type !== "swipe" || typeof record.operatorId !== "string") return record;
    const { operatorId } = record;
    if (!isResidentNumber(operatorId)) return record;
    return { ...record, operatorId: this.options.tokens.token(operatorId.trim()) };
  }

  private institutionOf({ fixmedins_code }: Record<string, unknown>): Institution | undefined {
    return typeof fixmedins_code === "string" ? this.options.institutions?.find(fixmedins_code) : undefined;
  }
}

function refusedAs(result: Refusal): Accepted {
  return { result, remember: NOTHING_TO_REMEMBER };
}

/** A message of the platform that does not say which: a raw record has a type and no msgid. */
function isUnnumbered(value: unknown): boolean {
  return typeof value === "object" && value !== null && !("type" in value) && "msgid" in value;
}

const MSGID_SHOWN_MAX = 64;

function msgidOf({ msgid }: Record<string, unknown>): string | null {
  if (typeof msgid !== "string" || msgid === "" || msgid.length > MSGID_SHOWN_MAX) return null;
  return isResidentNumber(msgid) ? null : msgid;
}

/** `kadun` has the field `pin` (a result, never a PIN), which is forbidden anywhere else. */
function objectionToEnvelope(envelope: Record<string, unknown>): Objection | null {
  const { input } = envelope;
  if (typeof input !== "object" || input === null || !("kadun" in input)) return objectionTo(envelope);
  const { kadun, ...rest } = input;
  const elsewhere = objectionTo({ ...envelope, input: rest });
  if (elsewhere !== null || typeof kadun !== "object" || kadun === null) return elsewhere;
  const inside = objectionTo(kadun);
  return inside === null ? null : { ...inside, field: `input.kadun.${inside.field}` };
}

/** Where a raw field stands in the envelope; the shapes were checked there, so what is left is mostly times. */
function pathOf(field: string, { infno }: Record<string, unknown>): string {
  const node = typeof infno === "string" && isInfno(infno) ? TRANSACTIONS[infno].node : "";
  const inNode = (name: string) => (node === "" ? `input.${name}` : `input.${node}.${name}`);
  switch (field) {
    case "eventId":
      return "msgid";
    case "occurredAt":
      return "inf_time";
    case "personId":
      return inNode("psn_no");
    case "cardNumber":
      return inNode("mdtrt_cert_no");
    case "from":
      return inNode(infno === "2501" ? "begndate" : "begntime");
    case "to":
      return inNode(infno === "2501" ? "enddate" : "endtime");
    case "receivedAt":
    case "agentId":
      return `input.kadun.${field}`;
    default:
      return field;
  }
}
