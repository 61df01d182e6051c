/** Types of what is used of kafkajs 2.2.4 below its public entrance: the wire's primitive types and the SASL exchanges. */

declare module "kafkajs/src/protocol/encoder.js" {
  export default class Encoder {
    constructor(initialSize?: number);
    readonly buffer: Buffer;
    writeInt8(value: number): this;
    writeInt16(value: number): this;
    writeInt32(value: number): this;
    writeUInt32(value: number): this;
    writeInt64(value: bigint | number | string): this;
    writeBoolean(value: boolean): this;
    writeString(value: string | null): this;
    writeBytes(value: Buffer | string | null): this;
    writeBuffer(value: Buffer): this;
    writeEncoder(value: Encoder): this;
    writeArray(
      array: readonly (number | string | Encoder)[],
      type?: "int32" | "number" | "string" | "object",
      length?: number,
    ): this;
    writeVarInt(value: number): this;
    writeUVarInt(value: number): this;
    size(): number;
  }
}

declare module "kafkajs/src/protocol/decoder.js" {
  export default class Decoder {
    constructor(buffer: Buffer);
    readonly offset: number;
    readInt8(): number;
    readInt16(): number;
    readInt32(): number;
    readInt64(): bigint;
    readString(): string | null;
    readBytes(byteLength?: number): Buffer | null;
    readBoolean(): boolean;
    readArray<Item>(read: (decoder: Decoder) => Item): Item[];
    canReadBytes(length: number): boolean;
  }
}

declare module "kafkajs/src/broker/saslAuthenticator/plain.js" {
  import type { SaslMechanism } from "kafkajs-sasl";

  const mechanism: SaslMechanism;
  export default mechanism;
}

declare module "kafkajs/src/broker/saslAuthenticator/scram256.js" {
  import type { SaslMechanism } from "kafkajs-sasl";

  const mechanism: SaslMechanism;
  export default mechanism;
}

declare module "kafkajs/src/broker/saslAuthenticator/scram512.js" {
  import type { SaslMechanism } from "kafkajs-sasl";

  const mechanism: SaslMechanism;
  export default mechanism;
}

/** Not a package: the types that the three modules above share. */
declare module "kafkajs-sasl" {
  export interface SaslLogger {
    debug(message: string, extra?: object): void;
    error(message: string, extra?: object): void;
  }
  /** Bytes go with an int32 of their length in front, both ways. */
  export interface SaslStep {
    readonly request: { encode(): Promise<Buffer> };
    readonly response?: {
      decode(bytes: Buffer): Promise<unknown>;
      parse(decoded: unknown): Promise<unknown>;
    };
  }
  export type SaslMechanism = (credentials: {
    username: string;
    password: string;
  }) => (exchange: {
    host: string;
    port: number;
    logger: SaslLogger;
    saslAuthenticate: (step: SaslStep) => Promise<unknown>;
  }) => { authenticate(): Promise<void> };
}
