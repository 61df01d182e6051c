/** What the gateway is made of, and its limits. */

import type { Clock } from "../../platform/clock/clock.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { Metrics } from "../../platform/metrics/metrics.js";
import type { Readiness } from "../../schemas/http/readiness.js";
import { LINE_BYTES_MAX } from "./accept.js";
import type { Answers } from "./answers.js";
import type { ContactVault } from "./contact-vault.js";
import type { DeadLetters } from "./dead-letters.js";
import type { DrugList } from "./drug-list.js";
import type { InstitutionRegister } from "./institution-register.js";
import type { JournalWriter } from "./journal-writer.js";
import type { NationalReader } from "./national/national-reader.js";
import type { Networks } from "./networks.js";
import type { StandInWords } from "./stand-in.js";
import type { Tokeniser } from "./tokens.js";

export interface GatewayLimits {
  /** Of one NDJSON message. */
  readonly linesMax: number;
  /** Each heartbeat becomes a record in every partition. */
  readonly heartbeatLinesMax: number;
  readonly bodyBytesMax: number;
  /** Of a message with a single object. */
  readonly objectBytesMax: number;
  /** How long the headers and body of a request may take to arrive. */
  readonly requestTimeoutMs: number;
  /** What a client is told to wait where the journal does not take its records. */
  readonly retryAfterSeconds: number;
}

export const GATEWAY_LIMITS: GatewayLimits = {
  // About 10 ms of one core, which waiting calls of others must bear.
  linesMax: 1000,
  heartbeatLinesMax: 40,
  // 1,000 lines of 8 kB; ordinary ones have 600 bytes.
  bodyBytesMax: 8 << 20,
  objectBytesMax: LINE_BYTES_MAX,
  requestTimeoutMs: 30_000,
  retryAfterSeconds: 1,
};

export interface GatewayOptions {
  readonly writer: JournalWriter;
  readonly answers: Answers;
  readonly deadLetters: DeadLetters;
  readonly vault: ContactVault;
  readonly institutions: InstitutionRegister;
  readonly networks: Networks;
  readonly tokens: Tokeniser;
  /** Of the bundle in force at this moment. */
  readonly drugs: Pick<DrugList, "isListed">;
  /** Shared with whatever else takes records in; one of its own unless given. */
  readonly national?: NationalReader;
  /** The key of a person who may have moved (moved-persons.ts), as the writer places records; its own unless given. */
  readonly keyOf?: (personKey: string) => string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly readiness: () => Readiness;
  /** Texts of the bundle in force, for answers of the stand-in. */
  readonly words: () => StandInWords;
  readonly limits?: Partial<GatewayLimits>;
}
