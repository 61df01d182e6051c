/** Requests that make, take away and describe topics. */
import { Decoder, Encoder } from "./kafkajs-internals.js";
import type { WantedTopic } from "./wanted-topic.js";
import { API_KEYS, type WireRequest } from "./wire-request.js";

export interface TopicVerdict {
  readonly topic: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

const TOPIC_RESOURCE = 2;

/**
 * The server answers when the topics are made or `timeoutMs` passed; longer is waited for the answer itself. With
 * `validateOnly` it says what it would do, and does nothing.
 */
export function createTopicsRequest(
  wanted: readonly WantedTopic[],
  { timeoutMs, validateOnly }: { readonly timeoutMs: number; readonly validateOnly: boolean },
): WireRequest<TopicVerdict[]> {
  return {
    apiKey: API_KEYS.CreateTopics,
    apiVersion: 3,
    apiName: "CreateTopics",
    timeoutMs: 2 * timeoutMs,
    encode: () =>
      new Encoder()
        .writeArray(wanted.map(encodeTopic), "object")
        .writeInt32(timeoutMs)
        .writeBoolean(validateOnly).buffer,
    decode: (payload) => {
      const decoder = new Decoder(payload);
      decoder.readInt32(); // throttle time
      return decoder.readArray((item) => ({
        topic: item.readString() ?? "",
        errorCode: item.readInt16(),
        errorMessage: item.readString(),
      }));
    },
  };
}

function encodeTopic(wanted: WantedTopic): Encoder {
  const configs = Object.entries(wanted.configs).map(([name, value]) =>
    new Encoder().writeString(name).writeString(value),
  );
  return new Encoder()
    .writeString(wanted.topic)
    .writeInt32(wanted.partitions)
    .writeInt16(wanted.replicationFactor)
    .writeArray([], "object") // replicas are placed by the server
    .writeArray(configs, "object");
}

export function deleteTopicsRequest(
  topics: readonly string[],
  timeoutMs: number,
): WireRequest<TopicVerdict[]> {
  return {
    apiKey: API_KEYS.DeleteTopics,
    apiVersion: 3,
    apiName: "DeleteTopics",
    timeoutMs: 2 * timeoutMs,
    encode: () => new Encoder().writeArray(topics, "string").writeInt32(timeoutMs).buffer,
    decode: (payload) => {
      const decoder = new Decoder(payload);
      decoder.readInt32(); // throttle time
      return decoder.readArray((item) => ({
        topic: item.readString() ?? "",
        errorCode: item.readInt16(),
        errorMessage: null,
      }));
    },
  };
}

export interface DescribedTopic extends TopicVerdict {
  readonly configs: ReadonlyMap<string, string | null>;
}

/** Settings in force, also those that come from the server's defaults. */
export function describeTopicsRequest(
  topics: readonly { readonly topic: string; readonly configs: readonly string[] }[],
): WireRequest<DescribedTopic[]> {
  return {
    apiKey: API_KEYS.DescribeConfigs,
    apiVersion: 1,
    apiName: "DescribeConfigs",
    encode: () => new Encoder().writeArray(topics.map(encodeResource), "object").writeBoolean(false).buffer,
    decode: (payload) => {
      const decoder = new Decoder(payload);
      decoder.readInt32(); // throttle time
      return decoder.readArray(readDescribed);
    },
  };
}

function encodeResource(topic: { readonly topic: string; readonly configs: readonly string[] }): Encoder {
  return new Encoder().writeInt8(TOPIC_RESOURCE).writeString(topic.topic).writeArray(topic.configs, "string");
}

function readDescribed(decoder: Decoder): DescribedTopic {
  const errorCode = decoder.readInt16();
  const errorMessage = decoder.readString();
  decoder.readInt8(); // kind of resource
  const topic = decoder.readString() ?? "";
  return { topic, errorCode, errorMessage, configs: new Map(decoder.readArray(readConfig)) };
}

function readConfig(decoder: Decoder): [string, string | null] {
  const name = decoder.readString() ?? "";
  const value = decoder.readString();
  decoder.readBoolean(); // read only
  decoder.readInt8(); // source
  decoder.readBoolean(); // sensitive
  decoder.readArray(readSynonym);
  return [name, value];
}

function readSynonym(decoder: Decoder): null {
  decoder.readString();
  decoder.readString();
  decoder.readInt8();
  return null;
}
