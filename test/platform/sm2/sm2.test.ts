import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { isSignedSm2, newSm2Key, SM2_USER_ID, signSm2, sm2PublicKeyPem } from "../../../platform/sm2/sm2.js";

const MESSAGE = Buffer.from("医保卡 evidence");

describe("SM2", () => {
  test("signatures are verified by OpenSSL under the standard's user id", () => {
    const key = newSm2Key();
    const folder = mkdtempSync(join(tmpdir(), "kadun-sm2-"));
    const file = (name: string, content: string | Uint8Array) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    try {
      const args = ["pkeyutl", "-verify", "-pubin", "-rawin", "-digest", "sm3"];
      const said = execFileSync("openssl", [
        ...args,
        "-pkeyopt",
        `distid:${SM2_USER_ID}`,
        "-inkey",
        file("key.pem", sm2PublicKeyPem(key)),
        "-in",
        file("message", MESSAGE),
        "-sigfile",
        file("signature", signSm2(MESSAGE, key)),
      ]);
      expect(said.toString()).toMatch(/Success/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("the same message under the same key gets the same signature, another one another", () => {
    const key = newSm2Key();
    expect(signSm2(MESSAGE, key)).toEqual(signSm2(MESSAGE, key));
    expect(signSm2(MESSAGE, key)).not.toEqual(signSm2(Buffer.from("other"), key));
    expect(signSm2(MESSAGE, key)).not.toEqual(signSm2(MESSAGE, newSm2Key()));
  });

  test("a signature holds for its message and its key only", () => {
    const [key, other] = [newSm2Key(), newSm2Key()];
    const signature = signSm2(MESSAGE, key);
    expect(isSignedSm2(MESSAGE, signature, sm2PublicKeyPem(key))).toBe(true);
    expect(isSignedSm2(MESSAGE, signature, sm2PublicKeyPem(other))).toBe(false);
    expect(isSignedSm2(Buffer.from("other"), signature, sm2PublicKeyPem(key))).toBe(false);
    for (let at = 0; at < signature.length; at++) {
      const changed = Uint8Array.from(signature);
      changed[at]! ^= 1;
      expect(isSignedSm2(MESSAGE, changed, sm2PublicKeyPem(key))).toBe(false);
    }
    expect(isSignedSm2(MESSAGE, new Uint8Array(0), sm2PublicKeyPem(key))).toBe(false);
    expect(isSignedSm2(MESSAGE, signature, "no key")).toBe(false);
  });
});
