/**
 * A Merkle tree as RFC 6962 section 2.1 has it, over leaf hashes in order. Pure.
 *
 * Kept level by level, the leaves first: a node without a right neighbour goes up as it is, which is the same tree as
 * splitting at the largest power of two below the size.
 */

import { hash } from "node:crypto";

export const HASH_BYTES = 32;
const NODE = 0x01;

export class MerkleTree {
  /** Hashes behind one another; the last level is the root. */
  private readonly levels: readonly Buffer[];

  /** @param leafHashes behind one another, 32 bytes each. */
  constructor(leafHashes: Buffer) {
    const levels = [leafHashes];
    for (let level = leafHashes; level.length > HASH_BYTES; levels.push(level)) level = levelAbove(level);
    this.levels = levels;
  }

  get size(): number {
    return this.levels[0]!.length / HASH_BYTES;
  }

  root(): Buffer {
    return this.size === 0 ? hash("sha256", "", "buffer") : this.levels.at(-1)!;
  }

  /** Siblings of a leaf, from the leaf up. */
  path(index: number): readonly Buffer[] {
    const path: Buffer[] = [];
    let at = index;
    for (const level of this.levels) {
      const sibling = (at % 2 === 0 ? at + 1 : at - 1) * HASH_BYTES;
      if (sibling < level.length) path.push(level.subarray(sibling, sibling + HASH_BYTES));
      at = Math.floor(at / 2);
    }
    return path;
  }
}

/** Does the path lead from the leaf at `index` of `size` to the root? (RFC 9162 section 2.1.3.2.) */
export function isPathTo(
  root: Buffer,
  leafHash: Buffer,
  { index, size, path }: { readonly index: number; readonly size: number; readonly path: readonly Buffer[] },
): boolean {
  if (index >= size) return false;
  let at = index;
  let last = size - 1;
  let found = leafHash;
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      found = nodeHash(sibling, found);
      // Where it went up without a neighbour there is no sibling.
      for (; at % 2 === 0 && at !== 0; last = half(last)) at = half(at);
    } else found = nodeHash(found, sibling);
    at = half(at);
    last = half(last);
  }
  return last === 0 && found.equals(root);
}

function levelAbove(level: Buffer): Buffer {
  const pair = 2 * HASH_BYTES;
  const above = Buffer.allocUnsafe(Math.ceil(level.length / pair) * HASH_BYTES);
  let at = 0;
  for (let from = 0; from < level.length; from += pair, at += HASH_BYTES) {
    const node = level.subarray(from, from + pair);
    (node.length === pair ? hashOfPair(node) : node).copy(above, at);
  }
  return above;
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return hashOfPair(Buffer.concat([left, right], 2 * HASH_BYTES));
}

const scratch = Buffer.alloc(1 + 2 * HASH_BYTES);
scratch[0] = NODE;

function hashOfPair(pair: Buffer): Buffer {
  pair.copy(scratch, 1);
  return hash("sha256", scratch, "buffer");
}

function half(value: number): number {
  return Math.floor(value / 2);
}
