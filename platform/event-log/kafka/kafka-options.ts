/** How to reach a Kafka cluster. Parsed once where the process starts; nothing here is read from the environment. */

import { EventLogError } from "../event-log.js";

export interface KafkaOptions {
  /** "host:port", "[v6]:port"; some of them may be dead. */
  readonly brokers: readonly string[];
  /** Shown in the server's logs and quotas. */
  readonly clientId: string;
  readonly tls: KafkaTls | null;
  readonly sasl: KafkaSasl | null;
  readonly requestTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  readonly compression?: KafkaCompression;
}

export type KafkaCompression = "none" | "gzip" | "snappy" | "lz4" | "zstd";

/** Contents in PEM, not paths. The server's certificate is always checked. */
export interface KafkaTls {
  /** Certificates of the authorities to trust; without them those that Node brings. */
  readonly ca?: string;
  /** Where the server asks for a client's certificate. */
  readonly certificate?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** Name that the server's certificate must carry, where it is not the host's. */
  readonly serverName?: string;
}

export type KafkaSasl =
  | {
      readonly mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512";
      readonly username: string;
      readonly password: string;
    }
  | { readonly mechanism: "OAUTHBEARER"; readonly token: OauthTokenProvider };

export interface OauthToken {
  readonly value: string;
  readonly extensions?: Readonly<Record<string, string>>;
}

/** Asked before each new connection: it keeps a token for as long as that is good. */
export type OauthTokenProvider = () => Promise<OauthToken>;

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** A produce that takes longer is stuck: its connection is given up and the request sent again over a new one. */
export const REQUEST_TIMEOUT_DEFAULT_MS = 10_000;
/** A host that does not answer a connect in this time is down or behind a firewall. */
export const CONNECT_TIMEOUT_DEFAULT_MS = 3_000;

/** @throws EventLogError naming the address. */
export function parseBrokerAddress(text: string): BrokerAddress {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || !(port > 0 && port < 65_536)) {
    throw new EventLogError(
      "UNREACHABLE",
      `Kafka address "${text}": expected host:port, such as kafka-1.example:9092`,
    );
  }
  return { host, port };
}

export function formatBrokerAddress(address: BrokerAddress): string {
  return address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** What a client was told to speak, for messages: never a password. */
export function describeSecurity(options: Pick<KafkaOptions, "tls" | "sasl">): string {
  const tls = options.tls === null ? "without TLS" : "with TLS";
  if (options.sasl === null) return `${tls}, without SASL`;
  const user = options.sasl.mechanism === "OAUTHBEARER" ? "" : ` as "${options.sasl.username}"`;
  return `${tls}, SASL ${options.sasl.mechanism}${user}`;
}
