/** Why a connection could not be made, in words that lead to the setting to mend. */
import { KafkaWireError } from "./kafka-errors.js";
import { type BrokerAddress, formatBrokerAddress, type KafkaTls } from "./kafka-options.js";

const PLAIN_TEXT_REASONS: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nothing listens there: start the server or correct the address"],
  ["ENOTFOUND", "the host's name is not known: correct the address"],
  ["EAI_AGAIN", "the host's name could not be looked up: correct the address or the name server"],
  ["EHOSTUNREACH", "no route to the host"],
  ["ENETUNREACH", "no route to the network"],
  ["ETIMEDOUT", "no answer to the connect"],
]);

const AUTHORITY_UNKNOWN =
  "the server's certificate is of an authority that is not trusted: give its certificate as the CA";

const CERTIFICATE_REASONS: ReadonlyMap<string, string> = new Map([
  ["SELF_SIGNED_CERT_IN_CHAIN", AUTHORITY_UNKNOWN],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", AUTHORITY_UNKNOWN],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", AUTHORITY_UNKNOWN],
  ["UNABLE_TO_GET_ISSUER_CERT", AUTHORITY_UNKNOWN],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", AUTHORITY_UNKNOWN],
  ["CERT_SIGNATURE_FAILURE", AUTHORITY_UNKNOWN],
  ["CERT_HAS_EXPIRED", "the server's certificate has expired: renew it"],
  ["CERT_NOT_YET_VALID", "the server's certificate is not valid yet: look at the clocks"],
  [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "the server's certificate does not carry this host's name: use a name that it carries, or give the name to expect",
  ],
]);

export function connectFailure(error: unknown, address: BrokerAddress, tls: KafkaTls | null): KafkaWireError {
  const code = codeOf(error);
  const at = formatBrokerAddress(address);
  const certificate = CERTIFICATE_REASONS.get(code);
  if (certificate !== undefined) return unreachableForGood(`${at}: ${certificate}`, error);
  const plain = PLAIN_TEXT_REASONS.get(code);
  if (plain !== undefined) return new KafkaWireError("unreachable", `${at}: ${plain}`, { cause: error });
  if (tls === null) return new KafkaWireError("unreachable", `${at}: ${textOf(error)}`, { cause: error });
  return tlsFailure(error, code, at);
}

function tlsFailure(error: unknown, code: string, at: string): KafkaWireError {
  const text = textOf(error);
  if (isClientCertificateRefused(code, text)) return clientCertificateRefused(at, error);
  if (code === "ECONNRESET" || /wrong version number|packet length too long|unknown protocol/i.test(text)) {
    return unreachableForGood(
      `${at}: the TLS handshake failed; this listener speaks no TLS: turn TLS off or use the TLS listener's port`,
      error,
    );
  }
  return unreachableForGood(`${at}: the TLS handshake failed (${text})`, error);
}

export function isClientCertificateRefused(code: string, text: string): boolean {
  return (
    /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNKNOWN_CA|ACCESS_DENIED)/.test(code) ||
    /alert (certificate required|bad certificate|certificate unknown|unknown ca|access denied)/i.test(text)
  );
}

export function clientCertificateRefused(at: string, cause: unknown): KafkaWireError {
  const message = `${at}: the server asks for a client's certificate that it trusts: give certificate and key`;
  return new KafkaWireError("denied", message, { cause });
}

/** Time does not mend a certificate or a protocol; somebody must. */
function unreachableForGood(message: string, cause: unknown): KafkaWireError {
  return new KafkaWireError("unreachable", message, { retryable: false, cause });
}

export function codeOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : "";
  return typeof code === "string" ? code : "";
}

export function textOf(error: unknown): string {
  const message = typeof error === "object" && error !== null && "message" in error ? error.message : error;
  return String(message).trim();
}
