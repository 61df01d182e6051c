/** The requests with which a connection begins: what the node speaks, and who we are. */
import { Decoder, Encoder } from "./kafkajs-internals.js";
import { API_KEYS, type WireRequest } from "./wire-request.js";

export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

export interface ApiVersionsAnswer {
  readonly errorCode: number;
  /** By API key. */
  readonly ranges: ReadonlyMap<number, VersionRange>;
}

export function apiVersionsRequest(): WireRequest<ApiVersionsAnswer> {
  return {
    apiKey: API_KEYS.ApiVersions,
    apiVersion: 0,
    apiName: "ApiVersions",
    encode: () => [],
    decode: (payload) => {
      const decoder = new Decoder(payload);
      const errorCode = decoder.readInt16();
      const ranges = new Map(decoder.readArray(readRange));
      return { errorCode, ranges };
    },
  };
}

function readRange(decoder: Decoder): [number, VersionRange] {
  const apiKey = decoder.readInt16();
  const min = decoder.readInt16();
  return [apiKey, { min, max: decoder.readInt16() }];
}

export interface SaslHandshakeAnswer {
  readonly errorCode: number;
  readonly mechanisms: readonly string[];
}

export function saslHandshakeRequest(mechanism: string): WireRequest<SaslHandshakeAnswer> {
  return {
    apiKey: API_KEYS.SaslHandshake,
    apiVersion: 1,
    apiName: "SaslHandshake",
    encode: () => new Encoder().writeString(mechanism).buffer,
    decode: (payload) => {
      const decoder = new Decoder(payload);
      const errorCode = decoder.readInt16();
      return { errorCode, mechanisms: decoder.readArray((item) => item.readString() ?? "") };
    },
  };
}

export interface SaslAuthenticateAnswer {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly bytes: Buffer;
  /** 0: for ever. */
  readonly sessionLifetimeMs: number;
}

export function saslAuthenticateRequest(bytes: Buffer): WireRequest<SaslAuthenticateAnswer> {
  return {
    apiKey: API_KEYS.SaslAuthenticate,
    apiVersion: 1,
    apiName: "SaslAuthenticate",
    encode: () => new Encoder().writeBytes(bytes).buffer,
    decode: (payload) => {
      const decoder = new Decoder(payload);
      return {
        errorCode: decoder.readInt16(),
        errorMessage: decoder.readString(),
        bytes: decoder.readBytes() ?? Buffer.alloc(0),
        sessionLifetimeMs: Number(decoder.readInt64()),
      };
    },
  };
}
