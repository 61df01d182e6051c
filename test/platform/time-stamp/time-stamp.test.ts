import { createHash, X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { httpTimeStamp } from "../../../platform/time-stamp/http/http-time-stamp.js";
import { readTimeStamp, timeStampRequest } from "../../../platform/time-stamp/time-stamp-token.js";
import { StampAuthority } from "../../support/evidence/stamp-authority.js";

const MESSAGE = Buffer.from("what was there");
const SHA256 = createHash("sha256").update(MESSAGE).digest();

describe.each<[string, readonly string[]]>([
  ["RSA", ["rsa:2048"]],
  ["ECDSA", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]],
])("a time stamp of an authority with %s keys", (_, kind) => {
  let authority: StampAuthority;
  let token: Uint8Array;
  beforeAll(async () => {
    authority = await StampAuthority.start(kind);
    token = await httpTimeStamp(authority.url).stamp(SHA256);
  });
  afterAll(() => authority.stop());

  test("says when and by whom, trusted where its CA is given", () => {
    const expected = { authority: "CN=Stand-in authority", at: expect.stringMatching(/^\d{14}Z$/) };
    expect(readTimeStamp(token, { sha256: SHA256, authorities: [] })).toMatchObject({
      ...expected,
      isTrusted: false,
    });
    const authorities = [new X509Certificate(authority.pem("ca"))];
    expect(readTimeStamp(token, { sha256: SHA256, authorities })).toMatchObject({
      ...expected,
      isTrusted: true,
    });
  });

  test("is one that openssl verifies", () => {
    writeFileSync(join(authority.folder, "token.tsr"), token);
    writeFileSync(join(authority.folder, "message"), MESSAGE);
    const said = authority.openssl(
      "ts",
      "-verify",
      "-in",
      "token.tsr",
      "-data",
      "message",
      "-CAfile",
      "ca.pem",
    );
    expect(said).toContain("Verification: OK");
  });

  test("is refused for another hash, and under another CA", () => {
    const other = createHash("sha256").digest();
    expect(() => readTimeStamp(token, { sha256: other, authorities: [] })).toThrow("is over another hash");
    const authorities = [new X509Certificate(authority.pem("other"))];
    expect(() => readTimeStamp(token, { sha256: SHA256, authorities })).toThrow(
      "does not lead to an authority",
    );
  });

  test("with a byte changed or cut off is refused, or says the same", () => {
    const plain = readTimeStamp(token, { sha256: SHA256, authorities: [] });
    let refused = 0;
    for (let at = 0; at < token.length; at += 3) {
      const changed = Buffer.from(token);
      changed[at]! ^= 1 << (at % 8);
      // The answer's status text and what stands beside the signed parts is nobody's word.
      for (const bytes of [changed, changed.subarray(0, at)])
        try {
          expect(readTimeStamp(bytes, { sha256: SHA256, authorities: [] })).toEqual(plain);
        } catch (error) {
          expect(error).toMatchObject({ name: "TimeStampError" });
          refused++;
        }
    }
    expect(refused).toBeGreaterThan(token.length / 3);
  });
});

describe("an authority", () => {
  let authority: StampAuthority;
  beforeAll(async () => {
    authority = await StampAuthority.start();
  });
  afterAll(() => authority.stop());

  test("that refuses is told as such", () => {
    const sha1 = Buffer.from(timeStampRequest(SHA256, 1n)).subarray(0, 20);
    const answer = authority.answer(sha1);
    expect(() => readTimeStamp(answer, { sha256: SHA256, authorities: [] })).toThrow(/refused \(status 2\)/);
  });

  test("that is not there, or answers with an error, may be asked again", async () => {
    authority.status = 503;
    const failure = { code: "NOT_AVAILABLE", retryable: true };
    await expect(httpTimeStamp(authority.url).stamp(SHA256)).rejects.toMatchObject(failure);
    await expect(httpTimeStamp("http://127.0.0.1:1/").stamp(SHA256)).rejects.toMatchObject(failure);
  });
});
