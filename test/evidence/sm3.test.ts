import { createHash, randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { sm3 } from "../../services/evidence/page/sm3.js";

describe("SM3 of the verifier page", () => {
  test("is that of GB/T 32905 for its example", () => {
    expect(sm3(Buffer.from("abc"))).toBe("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  });

  test("is that of OpenSSL for every length around a block", () => {
    for (let length = 0; length < 200; length++) {
      const bytes = randomBytes(length);
      expect(sm3(bytes)).toBe(createHash("sm3").update(bytes).digest("hex"));
    }
  });
});
