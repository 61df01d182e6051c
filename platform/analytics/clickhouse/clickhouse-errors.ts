/**
 * What a broken connection, a proxy and a server say, as the port's errors.
 *
 * 1. Refused before anything was sent: UNREACHABLE. Broken afterwards: FAILED, since the statement may have been done.
 * 2. Both are retryable, so is what a server or a proxy answers with 5xx; a certificate that does not fit is not.
 */

import { isNativeError } from "node:util/types";
import { AnalyticsError } from "../analytics-database.js";
import { analyticsErrorOf, engineNumberOf } from "../engine-errors.js";

const NOT_CONNECTED: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "EADDRNOTAVAIL",
]);
const BROKEN: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ERR_STREAM_PREMATURE_CLOSE",
  "Z_BUF_ERROR",
]);
const CERTIFICATE = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|EPROTO)/;
const NO_TLS = /^(ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG|EPROTO)$/;
const OTHER_NAME = /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/;
/** What a server says of a client's certificate that is missing or that it does not trust. */
const CLIENT_REFUSED = /ALERT_(CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|ACCESS_DENIED)/;
/** The client's own words. */
const TIMED_OUT = /^Timeout error\.?$/;
const ABORTED = /aborted/i;

/** @param where the server's address. */
export function clickhouseErrorOf(cause: unknown, doing: string, where: string): AnalyticsError {
  if (cause instanceof AnalyticsError) return cause;
  const error = (code: AnalyticsError["code"], problem: string, retryable: boolean) =>
    new AnalyticsError(code, `${doing}: ${where} ${problem}`, { retryable, cause });
  const systemCode = systemCodeOf(cause);
  if (engineNumberOf(cause) !== null) return analyticsErrorOf(cause, doing);
  if (NOT_CONNECTED.has(systemCode)) return error("UNREACHABLE", `cannot be reached (${systemCode})`, true);
  if (CERTIFICATE.test(systemCode))
    return error(
      "UNREACHABLE",
      `cannot be spoken to over TLS (${systemCode}): ${tlsStep(systemCode)}`,
      false,
    );
  const text = isNativeError(cause) ? cause.message : String(cause);
  if (TIMED_OUT.test(text)) return error("TIMEOUT", "did not answer in time", true);
  if (BROKEN.has(systemCode) || ABORTED.test(text) || systemCode.startsWith("HPE_"))
    return error("FAILED", `broke the connection (${systemCode || text}); it may have been done`, true);
  return error("FAILED", `answered as no ClickHouse server does: ${firstWords(text)}`, true);
}

function tlsStep(systemCode: string): string {
  if (NO_TLS.test(systemCode)) return "the port may be the one without TLS (with TLS it is 8443)";
  if (OTHER_NAME.test(systemCode))
    return "its certificate does not carry this host's name; give the name that it carries";
  if (CLIENT_REFUSED.test(systemCode))
    return "the server asks for a client's certificate that it trusts; give certificate and key";
  if (systemCode === "CERT_HAS_EXPIRED") return "its certificate has expired";
  return "its certificate's authority is not trusted; give its certificate as the CA";
}

/** A name with several addresses fails with one error for all of them. */
function systemCodeOf(cause: unknown): string {
  if (!isNativeError(cause)) return "";
  if ("errors" in cause && Array.isArray(cause.errors) && cause.errors.length > 0)
    return systemCodeOf(cause.errors[0]);
  return "code" in cause && typeof cause.code === "string" ? cause.code : "";
}

/** Of a proxy's page: enough to see whose it is. */
function firstWords(text: string): string {
  const words = text
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return words === "" ? "an empty error" : words.slice(0, 80);
}
