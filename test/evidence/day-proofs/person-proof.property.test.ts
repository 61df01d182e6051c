import { createHash } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import type { PersonProof } from "../../../schemas/evidence/day-proof.js";
import { digestOf, leafKeyOf, personKeyBytes } from "../../../services/evidence/day-proofs/leaf.js";
import { isPathTo, MerkleTree } from "../../../services/evidence/day-proofs/merkle-tree.js";
import { ProvenLeaves, personProofFault } from "../../../services/evidence/day-proofs/person-proof.js";
import {
  follows,
  isSignedBy,
  readSignedLine,
  signedLine,
} from "../../../services/evidence/day-proofs/signed-line.js";
import { testSigner } from "../../support/evidence-signer.js";
import fc from "../../support/properties.js";

const DAY = "2026-03-01";

/** RFC 6962 section 2.1 as it is written. */
function rootByTheLetter(leaves: readonly Buffer[]): Buffer {
  const sha256 = (...parts: readonly Buffer[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (2 * split < leaves.length) split *= 2;
  return sha256(
    Buffer.from([1]),
    rootByTheLetter(leaves.slice(0, split)),
    rootByTheLetter(leaves.slice(split)),
  );
}

const key = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const people = fc.uniqueArray(fc.record({ key, digest }), { maxLength: 40, selector: (each) => each.key });
type Person = { readonly key: string; readonly digest: Buffer };

function provenOf(persons: readonly Person[], day = DAY) {
  const sorted = persons
    .map((person) => ({ ...person, leafKey: leafKeyOf(day, personKeyBytes(person.key)) }))
    .sort((a, b) => a.leafKey.compare(b.leafKey));
  const proven = new ProvenLeaves({
    count: sorted.length,
    keys: Buffer.concat(sorted.map(({ leafKey }) => leafKey)),
    digests: Buffer.concat(sorted.map((each) => each.digest)),
  });
  const line = { day, persons: sorted.length, root: proven.tree.root().toString("hex") };
  return { proven, line, proofOf: (of: string) => proven.proofOf(leafKeyOf(day, personKeyBytes(of))) };
}

function flipped(hex: string, at: number): string {
  const bytes = Buffer.from(hex, "hex");
  bytes[at % bytes.length]! ^= 1 << (at % 8);
  return bytes.toString("hex");
}

describe("the tree", () => {
  it("has the root of RFC 6962, and a path from each leaf to it, at its own index only", () => {
    fc.assert(
      fc.property(fc.array(digest, { maxLength: 70 }), (leaves) => {
        const tree = new MerkleTree(Buffer.concat(leaves));
        expect(tree.root()).toEqual(rootByTheLetter(leaves));
        const size = leaves.length;
        for (const [index, leaf] of leaves.entries()) {
          const path = tree.path(index);
          expect(isPathTo(tree.root(), leaf, { index, size, path })).toBe(true);
          expect(isPathTo(tree.root(), leaf, { index, size, path: path.slice(1) })).toBe(size === 1);
          expect(isPathTo(tree.root(), leaf, { index, size, path: [...path, leaf] })).toBe(false);
          for (let other = 0; other <= size; other++)
            if (other !== index)
              expect(isPathTo(tree.root(), leaf, { index: other, size, path })).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("has the root that is known of an empty one", () => {
    expect(new MerkleTree(Buffer.alloc(0)).root().toString("hex")).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
  });
});

describe("a person's proof", () => {
  it("holds for each person that is there with its lines, and for one that is not there without", () => {
    fc.assert(
      fc.property(people, key, (persons, stranger) => {
        fc.pre(persons.every((person) => person.key !== stranger));
        const { line, proofOf } = provenOf(persons);
        for (const person of persons) {
          const proof = proofOf(person.key);
          expect(personProofFault(line, person.key, proof, person.digest)).toBeNull();
          expect(personProofFault(line, person.key, proof, null)).toBe("OTHER_LINES");
          expect(personProofFault(line, person.key, proof, digestOf(["other"]))).toBe("OTHER_LINES");
          expect(personProofFault(line, stranger, proof, person.digest)).toBe("OTHER_LEAF");
        }
        expect(personProofFault(line, stranger, proofOf(stranger), null)).toBeNull();
        expect(personProofFault(line, stranger, proofOf(stranger), digestOf(["a"]))).toBe("LINES_OF_ABSENT");
      }),
    );
  });

  it("of absence is never to be had for a person that is there", () => {
    fc.assert(
      fc.property(people, fc.nat(), fc.nat(), fc.nat(), (persons, who, a, b) => {
        fc.pre(persons.length > 0);
        const { line, proven, proofOf } = provenOf(persons);
        const person = persons[who % persons.length]!;
        // Any two leaves, or one or none, as the tree proves them.
        const leaves = [...persons.map(({ key: of }) => leafOf(proofOf(of))), null];
        const [left, right] = [leaves[a % leaves.length]!, leaves[b % leaves.length]!];
        expect(personProofFault(line, person.key, { found: "absent", left, right }, null)).not.toBeNull();
        expect(proven.proofOf(leafKeyOf(DAY, personKeyBytes(person.key))).found).toBe("present");
      }),
    );
  });

  it("is refused after any change of it, of the root, or of the day", () => {
    fc.assert(
      fc.property(people, key, fc.nat(1000), fc.boolean(), (persons, stranger, at, isPresent) => {
        fc.pre(persons.length > 0 && persons.every((person) => person.key !== stranger));
        const { line, proofOf } = provenOf(persons);
        const person = isPresent ? persons[at % persons.length]! : { key: stranger, digest: null };
        const proof = proofOf(person.key);
        for (const changed of changesOf(proof, at))
          expect(personProofFault(line, person.key, changed, person.digest)).not.toBeNull();
        const otherRoot = { ...line, root: flipped(line.root, at) };
        expect(personProofFault(otherRoot, person.key, proof, person.digest)).toBe("NOT_IN_TREE");
        // A leaf is of its day; of absence the signature alone says which day it was.
        if (isPresent)
          expect(personProofFault({ ...line, day: "2026-03-02" }, person.key, proof, person.digest)).toBe(
            "OTHER_LEAF",
          );
      }),
    );
  });

  it("of a person behind the last is refused where the number of persons is another", () => {
    const persons = [1, 2, 3, 4, 5].map((n) => ({
      key: String(n).padStart(32, "0"),
      digest: digestOf([`${n}`]),
    }));
    const { line, proofOf } = provenOf(persons);
    const strangers = Array.from({ length: 60 }, (_, n) => String(n + 100).padStart(32, "0"));
    const last = strangers.find((each) => {
      const proof = proofOf(each);
      return proof.found === "absent" && proof.right === null;
    })!;
    for (const persons of [0, 4, 6, 8])
      expect(personProofFault({ ...line, persons }, last, proofOf(last), null)).not.toBeNull();
  });
});

function leafOf(proof: PersonProof) {
  if (proof.found === "absent") throw new Error("absent");
  return proof.leaf;
}

function changesOf(proof: PersonProof, at: number): PersonProof[] {
  const leavesOf = (leaf: ReturnType<typeof leafOf>) => [
    { ...leaf, index: leaf.index + 1 },
    { ...leaf, leafKey: flipped(leaf.leafKey, at) },
    { ...leaf, digest: flipped(leaf.digest, at) },
    { ...leaf, path: [...leaf.path, leaf.digest] },
    ...(leaf.path.length === 0 ? [] : [{ ...leaf, path: leaf.path.slice(0, -1) }]),
    ...leaf.path.map((sibling, index) => ({
      ...leaf,
      path: leaf.path.with(index, flipped(sibling, at)),
    })),
  ];
  if (proof.found === "present") return leavesOf(proof.leaf).map((leaf) => ({ found: "present", leaf }));
  const { left, right } = proof;
  return [
    ...(left === null ? [] : [null, ...leavesOf(left)].map((leaf) => ({ ...proof, left: leaf }))),
    ...(right === null ? [] : [null, ...leavesOf(right)].map((leaf) => ({ ...proof, right: leaf }))),
  ];
}

describe("a signed line", () => {
  const signer = testSigner();
  const unsigned = { partition: 0, day: DAY, part: 1, isDayClosed: true, persons: 0, root: "0".repeat(64) };

  it("is read as it was written, signed by its key and by no other", async () => {
    const line = await signedLine(signer, null, { ...unsigned, fromOffset: 0, endOffset: 7 });
    expect(readSignedLine(line.text)).toEqual(line);
    expect(isSignedBy(line, signer.publicKey)).toBe(true);
    expect(isSignedBy(line, testSigner(2).publicKey)).toBe(false);
  });

  it("is read with no character more, less or other, or is not signed any more", async () => {
    const { text } = await signedLine(signer, null, { ...unsigned, fromOffset: 0, endOffset: 7 });
    for (let at = 0; at < text.length; at++)
      for (const other of ["", "1", "a", " ", text[at]! + text[at]!]) {
        const changed = text.slice(0, at) + other + text.slice(at + 1);
        const read = readSignedLine(changed);
        if (changed !== text && read !== null) expect(isSignedBy(read, signer.publicKey)).toBe(false);
      }
  });

  it("follows the line before it only in the chain, behind its offset and on its day or the next", async () => {
    const first = await signedLine(signer, null, { ...unsigned, fromOffset: 0, endOffset: 7 });
    const next = { ...unsigned, day: "2026-03-02", fromOffset: 7, endOffset: 9 };
    expect(follows(await signedLine(signer, first, next), first)).toBe(true);
    for (const other of [
      { ...next, fromOffset: 8 },
      { ...next, day: "2026-03-03" },
      { ...next, day: DAY },
      { ...next, part: 2 },
      { ...next, partition: 1 },
      { ...next, endOffset: 6 },
    ])
      expect(follows(await signedLine(signer, first, other), first)).toBe(false);
    expect(follows(await signedLine(signer, null, next), first)).toBe(false);
  });
});
