/** Requests of Kafka's classic group protocol, in their last versions before tagged fields and static membership. */

import { Decoder, Encoder } from "../kafkajs-internals.js";
import { API_KEYS, type Lane, type WireRequest } from "../wire-request.js";

/** So Kafka's own tools (kafka-consumer-groups) list the group and its members. */
const PROTOCOL_TYPE = "consumer";

export interface Seat {
  readonly groupId: string;
  readonly memberId: string;
  readonly generation: number;
}

export interface JoinOptions {
  readonly groupId: string;
  /** Empty for a new member. */
  readonly memberId: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocol: string;
  readonly metadata: Buffer;
  readonly lane: Lane;
  readonly timeoutMs: number;
}

export interface JoinAnswer {
  readonly errorCode: number;
  readonly generation: number;
  readonly leaderId: string;
  readonly memberId: string;
  /** Given to the leader only. */
  readonly members: readonly { readonly memberId: string; readonly metadata: Buffer }[];
}

/** Answered when all members have joined, or the rebalance time-out has passed. */
export function joinRequest(options: JoinOptions): WireRequest<JoinAnswer> {
  const protocol = new Encoder().writeString(options.protocol).writeBytes(options.metadata);
  return {
    apiKey: API_KEYS.JoinGroup,
    apiVersion: 4,
    apiName: "JoinGroup",
    lane: options.lane,
    timeoutMs: options.timeoutMs,
    encode: () =>
      new Encoder()
        .writeString(options.groupId)
        .writeInt32(options.sessionTimeoutMs)
        .writeInt32(options.rebalanceTimeoutMs)
        .writeString(options.memberId)
        .writeString(PROTOCOL_TYPE)
        .writeArray([protocol]).buffer,
    decode: decodeJoin,
  };
}

function decodeJoin(payload: Buffer): JoinAnswer {
  const decoder = answerOf(payload);
  const errorCode = decoder.readInt16();
  const generation = decoder.readInt32();
  decoder.readString(); // protocol: there is one
  return {
    errorCode,
    generation,
    leaderId: decoder.readString() ?? "",
    memberId: decoder.readString() ?? "",
    members: decoder.readArray((members) => ({
      memberId: members.readString() ?? "",
      metadata: members.readBytes() ?? Buffer.alloc(0),
    })),
  };
}

export interface SyncAnswer {
  readonly errorCode: number;
  readonly assignment: Buffer;
}

/** The leader gives all assignments, the others none; answered when the leader has. */
export function syncRequest(
  seat: Seat,
  assignments: ReadonlyMap<string, Buffer>,
  { lane, timeoutMs }: Pick<JoinOptions, "lane" | "timeoutMs">,
): WireRequest<SyncAnswer> {
  const encoded = [...assignments].map(([memberId, bytes]) =>
    new Encoder().writeString(memberId).writeBytes(bytes),
  );
  return {
    apiKey: API_KEYS.SyncGroup,
    apiVersion: 2,
    apiName: "SyncGroup",
    lane,
    timeoutMs,
    encode: () => encodeSeat(seat).writeArray(encoded).buffer,
    decode: (payload) => {
      const decoder = answerOf(payload);
      return { errorCode: decoder.readInt16(), assignment: decoder.readBytes() ?? Buffer.alloc(0) };
    },
  };
}

export function heartbeatRequest(seat: Seat, timeoutMs: number): WireRequest<number> {
  return {
    apiKey: API_KEYS.Heartbeat,
    apiVersion: 2,
    apiName: "Heartbeat",
    timeoutMs,
    encode: () => encodeSeat(seat).buffer,
    decode: (payload) => answerOf(payload).readInt16(),
  };
}

export function leaveRequest({ groupId, memberId }: Seat, timeoutMs: number): WireRequest<number> {
  return {
    apiKey: API_KEYS.LeaveGroup,
    apiVersion: 2,
    apiName: "LeaveGroup",
    timeoutMs,
    encode: () => new Encoder().writeString(groupId).writeString(memberId).buffer,
    decode: (payload) => answerOf(payload).readInt16(),
  };
}

/** Error code by partition. */
export function offsetCommitRequest(
  seat: Seat,
  topic: string,
  positions: ReadonlyMap<number, number>,
): WireRequest<ReadonlyMap<number, number>> {
  const partitions = [...positions].map(([partition, offset]) =>
    new Encoder().writeInt32(partition).writeInt64(offset).writeString(null),
  );
  const topics = [new Encoder().writeString(topic).writeArray(partitions)];
  return {
    apiKey: API_KEYS.OffsetCommit,
    apiVersion: 5,
    apiName: "OffsetCommit",
    encode: () => encodeSeat(seat).writeArray(topics).buffer,
    decode: (payload) =>
      partitionsOf(answerOf(payload), (decoder) => [decoder.readInt32(), decoder.readInt16()] as const),
  };
}

export interface FetchedOffset {
  readonly errorCode: number;
  /** -1 where none was committed. */
  readonly offset: number;
}

export function offsetFetchRequest(
  groupId: string,
  topic: string,
  partition: number,
): WireRequest<FetchedOffset | null> {
  const topics = [new Encoder().writeString(topic).writeArray([new Encoder().writeInt32(partition)])];
  return {
    apiKey: API_KEYS.OffsetFetch,
    apiVersion: 3,
    apiName: "OffsetFetch",
    encode: () => new Encoder().writeString(groupId).writeArray(topics).buffer,
    decode: (payload) => decodeOffset(answerOf(payload), partition),
  };
}

function decodeOffset(decoder: Decoder, partition: number): FetchedOffset | null {
  const partitions = partitionsOf(decoder, (one) => {
    const index = one.readInt32();
    const offset = Number(one.readInt64());
    one.readString(); // metadata
    return [index, { offset, errorCode: one.readInt16() }] as const;
  });
  const errorCode = decoder.readInt16();
  return errorCode === 0 ? (partitions.get(partition) ?? null) : { errorCode, offset: -1 };
}

/** All of the one topic asked for. */
function partitionsOf<Value>(
  decoder: Decoder,
  read: (decoder: Decoder) => readonly [number, Value],
): ReadonlyMap<number, Value> {
  const topics = decoder.readArray((topic) => {
    topic.readString();
    return topic.readArray(read);
  });
  return new Map(topics.flat());
}

function encodeSeat({ groupId, generation, memberId }: Seat): Encoder {
  return new Encoder().writeString(groupId).writeInt32(generation).writeString(memberId);
}

/** All these answers begin with the time for which the server held them back. */
function answerOf(payload: Buffer): Decoder {
  const decoder = new Decoder(payload);
  decoder.readInt32();
  return decoder;
}
