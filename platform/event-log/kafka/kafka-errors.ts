/** Errors of Kafka's protocol and of its connections, and what they are in terms of the port. */
import { EventLogError, type EventLogErrorCode } from "../event-log.js";

export type KafkaWireErrorKind =
  /** The connection ended with the request on its way: it may have been carried out. */
  | "closed"
  /** No answer in time: it may have been carried out, or may yet be. The connection is given up. */
  | "timeout"
  /** No connection: certainly not carried out. */
  | "unreachable"
  /** The answer is not one of Kafka's protocol, or the server does not know the request. */
  | "protocol"
  /** The server refused who we are. */
  | "denied";

export class KafkaWireError extends Error {
  override readonly name = "KafkaWireError";
  readonly retryable: boolean;

  constructor(
    readonly kind: KafkaWireErrorKind,
    message: string,
    options: { readonly retryable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable ?? (kind !== "protocol" && kind !== "denied");
  }
}

/** In terms of the port; `doing` says what was tried ("append to partition 3 of orders"). */
export function eventLogErrorOfWire(error: KafkaWireError, doing: string): EventLogError {
  const code =
    error.kind === "denied" ? "NOT_AUTHORIZED" : error.kind === "protocol" ? "FAILED" : "UNREACHABLE";
  return new EventLogError(code, `${doing}: ${error.message}`, { retryable: error.retryable, cause: error });
}

export interface KafkaErrorCode {
  readonly code: number;
  readonly name: string;
  /** The same request may succeed later. */
  readonly retryable: boolean;
  /** The partition's leader is another: refresh before the next try. */
  readonly staleMetadata: boolean;
  /** The group's coordinator is another: look for it before the next try. */
  readonly staleCoordinator: boolean;
}

/** 0 means no error. */
export function kafkaErrorOf(code: number): KafkaErrorCode {
  return {
    code,
    name: NAMES.get(code) ?? `ERROR_${code}`,
    retryable: RETRYABLE.has(code),
    staleMetadata: STALE_METADATA.has(code),
    staleCoordinator: STALE_COORDINATOR.has(code),
  };
}

/** An answer's error code in terms of the port; `doing` says what was tried. */
export function eventLogErrorOfCode(code: number, doing: string, serverText?: string | null): EventLogError {
  const error = kafkaErrorOf(code);
  const text = serverText === undefined || serverText === null || serverText === "" ? "" : `: ${serverText}`;
  return new EventLogError(
    portCodeOf(error),
    `${doing}: the server answered ${error.name} (${code})${text}`,
    { retryable: error.retryable },
  );
}

function portCodeOf(error: KafkaErrorCode): EventLogErrorCode {
  const known = PORT_CODES.get(error.code);
  if (known !== undefined) return known;
  return error.staleMetadata || error.staleCoordinator ? "UNREACHABLE" : "FAILED";
}

const PORT_CODES: ReadonlyMap<number, EventLogErrorCode> = new Map([
  [1, "OFFSET_OUT_OF_RANGE"],
  [2, "CORRUPT"],
  [3, "TOPIC_UNKNOWN"],
  [10, "VALUE_TOO_LARGE"],
  [14, "UNREACHABLE"],
  [17, "TOPIC_UNKNOWN"],
  [18, "VALUE_TOO_LARGE"],
  [22, "NOT_ASSIGNED"],
  [25, "NOT_ASSIGNED"],
  [27, "NOT_ASSIGNED"],
  [29, "NOT_AUTHORIZED"],
  [30, "NOT_AUTHORIZED"],
  [31, "NOT_AUTHORIZED"],
  [53, "NOT_AUTHORIZED"],
  [58, "NOT_AUTHORIZED"],
  [65, "NOT_AUTHORIZED"],
  [76, "TOPIC_SETTINGS"],
  [82, "NOT_ASSIGNED"],
  [100, "TOPIC_UNKNOWN"],
]);

/** As Kafka's own Java client takes them (RetriableException). */
const RETRYABLE: ReadonlySet<number> = new Set([
  2, 3, 5, 6, 7, 9, 13, 14, 15, 16, 19, 20, 41, 51, 56, 70, 71, 72, 74, 75, 78, 80, 83, 88, 89, 100, 103, 106,
]);
/** InvalidMetadataException of the Java client. */
const STALE_METADATA: ReadonlySet<number> = new Set([3, 5, 6, 9, 13, 41, 56, 72, 74, 75, 100, 103]);
const STALE_COORDINATOR: ReadonlySet<number> = new Set([15, 16]);

/** From https://kafka.apache.org/protocol#protocol_error_codes. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [-1, "UNKNOWN_SERVER_ERROR"],
  ...[
    "NONE",
    "OFFSET_OUT_OF_RANGE",
    "CORRUPT_MESSAGE",
    "UNKNOWN_TOPIC_OR_PARTITION",
    "INVALID_FETCH_SIZE",
    "LEADER_NOT_AVAILABLE",
    "NOT_LEADER_OR_FOLLOWER",
    "REQUEST_TIMED_OUT",
    "BROKER_NOT_AVAILABLE",
    "REPLICA_NOT_AVAILABLE",
    "MESSAGE_TOO_LARGE",
    "STALE_CONTROLLER_EPOCH",
    "OFFSET_METADATA_TOO_LARGE",
    "NETWORK_EXCEPTION",
    "COORDINATOR_LOAD_IN_PROGRESS",
    "COORDINATOR_NOT_AVAILABLE",
    "NOT_COORDINATOR",
    "INVALID_TOPIC_EXCEPTION",
    "RECORD_LIST_TOO_LARGE",
    "NOT_ENOUGH_REPLICAS",
    "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
    "INVALID_REQUIRED_ACKS",
    "ILLEGAL_GENERATION",
    "INCONSISTENT_GROUP_PROTOCOL",
    "INVALID_GROUP_ID",
    "UNKNOWN_MEMBER_ID",
    "INVALID_SESSION_TIMEOUT",
    "REBALANCE_IN_PROGRESS",
    "INVALID_COMMIT_OFFSET_SIZE",
    "TOPIC_AUTHORIZATION_FAILED",
    "GROUP_AUTHORIZATION_FAILED",
    "CLUSTER_AUTHORIZATION_FAILED",
    "INVALID_TIMESTAMP",
    "UNSUPPORTED_SASL_MECHANISM",
    "ILLEGAL_SASL_STATE",
    "UNSUPPORTED_VERSION",
    "TOPIC_ALREADY_EXISTS",
    "INVALID_PARTITIONS",
    "INVALID_REPLICATION_FACTOR",
    "INVALID_REPLICA_ASSIGNMENT",
    "INVALID_CONFIG",
    "NOT_CONTROLLER",
    "INVALID_REQUEST",
    "UNSUPPORTED_FOR_MESSAGE_FORMAT",
    "POLICY_VIOLATION",
    "OUT_OF_ORDER_SEQUENCE_NUMBER",
    "DUPLICATE_SEQUENCE_NUMBER",
    "INVALID_PRODUCER_EPOCH",
    "INVALID_TXN_STATE",
    "INVALID_PRODUCER_ID_MAPPING",
    "INVALID_TRANSACTION_TIMEOUT",
    "CONCURRENT_TRANSACTIONS",
    "TRANSACTION_COORDINATOR_FENCED",
    "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
    "SECURITY_DISABLED",
    "OPERATION_NOT_ATTEMPTED",
    "KAFKA_STORAGE_ERROR",
    "LOG_DIR_NOT_FOUND",
    "SASL_AUTHENTICATION_FAILED",
    "UNKNOWN_PRODUCER_ID",
    "REASSIGNMENT_IN_PROGRESS",
    "DELEGATION_TOKEN_AUTH_DISABLED",
    "DELEGATION_TOKEN_NOT_FOUND",
    "DELEGATION_TOKEN_OWNER_MISMATCH",
    "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED",
    "DELEGATION_TOKEN_AUTHORIZATION_FAILED",
    "DELEGATION_TOKEN_EXPIRED",
    "INVALID_PRINCIPAL_TYPE",
    "NON_EMPTY_GROUP",
    "GROUP_ID_NOT_FOUND",
    "FETCH_SESSION_ID_NOT_FOUND",
    "INVALID_FETCH_SESSION_EPOCH",
    "LISTENER_NOT_FOUND",
    "TOPIC_DELETION_DISABLED",
    "FENCED_LEADER_EPOCH",
    "UNKNOWN_LEADER_EPOCH",
    "UNSUPPORTED_COMPRESSION_TYPE",
    "STALE_BROKER_EPOCH",
    "OFFSET_NOT_AVAILABLE",
    "MEMBER_ID_REQUIRED",
    "PREFERRED_LEADER_NOT_AVAILABLE",
    "GROUP_MAX_SIZE_REACHED",
    "FENCED_INSTANCE_ID",
    "ELIGIBLE_LEADERS_NOT_AVAILABLE",
    "ELECTION_NOT_NEEDED",
    "NO_REASSIGNMENT_IN_PROGRESS",
    "GROUP_SUBSCRIBED_TO_TOPIC",
    "INVALID_RECORD",
    "UNSTABLE_OFFSET_COMMIT",
    "THROTTLING_QUOTA_EXCEEDED",
    "PRODUCER_FENCED",
    "RESOURCE_NOT_FOUND",
    "DUPLICATE_RESOURCE",
    "UNACCEPTABLE_CREDENTIAL",
    "INCONSISTENT_VOTER_SET",
    "INVALID_UPDATE_VERSION",
    "FEATURE_UPDATE_FAILED",
    "PRINCIPAL_DESERIALIZATION_FAILURE",
    "SNAPSHOT_NOT_FOUND",
    "POSITION_OUT_OF_RANGE",
    "UNKNOWN_TOPIC_ID",
    "DUPLICATE_BROKER_REGISTRATION",
    "BROKER_ID_NOT_REGISTERED",
    "INCONSISTENT_TOPIC_ID",
    "INCONSISTENT_CLUSTER_ID",
    "TRANSACTIONAL_ID_NOT_FOUND",
    "FETCH_SESSION_TOPIC_ID_ERROR",
  ].map((name, code): [number, string] => [code, name]),
]);
