import { describe, expect, test } from "@jest/globals";
import {
  eventLogErrorOfCode,
  eventLogErrorOfWire,
  KafkaWireError,
  kafkaErrorOf,
} from "../../../../platform/event-log/kafka/kafka-errors.js";

describe("error codes of Kafka", () => {
  test.each([
    [6, { name: "NOT_LEADER_OR_FOLLOWER", retryable: true, staleMetadata: true, staleCoordinator: false }],
    [16, { name: "NOT_COORDINATOR", retryable: true, staleMetadata: false, staleCoordinator: true }],
    [45, { name: "OUT_OF_ORDER_SEQUENCE_NUMBER", retryable: false }],
    [58, { name: "SASL_AUTHENTICATION_FAILED", retryable: false }],
    [74, { name: "FENCED_LEADER_EPOCH", retryable: true, staleMetadata: true }],
    [90, { name: "PRODUCER_FENCED", retryable: false }],
    [106, { name: "FETCH_SESSION_TOPIC_ID_ERROR", retryable: true }],
    [4711, { name: "ERROR_4711", retryable: false }],
  ])("%i is known", (code, expected) => {
    expect(kafkaErrorOf(code)).toMatchObject(expected);
  });

  test.each([
    [1, "OFFSET_OUT_OF_RANGE"],
    [2, "CORRUPT"],
    [3, "TOPIC_UNKNOWN"],
    [10, "VALUE_TOO_LARGE"],
    [6, "UNREACHABLE"],
    [16, "UNREACHABLE"],
    [25, "NOT_ASSIGNED"],
    [29, "NOT_AUTHORIZED"],
    [45, "FAILED"],
  ])("%i is the port's %s", (code, expected) => {
    const error = eventLogErrorOfCode(code, "append to orders 3", "a reason");
    expect(error).toMatchObject({ code: expected, retryable: kafkaErrorOf(code).retryable });
    expect(error.message).toContain(`append to orders 3: the server answered ${kafkaErrorOf(code).name}`);
    expect(error.message).toContain("a reason");
  });

  test.each([
    ["denied", "NOT_AUTHORIZED", false],
    ["protocol", "FAILED", false],
    ["closed", "UNREACHABLE", true],
    ["timeout", "UNREACHABLE", true],
    ["unreachable", "UNREACHABLE", true],
  ] as const)("a connection's %s is the port's %s", (kind, code, retryable) => {
    const error = eventLogErrorOfWire(new KafkaWireError(kind, "kafka-1:9092: gone"), "append");
    expect(error).toMatchObject({ code, retryable, message: "append: kafka-1:9092: gone" });
  });
});
