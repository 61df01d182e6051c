/**
 * What every record goes through, from a waiting call, a file, a Kafka topic or a dead letter driven again: accepted
 * for the record type of its address, filled from the register, appended to the journal.
 */

import type { CanonicalSwipe, JournalRecord } from "../../schemas/journal.js";
import type { RawType } from "../../schemas/raw.js";
import { acceptBytes, isRefusal } from "./accept.js";
import type { CanonicalContext } from "./canonicalise.js";
import type { InstitutionRegister } from "./institution-register.js";
import type { JournalWriter } from "./journal-writer.js";
import { type Refusal, refusal } from "./refusal.js";

/** Record types that come from outside; Kadun writes the others itself. */
export const OUTSIDE_TYPES = [
  "swipe",
  "card-status",
  "person-fact",
  "feedback",
  "heartbeat",
] as const satisfies readonly RawType[];
export type OutsideType = (typeof OUTSIDE_TYPES)[number];

export interface IntakeOptions extends CanonicalContext {
  readonly writer: JournalWriter;
  readonly institutions: InstitutionRegister;
}

export class Intake {
  constructor(private readonly options: IntakeOptions) {}

  /** One line of the record type that its address takes. */
  accept(line: Uint8Array, expects: "swipe"): CanonicalSwipe | Refusal;
  accept(line: Uint8Array, expects: RawType): JournalRecord | Refusal;
  accept(line: Uint8Array, expects: RawType): JournalRecord | Refusal {
    return this.acceptOneOf(line, [expects]);
  }

  /** One line of an address that takes several record types. */
  acceptOneOf(line: Uint8Array, expects: readonly RawType[]): JournalRecord | Refusal {
    if (line.length === 0) return refusal("EMPTY");
    const record = acceptBytes(line, this.options);
    if (isRefusal(record)) return record;
    if (expects.includes(record.type))
      return record.type === "swipe" ? this.options.institutions.fill(record) : record;
    const eventId = "eventId" in record ? record.eventId : null;
    return refusal("TYPE_UNEXPECTED", { field: "type", expected: expects.join(" or "), eventId });
  }

  /** Resolves when the record is durable. @throws as JournalWriter. */
  async append(record: JournalRecord): Promise<void> {
    const { writer } = this.options;
    if ("personKey" in record) await writer.append(record);
    else await writer.appendToAll(record);
  }
}
