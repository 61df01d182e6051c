/**
 * Signs through a program: the tool of a hardware module (HSM) or of a key service (KMS).
 *
 * It is run as `PROGRAM ARGUMENTS… ALGORITHM KEYID` with ALGORITHM `ed25519` or `sm2`; it reads the message from its input
 * and writes the signature (64 bytes; DER) to its output, nothing else. Whatever it gives is checked with the public key:
 * a signature of another key, or over something else, never gets into a package.
 */

import { spawn } from "node:child_process";
import { createPublicKey, verify } from "node:crypto";
import { isSignedSm2 } from "../../sm2/sm2.js";
import { type Signer, SignerError } from "../signer.js";

/** A module behind a network answers within seconds. */
const TIME_LIMIT_MS = 30_000;
/** The longest signature is an SM2 one: 72 bytes. */
const OUTPUT_BYTES_MAX = 1024;
const SAID_CHARACTERS_MAX = 300;

export interface CommandSignerOptions {
  /** Program and its first arguments; no shell. */
  readonly command: readonly [program: string, ...args: string[]];
  /** Of the pair; the program's last argument. */
  readonly keyId: string;
  /** SPKI, PEM. */
  readonly ed25519: string;
  readonly sm2: string;
  readonly timeLimitMs?: number;
}

export function openCommandSigner(options: CommandSignerOptions): Signer {
  const { keyId } = options;
  const running = new Set<Promise<unknown>>();
  const signed = async (algorithm: Algorithm, message: Uint8Array): Promise<Uint8Array> => {
    const run = outputOf(options, [algorithm, keyId], message);
    running.add(run);
    try {
      return checked(algorithm, message, await run, options);
    } finally {
      running.delete(run);
    }
  };
  return {
    keyId,
    isRepeatable: false,
    ed25519: (message) => signed("ed25519", message),
    sm2: (message) => signed("sm2", message),
    /** Waits for programs that still run. */
    close: async () => void (await Promise.allSettled(running)),
  };
}

type Algorithm = "ed25519" | "sm2";

function checked(
  algorithm: Algorithm,
  message: Uint8Array,
  signature: Buffer,
  { command, ed25519, sm2 }: CommandSignerOptions,
): Buffer {
  const isOurs =
    algorithm === "ed25519"
      ? isSignedEd25519(message, signature, ed25519)
      : isSignedSm2(message, signature, sm2);
  if (isOurs) return signature;
  throw new SignerError(
    "FAILED",
    `${command[0]} ${algorithm}: gave ${signature.length} bytes that are no signature of this message by the published key`,
    false,
  );
}

function outputOf(
  { command: [program, ...args], timeLimitMs = TIME_LIMIT_MS }: CommandSignerOptions,
  more: readonly string[],
  message: Uint8Array,
): Promise<Buffer> {
  const called = `${program} ${more[0]}`;
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, ...more], { stdio: "pipe" });
    // Not spawn's own limit: its timer goes on where the program could not be run.
    const limit = setTimeout(() => child.kill("SIGKILL"), timeLimitMs);
    const out: Buffer[] = [];
    let [bytes, said] = [0, ""];
    child.stdout.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= OUTPUT_BYTES_MAX) out.push(piece);
    });
    child.stderr.on("data", (piece: Buffer) => {
      said = (said + piece.toString("utf8")).slice(0, SAID_CHARACTERS_MAX);
    });
    // Who does not read its input has ended, or will be: its end says why.
    child.stdin.on("error", () => undefined);
    child.on("error", (cause) => {
      clearTimeout(limit);
      reject(
        new SignerError("NOT_AVAILABLE", `${called}: cannot be run (${cause.message})`, true, { cause }),
      );
    });
    child.on("close", (status, signal) => {
      clearTimeout(limit);
      if (signal !== null)
        reject(
          new SignerError("NOT_AVAILABLE", `${called}: ended by ${signal} (limit ${timeLimitMs} ms)`, true),
        );
      else if (status !== 0)
        reject(new SignerError("FAILED", `${called}: ended with ${status}: ${said.trim()}`, true));
      else if (bytes > OUTPUT_BYTES_MAX)
        reject(new SignerError("FAILED", `${called}: gave ${bytes} bytes; expected a signature`, false));
      else resolve(Buffer.concat(out));
    });
    child.stdin.end(message);
  });
}

function isSignedEd25519(message: Uint8Array, signature: Uint8Array, publicPem: string): boolean {
  return verify(null, message, createPublicKey(publicPem), signature);
}
