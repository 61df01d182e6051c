/** A socket to a node, with or without TLS, connected or refused with the reason. */
import { isIP, connect as netConnect, type OnReadOpts, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { connectFailure, textOf } from "./connect-failure.js";
import { KafkaWireError } from "./kafka-errors.js";
import { type BrokerAddress, formatBrokerAddress, type KafkaTls } from "./kafka-options.js";

/** Between the last bytes and the first question whether the other side is still there. */
const KEEP_ALIVE_MS = 30_000;

/** As much as the system hands over at once. */
const READ_BYTES = 64 << 10;

export interface DialOptions {
  readonly address: BrokerAddress;
  readonly clientId: string;
  readonly tls: KafkaTls | null;
  readonly connectTimeoutMs: number;
  /** Bytes that came, in memory that the next ones are read into: to be copied before it returns. */
  readonly onBytes: (bytes: Uint8Array) => void;
}

/** @throws KafkaWireError unreachable or denied. */
export function dialSocket(options: DialOptions): Promise<Socket> {
  const { address, tls } = options;
  return new Promise((resolve, reject) => {
    const socket = startSocket(options);
    const timer = setTimeout(() => refuse(outOfTime(options)), options.connectTimeoutMs);
    const connected = tls === null ? "connect" : "secureConnect";
    const onConnected = (): void => {
      clearTimeout(timer);
      socket.off("error", onError);
      resolve(socket);
    };
    const onError = (error: Error): void => refuse(connectFailure(error, address, tls));
    const refuse = (error: KafkaWireError): void => {
      clearTimeout(timer);
      socket.off(connected, onConnected);
      // The error listener stays: a socket being destroyed may still complain.
      socket.destroy();
      reject(error);
    };
    socket.once(connected, onConnected);
    socket.on("error", onError);
  });
}

/** @throws KafkaWireError where certificate, key or CA cannot be used. */
function startSocket({ address, tls, onBytes }: DialOptions): Socket {
  // One piece of memory for all reads: one of its own for each keeps the collector busy at a thousand answers a second.
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const callback = (bytes: number): boolean => {
    onBytes(buffer.subarray(0, bytes));
    return true;
  };
  const onread = { buffer, callback };
  const socket = tls === null ? netConnect({ ...address, onread }) : startTls(address, tls, onread);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return socket;
}

function startTls(address: BrokerAddress, tls: KafkaTls, onread: OnReadOpts): Socket {
  try {
    // Node's types leave it out; its documentation has it.
    const options = { ...tlsOptions(address, tls), onread };
    return tlsConnect(options);
  } catch (error) {
    const message = `the TLS settings cannot be used (${textOf(error)}): CA, certificate and key must be PEM and belong together`;
    throw new KafkaWireError("denied", message, { cause: error });
  }
}

function tlsOptions(address: BrokerAddress, tls: KafkaTls) {
  const servername = tls.serverName ?? (isIP(address.host) === 0 ? address.host : undefined);
  return {
    ...address,
    ...(servername === undefined ? {} : { servername }),
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.certificate === undefined ? {} : { cert: tls.certificate }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.passphrase === undefined ? {} : { passphrase: tls.passphrase }),
  };
}

function outOfTime(options: DialOptions): KafkaWireError {
  const what = options.tls === null ? "connect" : "connect and TLS handshake";
  const at = formatBrokerAddress(options.address);
  return new KafkaWireError(
    "unreachable",
    `${at}: no answer to ${what} within ${options.connectTimeoutMs} ms`,
  );
}
