/** Keyed hashes of what must not lie in the database as it is: visits, sessions, codes, client addresses. Pure. */

import { createHmac, timingSafeEqual } from "node:crypto";
import { networkOf } from "../../network-of.js";

/** Longer than any birthday among them. */
const HASH_LENGTH = 40;

export class DoorHash {
  /** @param key 32 bytes that are not in the database. */
  constructor(private readonly key: Uint8Array) {}

  /** @param kind what it is of: the same text of another kind hashes to something else. */
  of(kind: "visit" | "session" | "code" | "address" | "one-time" | "form" | "request", text: string): string {
    return createHmac("sha256", this.key).update(`${kind}\n${text}`).digest("hex").slice(0, HASH_LENGTH);
  }

  /** Of an IPv6 address the first 64 bits: one customer has all the rest. */
  address(address: string): string {
    return this.of("address", networkOf(address));
  }
}

/** In the same time whatever they are. */
export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
