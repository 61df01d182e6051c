/**
 * That a stretch holds exactly these lines of a person, or none: made from the leaves, verified against a day proof. Pure.
 *
 * What `verifyPerson` proves is relative to the tree: who signs could sort leaves wrongly. That the leaves next to each
 * other are the person's neighbours holds for a tree that is sorted, which whoever has all the leaves can see.
 */

import type { DayProof, PersonProof, ProvenLeaf } from "../../../schemas/evidence/day-proof.js";
import { leafHashOf, leafKeyOf, personKeyBytes } from "./leaf.js";
import { HASH_BYTES, isPathTo, MerkleTree } from "./merkle-tree.js";

/** Leaves of a stretch, sorted by their keys. */
export interface Leaves {
  readonly count: number;
  /** 32 bytes each, behind one another. */
  readonly keys: Buffer;
  readonly digests: Buffer;
}

/** The tree with its leaves, for proofs. */
export class ProvenLeaves {
  readonly tree: MerkleTree;

  constructor(private readonly leaves: Leaves) {
    const { count, keys, digests } = leaves;
    const hashes = Buffer.allocUnsafe(count * HASH_BYTES);
    for (let index = 0; index < count; index++)
      leafHashOf(hashAt(keys, index), hashAt(digests, index)).copy(hashes, index * HASH_BYTES);
    this.tree = new MerkleTree(hashes);
  }

  /** Index of the leaf; below zero where there is none: −1 − the index at which it would stand. */
  find(leafKey: Buffer): number {
    let low = 0;
    let high = this.leaves.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = hashAt(this.leaves.keys, middle).compare(leafKey);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1 - low;
  }

  proofOf(leafKey: Buffer): PersonProof {
    const index = this.find(leafKey);
    if (index >= 0) return { found: "present", leaf: this.leafAt(index) };
    const right = -1 - index;
    return {
      found: "absent",
      left: right === 0 ? null : this.leafAt(right - 1),
      right: right === this.leaves.count ? null : this.leafAt(right),
    };
  }

  private leafAt(index: number): ProvenLeaf {
    return {
      index,
      leafKey: hashAt(this.leaves.keys, index).toString("hex"),
      digest: hashAt(this.leaves.digests, index).toString("hex"),
      path: this.tree.path(index).map((hash) => hash.toString("hex")),
    };
  }
}

export type PersonProofFault =
  /** A path does not lead to the root. */
  | "NOT_IN_TREE"
  /** The leaf is another one's: another person's, another day's. */
  | "OTHER_LEAF"
  /** The lines are not those that were hashed. */
  | "OTHER_LINES"
  /** Lines are here, and the proof says that there are none. */
  | "LINES_OF_ABSENT"
  /** The leaves are not the two between which the person would stand. */
  | "NOT_NEIGHBOURS";

/**
 * null where the proof holds for the tree of the day proof.
 * @param digest over the person's lines of the stretch, 32 bytes; null where there are none.
 */
export function personProofFault(
  line: Pick<DayProof, "day" | "persons" | "root">,
  personKey: string,
  proof: PersonProof,
  digest: Buffer | null,
): PersonProofFault | null {
  const leafKey = leafKeyOf(line.day, personKeyBytes(personKey)).toString("hex");
  if (proof.found === "absent") return absenceFault(line, leafKey, proof, digest);
  const { leaf } = proof;
  if (leaf.leafKey !== leafKey) return "OTHER_LEAF";
  if (leaf.digest !== digest?.toString("hex")) return "OTHER_LINES";
  return isInTree(line, leaf) ? null : "NOT_IN_TREE";
}

function absenceFault(
  line: Pick<DayProof, "persons" | "root">,
  leafKey: string,
  { left, right }: Extract<PersonProof, { found: "absent" }>,
  digest: Buffer | null,
): PersonProofFault | null {
  if (digest !== null) return "LINES_OF_ABSENT";
  if (line.persons === 0 && line.root !== EMPTY_ROOT) return "NOT_IN_TREE";
  for (const leaf of [left, right]) if (leaf !== null && !isInTree(line, leaf)) return "NOT_IN_TREE";
  // Hexadecimal digits of one length sort as their bytes do.
  if ((left !== null && left.leafKey >= leafKey) || (right !== null && right.leafKey <= leafKey))
    return "NOT_NEIGHBOURS";
  const before = left === null ? -1 : left.index;
  const behind = right === null ? line.persons : right.index;
  return before + 1 === behind ? null : "NOT_NEIGHBOURS";
}

const EMPTY_ROOT = new MerkleTree(Buffer.alloc(0)).root().toString("hex");

function isInTree({ persons, root }: Pick<DayProof, "persons" | "root">, leaf: ProvenLeaf): boolean {
  const leafHash = leafHashOf(Buffer.from(leaf.leafKey, "hex"), Buffer.from(leaf.digest, "hex"));
  const path = leaf.path.map((sibling) => Buffer.from(sibling, "hex"));
  return isPathTo(Buffer.from(root, "hex"), leafHash, { index: leaf.index, size: persons, path });
}

export function hashAt(hashes: Buffer, index: number): Buffer {
  return hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
}
