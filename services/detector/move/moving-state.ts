/**
 * The record of a person as it goes to another key. Nothing in it says where a log has something: neither the offset
 * that it includes, nor how far each other key was taken in here, nor that a key only sent something. So the same
 * records give the same bytes and the same hash however many partitions there are; the receiver puts its own places in.
 */

import { Person } from "../person/person.js";
import { standaloneRecord } from "../person/record-codec.js";
import { dropLink } from "./former-numbers.js";

const NO_OFFSET = -1;

/** Sealed bytes; the person's own record stays as it is. */
export function movingState(person: Person): Uint8Array {
  const copy = new Person(standaloneRecord(person.record.toBytes()));
  copy.record.setIncludesOffset(NO_OFFSET);
  for (let sender = copy.links.firstSender(); sender !== null; sender = copy.links.firstSender())
    dropLink(copy, sender);
  for (const key of copy.links.mergedKeys()) copy.links.setLastOffset(key, NO_OFFSET);
  return copy.record.toBytes();
}
