/**
 * The auditor's own reading of what the logs hold: header and body as docs/design.md section 4 and schemas/log-body.ts
 * write them, read here a second time so that a mistake there is not believed.
 */

const POSITION_BYTES = 12;
const BODY_HEAD_BYTES = 5;

export interface ReadBody {
  readonly type: string;
  readonly eventId: string | null;
  readonly personKey: string | null;
  readonly contentHash: string | null;
  readonly decisionId: string | null;
  readonly action: string | null;
  readonly toPersonKey: string | null;
  readonly formerPersonKey: string | null;
  readonly fromPersonKey: string | null;
  readonly fromOffset: number | null;
  /** Of an activation. */
  readonly sequence: number | null;
  /** The record that was carried. */
  readonly record: ReadBody | null;
  readonly text: string;
}

export function readBody(bytes: Uint8Array): ReadBody {
  const text = Buffer.from(bytes).toString("utf8", BODY_HEAD_BYTES);
  return readFields(JSON.parse(text) as Fields, text);
}

type Fields = Readonly<Record<string, unknown>>;

function readFields(fields: Fields, text: string): ReadBody {
  const textOf = (name: string) => {
    const value = fields[name];
    return typeof value === "string" ? value : null;
  };
  const numberOf = (name: string) => {
    const value = fields[name];
    return typeof value === "number" ? value : null;
  };
  return {
    type: textOf("type") ?? "",
    eventId: textOf("eventId"),
    personKey: textOf("personKey"),
    contentHash: textOf("contentHash"),
    decisionId: textOf("decisionId"),
    action: textOf("action"),
    toPersonKey: textOf("toPersonKey"),
    formerPersonKey: textOf("formerPersonKey"),
    fromPersonKey: textOf("fromPersonKey"),
    fromOffset: numberOf("fromOffset"),
    sequence: numberOf("sequence"),
    record: isFields(fields.record) ? readFields(fields.record, "") : null,
    text,
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

export function readPosition(header: Uint8Array): { journalOffset: number; sequence: number } {
  if (header.length !== POSITION_BYTES) throw new Error(`a header of ${header.length} bytes`);
  const bytes = Buffer.from(header);
  return { journalOffset: bytes.readDoubleLE(0), sequence: bytes.readUInt32LE(8) };
}
