import { describe, expect, test } from "@jest/globals";
import { openCommandSigner } from "../../../platform/signer/command/command-signer.js";
import { SmallBags } from "../../support/evidence/small-bag.js";

describe("a program that signs", () => {
  test.each<[string, string, object, { readonly timeLimitMs?: number }]>([
    [
      "ends with an error",
      "echo the module is locked >&2; exit 3",
      {
        code: "FAILED",
        retryable: true,
        message: expect.stringMatching(/ended with 3: the module is locked$/),
      },
      {},
    ],
    [
      "gives something else",
      "cat >/dev/null; printf x",
      {
        code: "FAILED",
        retryable: false,
        message: expect.stringMatching(/gave 1 bytes that are no signature/),
      },
      {},
    ],
    [
      "gives too much",
      "cat >/dev/null; head -c 5000 /dev/zero",
      { code: "FAILED", message: expect.stringMatching(/gave 5000 bytes/) },
      {},
    ],
    [
      "takes too long",
      "exec sleep 30",
      { code: "NOT_AVAILABLE", retryable: true, message: expect.stringMatching(/limit 300 ms/) },
      { timeLimitMs: 300 },
    ],
  ])("and %s is told as an error, and nothing is signed", async (_, script, expected, limit) => {
    const bags = new SmallBags();
    const { keyId, ed25519, sm2 } = bags.publicKeys.keys[0]!;
    const signer = openCommandSigner({
      command: ["/bin/sh", "-c", script],
      keyId,
      ed25519,
      sm2,
      ...limit,
    });
    await expect(signer.ed25519(Buffer.alloc(100_000))).rejects.toMatchObject(expected);
    await signer.close();
    bags.remove();
  });

  test("that is not there is told as an error", async () => {
    const bags = new SmallBags();
    const { keyId, ed25519, sm2 } = bags.publicKeys.keys[0]!;
    const signer = openCommandSigner({ command: ["/nowhere/tool"], keyId, ed25519, sm2 });
    await expect(signer.sm2(Buffer.alloc(1))).rejects.toMatchObject({ code: "NOT_AVAILABLE" });
    bags.remove();
  });
});
