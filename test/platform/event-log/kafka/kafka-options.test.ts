import { describe, expect, test } from "@jest/globals";
import {
  describeSecurity,
  formatBrokerAddress,
  parseBrokerAddress,
} from "../../../../platform/event-log/kafka/kafka-options.js";

describe("addresses of Kafka", () => {
  test.each([
    ["kafka-1.example:9092", { host: "kafka-1.example", port: 9092 }],
    [" 127.0.0.1:19092 ", { host: "127.0.0.1", port: 19092 }],
    ["[2001:db8::1]:9092", { host: "2001:db8::1", port: 9092 }],
  ])("%s is read and written back", (text, address) => {
    expect(parseBrokerAddress(text)).toEqual(address);
    expect(formatBrokerAddress(address)).toBe(text.trim());
  });

  test.each([
    "",
    "kafka",
    "kafka:",
    ":9092",
    "kafka:0",
    "kafka:65536",
    "a b:9092",
    "http://kafka:9092",
    "::1:9092",
  ])("'%s' is refused with what was expected", (text) => {
    expect(() => parseBrokerAddress(text)).toThrow(`Kafka address "${text}": expected host:port`);
  });
});

describe("what a client was told to speak", () => {
  test("names the user and never the password", () => {
    const sasl = { mechanism: "PLAIN", username: "kadun", password: "secret" } as const;
    expect(describeSecurity({ tls: {}, sasl })).toBe('with TLS, SASL PLAIN as "kadun"');
    expect(describeSecurity({ tls: null, sasl: null })).toBe("without TLS, without SASL");
  });
});
