/** The office's keys as configured: a ring in a file, or a program that has them. */

import { readFileSync } from "node:fs";
import type { Clock } from "../../platform/clock/clock.js";
import { openCommandSigner } from "../../platform/signer/command/command-signer.js";
import type { Signer } from "../../platform/signer/signer.js";
import { type PublishedKeys, publishedKeys } from "../../schemas/evidence/keys.js";
import { brokenKey, KeyRing } from "../../services/evidence/keys/key-ring.js";
import { EvidenceRefusal } from "../../services/evidence/refusal.js";
import { OperatingError } from "../exit-status.js";

export interface EvidenceKeysOptions {
  /** The key ring, made where there is none; with `signer`: public-keys.json of the keys that the program has. */
  readonly keysFile: string;
  /** Program with its first arguments, spaces between; empty: the ring's keys sign. */
  readonly signer: string;
}

/** Read at each call: a rotation may be another process's. */
export interface EvidenceKeys {
  /** Of the pair in use. @throws KeyRingError, OperatingError. */
  signer(): Signer;
  published(): PublishedKeys;
  /** @throws EvidenceRefusal KEYS_ELSEWHERE. */
  rotate(): PublishedKeys;
}

/** Opened once, so that what is missing is said at the start. @throws KeyRingError, OperatingError. */
export function openEvidenceKeys({ keysFile, signer }: EvidenceKeysOptions, clock: Clock): EvidenceKeys {
  const [program, ...args] = signer.split(" ").filter((part) => part !== "");
  const keys = program === undefined ? ringKeys(keysFile, clock) : moduleKeys(keysFile, [program, ...args]);
  keys.published();
  return keys;
}

function ringKeys(path: string, clock: Clock): EvidenceKeys {
  const ring = () => KeyRing.open(path, clock.now());
  return {
    signer: () => ring().signer(),
    published: () => ring().published(),
    rotate: () => ring().rotate(clock.now()),
  };
}

function moduleKeys(path: string, command: readonly [string, ...string[]]): EvidenceKeys {
  return {
    signer: () => {
      const { keyId, ed25519, sm2 } = readPublished(path).keys.at(-1)!;
      return openCommandSigner({ command, keyId, ed25519, sm2 });
    },
    published: () => readPublished(path),
    rotate: () => {
      throw new EvidenceRefusal(
        "KEYS_ELSEWHERE",
        `make another pair in the module, have the one before vouch for it, and append it to ${path}`,
      );
    },
  };
}

function readPublished(path: string): PublishedKeys {
  const expected = "expected the public keys of the module, as schemas/json/evidence-keys.json has them";
  try {
    const parsed = publishedKeys.safeParse(JSON.parse(readFileSync(path, "utf8")));
    const broken = parsed.success ? brokenKey(parsed.data) : (parsed.error.issues[0]?.message ?? "");
    if (parsed.success && broken === null) return parsed.data;
    throw new OperatingError(`${path}: ${broken}; ${expected}`);
  } catch (error) {
    if (error instanceof OperatingError) throw error;
    throw new OperatingError(`${path}: ${(error as Error).message}; ${expected}`);
  }
}
