/** What every signer does (platform/signer/signer.ts), as tests. */

import { createPublicKey, verify } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Signer } from "../../platform/signer/signer.js";
import { isSignedSm2 } from "../../platform/sm2/sm2.js";

export interface SignerUnderTest {
  readonly signer: Signer;
  readonly keyId: string;
  /** Public keys: SPKI, PEM. */
  readonly ed25519: string;
  readonly sm2: string;
  remove(): void;
}

export function describeSigner(name: string, create: () => Promise<SignerUnderTest>): void {
  describe(`${name} as a signer`, () => {
    let tested: SignerUnderTest;
    beforeEach(async () => {
      tested = await create();
    });
    afterEach(async () => {
      await tested.signer.close();
      tested.remove();
    });
    const messages = [Buffer.of(0), Buffer.from("卡盾"), Buffer.alloc(200_000, 7)];

    test("has the name of the pair in use", () => {
      expect(tested.signer.keyId).toBe(tested.keyId);
    });

    test("signs messages of any length with both keys, and nothing else is signed by it", async () => {
      for (const message of messages) {
        const [ed25519, sm2] = [await tested.signer.ed25519(message), await tested.signer.sm2(message)];
        expect(isEd25519Signature(message, ed25519, tested.ed25519)).toBe(true);
        expect(isSignedSm2(message, sm2, tested.sm2)).toBe(true);
        const other = Buffer.concat([message, Buffer.of(0)]);
        expect(isEd25519Signature(other, ed25519, tested.ed25519)).toBe(false);
        expect(isSignedSm2(other, sm2, tested.sm2)).toBe(false);
      }
    });

    test("gives the same signature again where it says that it is repeatable", async () => {
      const [message] = [Buffer.from("again")];
      const twice = async (sign: (bytes: Uint8Array) => Promise<Uint8Array>) =>
        Buffer.from(await sign(message)).equals(Buffer.from(await sign(message)));
      expect(await twice((bytes) => tested.signer.ed25519(bytes))).toBe(true);
      expect(await twice((bytes) => tested.signer.sm2(bytes))).toBe(tested.signer.isRepeatable);
    });

    test("several messages at once get each its own", async () => {
      const many = Array.from({ length: 5 }, (_, index) => Buffer.from(`message ${index}`));
      const signatures = await Promise.all(many.map((message) => tested.signer.ed25519(message)));
      for (const [index, message] of many.entries())
        expect(isEd25519Signature(message, signatures[index]!, tested.ed25519)).toBe(true);
    });
  });
}

function isEd25519Signature(message: Uint8Array, signature: Uint8Array, publicPem: string): boolean {
  return verify(null, message, createPublicKey(publicPem), signature);
}
