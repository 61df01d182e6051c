/** Requests for where things are: nodes, leaders of partitions, coordinators of groups. */
import { Decoder, Encoder } from "./kafkajs-internals.js";
import { API_KEYS, type WireRequest } from "./wire-request.js";

/** Longer than a node needs, short enough to ask the next one. */
export const WHEREABOUTS_TIMEOUT_MS = 3_000;

export interface MetadataAnswer {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  readonly controllerId: number;
  readonly topics: readonly TopicPartitions[];
}

export interface TopicPartitions {
  readonly topic: string;
  readonly errorCode: number;
  readonly partitions: readonly PartitionPlace[];
}

export interface PartitionPlace {
  readonly partition: number;
  readonly errorCode: number;
  /** -1 where there is none now. */
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly inSyncReplicas: readonly number[];
}

/** No topic is made by asking for it. Without topics the nodes alone are told. */
export function metadataRequest(topics: readonly string[]): WireRequest<MetadataAnswer> {
  return {
    apiKey: API_KEYS.Metadata,
    apiVersion: 5,
    apiName: "Metadata",
    timeoutMs: WHEREABOUTS_TIMEOUT_MS,
    encode: () => new Encoder().writeArray(topics, "string").writeBoolean(false).buffer,
    decode: readMetadata,
  };
}

function readMetadata(payload: Buffer): MetadataAnswer {
  const decoder = new Decoder(payload);
  decoder.readInt32(); // throttle time
  const brokers = decoder.readArray(readBroker);
  decoder.readString(); // cluster id
  const controllerId = decoder.readInt32();
  return { brokers, controllerId, topics: decoder.readArray(readTopic) };
}

function readBroker(decoder: Decoder): MetadataAnswer["brokers"][number] {
  const broker = {
    nodeId: decoder.readInt32(),
    host: decoder.readString() ?? "",
    port: decoder.readInt32(),
  };
  decoder.readString(); // rack
  return broker;
}

function readTopic(decoder: Decoder): TopicPartitions {
  const errorCode = decoder.readInt16();
  const topic = decoder.readString() ?? "";
  decoder.readBoolean(); // internal
  const partitions = decoder.readArray(readPartition);
  return { topic, errorCode, partitions: partitions.sort((a, b) => a.partition - b.partition) };
}

function readPartition(decoder: Decoder): PartitionPlace {
  const place = {
    errorCode: decoder.readInt16(),
    partition: decoder.readInt32(),
    leader: decoder.readInt32(),
    replicas: decoder.readArray(readNodeId),
    inSyncReplicas: decoder.readArray(readNodeId),
  };
  decoder.readArray(readNodeId); // offline replicas
  return place;
}

function readNodeId(decoder: Decoder): number {
  return decoder.readInt32();
}

export interface CoordinatorAnswer {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly nodeId: number;
}

export function findCoordinatorRequest(groupId: string): WireRequest<CoordinatorAnswer> {
  return {
    apiKey: API_KEYS.FindCoordinator,
    apiVersion: 2,
    apiName: "FindCoordinator",
    timeoutMs: WHEREABOUTS_TIMEOUT_MS,
    encode: () => new Encoder().writeString(groupId).writeInt8(0).buffer,
    decode: (payload) => {
      const decoder = new Decoder(payload);
      decoder.readInt32(); // throttle time
      return {
        errorCode: decoder.readInt16(),
        errorMessage: decoder.readString(),
        nodeId: decoder.readInt32(),
      };
    },
  };
}
