/** What a server's answer to a batch means for it. */

import { EventLogError } from "../event-log.js";
import { eventLogErrorOfCode, kafkaErrorOf } from "./kafka-errors.js";
import type { ProduceAnswer } from "./produce-request.js";

const UNKNOWN_SERVER_ERROR = -1;
const NONE = 0;
const MESSAGE_TOO_LARGE = 10;
const OUT_OF_ORDER_SEQUENCE_NUMBER = 45;
const DUPLICATE_SEQUENCE_NUMBER = 46;
const INVALID_PRODUCER_EPOCH = 47;
const UNKNOWN_PRODUCER_ID = 59;

export type ProduceVerdict =
  | { readonly kind: "delivered"; readonly baseOffset: number; readonly appendedAtMs: number }
  /** The same bytes may be taken by a later try; `isStale`: the leader is to be looked up before it. */
  | { readonly kind: "again"; readonly error: EventLogError; readonly isStale: boolean }
  /** The batch is in the log, the server does not say where. */
  | { readonly kind: "placed"; readonly error: EventLogError }
  /** No further try of these bytes. */
  | { readonly kind: "failed"; readonly error: EventLogError };

export function verdictOf(answer: ProduceAnswer, doing: string): ProduceVerdict {
  const { errorCode, baseOffset, appendedAtMs, errorText } = answer;
  switch (errorCode) {
    case NONE:
      return { kind: "delivered", baseOffset, appendedAtMs };
    case DUPLICATE_SEQUENCE_NUMBER:
      if (baseOffset >= 0) return { kind: "delivered", baseOffset, appendedAtMs };
      return {
        kind: "placed",
        error: new EventLogError(
          "FAILED",
          `${doing}: it is in the log, the server does not say where, and it was not found among the last records`,
          { retryable: true },
        ),
      };
    case OUT_OF_ORDER_SEQUENCE_NUMBER:
      return failed(
        "CORRUPT",
        `${doing}: the server does not know the batch before, which it had acknowledged: records may be lost (unclean leader election, topic made anew). Compare the topic with what was written, then start again`,
        false,
      );
    case INVALID_PRODUCER_EPOCH:
    case UNKNOWN_PRODUCER_ID:
      return failed("FAILED", `${doing}: the server answered ${kafkaErrorOf(errorCode).name}`, true);
    case MESSAGE_TOO_LARGE:
      return failed(
        "VALUE_TOO_LARGE",
        `${doing}: the topic's max.message.bytes is smaller than a batch; set it to 1048588 or more`,
        false,
      );
    default:
      return verdictOfError(errorCode, eventLogErrorOfCode(errorCode, doing, errorText));
  }
}

function verdictOfError(code: number, error: EventLogError): ProduceVerdict {
  const { retryable, staleMetadata } = kafkaErrorOf(code);
  // Java's client gives up at an unknown error; with a sequence another try does no harm.
  if (!retryable && code !== UNKNOWN_SERVER_ERROR) return { kind: "failed", error };
  return { kind: "again", error, isStale: staleMetadata };
}

function failed(
  code: "FAILED" | "CORRUPT" | "VALUE_TOO_LARGE",
  text: string,
  retryable: boolean,
): ProduceVerdict {
  return { kind: "failed", error: new EventLogError(code, text, { retryable }) };
}
