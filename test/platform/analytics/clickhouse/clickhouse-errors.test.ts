import { expect, test } from "@jest/globals";
import { AnalyticsError } from "../../../../platform/analytics/analytics-database.js";
import { clickhouseErrorOf } from "../../../../platform/analytics/clickhouse/clickhouse-errors.js";

const withCode = (code: string, message = code) => Object.assign(new Error(message), { code });
const engine = (code: number, name: string) =>
  Object.assign(new Error(`something about it `), { code: String(code), type: name });

test.each([
  ["a refused connection", withCode("ECONNREFUSED"), "UNREACHABLE", true],
  ["all addresses refused", new AggregateError([withCode("ECONNREFUSED")]), "UNREACHABLE", true],
  ["an unknown name", withCode("ENOTFOUND"), "UNREACHABLE", true],
  ["a certificate nobody signed", withCode("DEPTH_ZERO_SELF_SIGNED_CERT"), "UNREACHABLE", false],
  ["a name the certificate lacks", withCode("ERR_TLS_CERT_ALTNAME_INVALID"), "UNREACHABLE", false],
  ["TLS spoken to a port without it", withCode("EPROTO"), "UNREACHABLE", false],
  ["a reset", withCode("ECONNRESET", "socket hang up"), "FAILED", true],
  ["a closed pipe", withCode("EPIPE"), "FAILED", true],
  ["the client's time-out", new Error("Timeout error."), "TIMEOUT", true],
  ["a proxy's page", new Error("<html><h1>502 Bad Gateway</h1></html>"), "FAILED", true],
  ["no text at all", new Error(""), "FAILED", true],
  ["TOO_MANY_PARTS", engine(252, "TOO_MANY_PARTS"), "FAILED", true],
  ["TOO_MANY_SIMULTANEOUS_QUERIES", engine(202, "TOO_MANY_SIMULTANEOUS_QUERIES"), "FAILED", true],
  ["MEMORY_LIMIT_EXCEEDED", engine(241, "MEMORY_LIMIT_EXCEEDED"), "FAILED", true],
  ["a full disk", engine(243, "NOT_ENOUGH_SPACE"), "DISK_FULL", true],
  ["a syntax error", engine(62, "SYNTAX_ERROR"), "REFUSED", false],
  ["an unknown database", engine(81, "UNKNOWN_DATABASE"), "REFUSED", false],
  ["a wrong password", engine(516, "AUTHENTICATION_FAILED"), "NOT_AUTHORIZED", false],
  ["a missing grant", engine(497, "ACCESS_DENIED"), "NOT_AUTHORIZED", false],
])("%s", (_, cause, code, retryable) => {
  const error = clickhouseErrorOf(cause, "insert into t", "http://ch:8123");
  expect(error).toMatchObject({ name: "AnalyticsError", code, retryable, cause });
  expect(error.message).toMatch(/^insert into t: (code \d+, something about it|http:\/\/ch:8123 \S+)/);
});

test.each([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "give its certificate as the CA"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "give its certificate as the CA"],
  ["CERT_HAS_EXPIRED", "its certificate has expired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "does not carry this host's name"],
  ["EPROTO", "the port may be the one without TLS"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "the port may be the one without TLS"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "give certificate and key"],
  ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "give certificate and key"],
])("TLS that fails with %s names the next step", (code, step) => {
  expect(clickhouseErrorOf(withCode(code), "query", "https://ch:8443").message).toContain(step);
});

test("an error of the port stays what it is", () => {
  const error = new AnalyticsError("TIMEOUT", "late", { retryable: true });
  expect(clickhouseErrorOf(error, "query", "http://ch:8123")).toBe(error);
});
