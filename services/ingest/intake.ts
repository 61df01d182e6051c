/**
 * What every record goes through, from a waiting call, a file, a Kafka topic or a dead letter driven again: accepted
 * for the record type of its address, filled from the register, appended to the journal.
 *
 * 1. Looking at a record never throws: one that Kadun fails on is refused as RECORD_FAILED and logged, so that it stops
 *    no other. Appending does.
 * 2. A request of the national platform is remembered for later ones that refer to it once its record is durable, or
 *    (`expectStored`) once it is certain to be durable before theirs.
 */

import type { Logger } from "../../platform/logger/logger.js";
import type { CanonicalSwipe, JournalRecord } from "../../schemas/journal.js";
import type { RawType } from "../../schemas/raw.js";
import { acceptBytes, isRefusal } from "./accept.js";
import type { CanonicalContext } from "./canonicalise.js";
import { acceptHolderRecord } from "./holder-record.js";
import type { InstitutionRegister } from "./institution-register.js";
import type { JournalWriter } from "./journal-writer.js";
import { NationalReader, type ReadMessage } from "./national/national-reader.js";
import { type Refusal, refusal } from "./refusal.js";
import { judgedAlone, unexpected } from "./unexpected.js";

/** Record types that come from outside; Kadun writes the others itself. */
export const OUTSIDE_TYPES = [
  "swipe",
  "card-status",
  "person-fact",
  "person-link",
  "feedback",
  "heartbeat",
] as const satisfies readonly RawType[];
export type OutsideType = (typeof OUTSIDE_TYPES)[number];

export interface IntakeOptions extends CanonicalContext {
  readonly writer: JournalWriter;
  readonly institutions: Pick<InstitutionRegister, "find" | "fill">;
  /** Hears of records that Kadun fails on; nobody does unless given. */
  readonly logger?: Logger;
  /** Shared by intakes of one process, so that what one saw the other knows; one of its own unless given. */
  readonly national?: NationalReader;
}

export class Intake {
  private readonly national: NationalReader;
  /** What to call once an accepted record is stored. */
  private readonly onStored = new WeakMap<JournalRecord, () => void>();

  constructor(private readonly options: IntakeOptions) {
    this.national = options.national ?? new NationalReader(options);
  }

  /** One line of the record type that its address takes. */
  accept(line: Uint8Array, expects: "swipe"): CanonicalSwipe | Refusal;
  accept(line: Uint8Array, expects: RawType): JournalRecord | Refusal;
  accept(line: Uint8Array, expects: RawType): JournalRecord | Refusal {
    return this.acceptOneOf(line, [expects]);
  }

  /** One line of what a cardholder does. */
  acceptHolders(line: Uint8Array): JournalRecord | Refusal {
    if (line.length === 0) return refusal("EMPTY");
    return judgedAlone(() => acceptHolderRecord(line), this.failed);
  }

  /** One line of an address that takes several record types. */
  acceptOneOf(line: Uint8Array, expects: readonly RawType[]): JournalRecord | Refusal {
    if (line.length === 0) return refusal("EMPTY");
    return judgedAlone(() => this.ofType(acceptBytes(line, this.options), expects), this.failed);
  }

  /**
   * A raw record, or a request of the national platform that stands for one (it has an `infno`). Where swipes are taken
   * all such requests are: networks that have them have them in one stream, admissions and filings among the rest.
   */
  acceptEither(line: Uint8Array, expects: readonly RawType[]): JournalRecord | Refusal {
    if (line.length === 0) return refusal("EMPTY");
    return judgedAlone(() => this.eitherOf(line, expects), this.failed);
  }

  private eitherOf(line: Uint8Array, expects: readonly RawType[]): JournalRecord | Refusal {
    const { isEnvelope, result, remember } = this.national.readEither(line);
    const takesAll = isEnvelope && expects.includes("swipe");
    const taken = this.ofType(result, takesAll ? [...expects, "person-fact"] : expects);
    if (isEnvelope && !isRefusal(taken)) this.onStored.set(taken, remember);
    // The type of an envelope is its transaction's.
    return isEnvelope && isRefusal(taken) && taken.code === "TYPE_UNEXPECTED"
      ? { ...taken, field: "infno" }
      : taken;
  }

  /** A request of the national platform, whatever record it stands for, with what its reply has to name. */
  readNational(line: Uint8Array): ReadMessage {
    try {
      const message = this.national.read(line);
      if (isRefusal(message.result)) return message;
      const result = this.filled(message.result);
      this.onStored.set(result, message.remember);
      return { ...message, result };
    } catch (error) {
      this.failed(error);
      return { infno: null, msgid: null, division: null, result: unexpected(error), remember: () => {} };
    }
  }

  private readonly failed = (error: unknown) => this.options.logger?.error("ingest.record-failed", { error });

  private filled(record: JournalRecord): JournalRecord {
    return record.type === "swipe" ? this.options.institutions.fill(record) : record;
  }

  private ofType(record: JournalRecord | Refusal, expects: readonly RawType[]): JournalRecord | Refusal {
    if (isRefusal(record)) return record;
    if (expects.some((type) => type === record.type)) return this.filled(record);
    const eventId = "eventId" in record ? record.eventId : null;
    return refusal("TYPE_UNEXPECTED", { field: "type", expected: expects.join(" or "), eventId });
  }

  /**
   * Resolves when the record is durable.
   * @param isWanted of a person's record: as JournalWriter. @throws as JournalWriter.
   */
  async append(record: JournalRecord, isWanted?: () => boolean): Promise<void> {
    const { writer } = this.options;
    if ("personKey" in record) await writer.append(record, undefined, isWanted);
    else await writer.appendToAll(record);
    this.expectStored(record);
  }

  /** For whoever appends no later record of a person before this one is durable: it may be referred to at once. */
  expectStored(record: JournalRecord): void {
    this.onStored.get(record)?.();
    this.onStored.delete(record);
  }
}
