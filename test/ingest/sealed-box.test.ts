/** Sealed bytes open with their key, for their context, unchanged; nothing else opens. */

import { randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { SealedBox } from "../../platform/sealed-box/sealed-box.js";

const key = randomBytes(32);
const box = new SealedBox({ id: "vault-1", key });
const plain = Buffer.from("王芳 13812345678", "utf8");

describe("a sealed box", () => {
  test("opens what it sealed, and of nothing too", () => {
    for (const bytes of [plain, Buffer.alloc(0)])
      expect(Buffer.from(box.open(box.seal(bytes, "a"), "a"))).toEqual(bytes);
  });

  test("never seals to the same bytes twice, and shows none of them", () => {
    const first = Buffer.from(box.seal(plain, "a"));
    expect(first.equals(box.seal(plain, "a"))).toBe(false);
    expect(first.includes("138")).toBe(false);
  });

  test("refuses any changed byte and any cut", () => {
    const sealed = Buffer.from(box.seal(plain, "a"));
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(() => box.open(changed, "a")).toThrow(expect.objectContaining({ name: "SealedBoxError" }));
      expect(() => box.open(sealed.subarray(0, at), "a")).toThrow(
        expect.objectContaining({ name: "SealedBoxError" }),
      );
    }
  });

  test("refuses another context and another key of the same id", () => {
    const sealed = box.seal(plain, "a");
    expect(() => box.open(sealed, "b")).toThrow(expect.objectContaining({ code: "TAMPERED" }));
    const other = new SealedBox({ id: "vault-1", key: randomBytes(32) });
    expect(() => other.open(sealed, "a")).toThrow(expect.objectContaining({ code: "TAMPERED" }));
  });

  test("opens earlier keys' values after a change of keys, and names a key it lacks", () => {
    const sealed = box.seal(plain, "a");
    const next = { id: "vault-2", key: randomBytes(32) };
    expect(Buffer.from(new SealedBox(next, [{ id: "vault-1", key }]).open(sealed, "a"))).toEqual(plain);
    expect(() => new SealedBox(next).open(sealed, "a")).toThrow(
      /'vault-1', which was not given; known: vault-2/,
    );
  });

  test("takes only keys of 32 bytes with a plain id", () => {
    expect(() => new SealedBox({ id: "vault-1", key: randomBytes(16) })).toThrow(/has 16 bytes, expected 32/);
    expect(() => new SealedBox({ id: "Vault 1", key })).toThrow(
      expect.objectContaining({ code: "KEY_INVALID" }),
    );
  });
});
