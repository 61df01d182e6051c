/**
 * What members tell the group's leader and what it tells them, in the encoding of Kafka's consumers (so its tools can
 * show it): subscription {version, topics, user data}, assignment {version, [topic, [partition]], user data}. Our user
 * data of a subscription: what the member holds and the generation that gave it, as Java's StickyAssignor writes it.
 */

import { Decoder, Encoder } from "../kafkajs-internals.js";
import type { StickyMember } from "./assign-sticky.js";

/** The protocol's name: only members that assign alike may meet in one group. */
export const ASSIGNOR = "sticky-by-generation";
const VERSION = 0;

export interface Held {
  readonly partitions: readonly number[];
  /** -1 before the first assignment. */
  readonly generation: number;
}

export function encodeSubscription(topic: string, held: Held): Buffer {
  const userData = new Encoder()
    .writeArray([encodeTopic(topic, held.partitions)])
    .writeInt32(held.generation);
  return new Encoder().writeInt16(VERSION).writeArray([topic]).writeBytes(userData.buffer).buffer;
}

/** @throws RangeError where the bytes are none of ours. */
export function decodeSubscription(memberId: string, topic: string, bytes: Buffer): StickyMember {
  const decoder = new Decoder(bytes);
  decoder.readInt16();
  const topics = decoder.readArray((one) => one.readString());
  if (!topics.includes(topic))
    throw new RangeError(
      `member ${memberId} subscribes to ${topics.join(", ")}, expected ${topic}: two uses of one group id`,
    );
  const userData = decoder.readBytes();
  if (userData === null || userData.length === 0) return { memberId, held: [], generation: -1 };
  const held = new Decoder(userData);
  const partitions = decodeTopics(held).get(topic) ?? [];
  return { memberId, held: partitions, generation: held.readInt32() };
}

export function encodeAssignment(topic: string, partitions: readonly number[]): Buffer {
  return new Encoder()
    .writeInt16(VERSION)
    .writeArray([encodeTopic(topic, partitions)])
    .writeBytes(Buffer.alloc(0)).buffer;
}

/** Sorted; empty bytes are an empty assignment. */
export function decodeAssignment(topic: string, bytes: Buffer): readonly number[] {
  if (bytes.length === 0) return [];
  const decoder = new Decoder(bytes);
  decoder.readInt16();
  return [...(decodeTopics(decoder).get(topic) ?? [])].sort((a, b) => a - b);
}

function encodeTopic(topic: string, partitions: readonly number[]): Encoder {
  return new Encoder().writeString(topic).writeArray(partitions);
}

function decodeTopics(decoder: Decoder): ReadonlyMap<string, readonly number[]> {
  return new Map(
    decoder.readArray(
      (one) => [one.readString() ?? "", one.readArray((partition) => partition.readInt32())] as const,
    ),
  );
}
