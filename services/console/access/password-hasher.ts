/**
 * Hashes passwords with scrypt, a few at a time.
 *
 * Owns: how many hashes are under way, and who waits.
 * Does not own: what a good password is (password-rules.ts), how often somebody may try (tries.ts).
 *
 * 1. At most RUNNING_MAX hashes are under way and WAITING_MAX wait: a flood of sign-ins is told BUSY and takes neither the
 *    event loop nor the memory nor all threads of the pool.
 * 2. A name that is not there costs the same as one that is: `verify` without a hash computes all the same.
 */

import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** Of scrypt: memory is 128 × N × r bytes, time grows with N × r × p. */
export interface ScryptCost {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MiB and some 0.3 s of one core: one of the equal settings OWASP names (N=2^17 p=1 … N=2^14 p=5), small in memory. */
export const SCRYPT_COST: ScryptCost = { n: 2 ** 15, r: 8, p: 3 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Two of libuv's four threads: files and names are still looked up beside them. Together 64 MiB. */
const RUNNING_MAX = 2;
/** Some five seconds of waiting; later ones are told to try again. */
const WAITING_MAX = 32;
/** Node's limit lies below what the cost needs; twice the need. */
const MEMORY_FACTOR = 2;

/** Nothing was looked at. */
export class HasherBusyError extends Error {
  override readonly name = "HasherBusyError";
  readonly code = "BUSY";
  readonly retryable = true;
}

export class PasswordHasher {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly ofNobody: string;

  constructor(private readonly cost: ScryptCost = SCRYPT_COST) {
    this.ofNobody = textOf(cost, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
  }

  /** @throws HasherBusyError. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    return textOf(this.cost, salt, await this.derive(password, salt, this.cost));
  }

  /** @param stored null: of nobody, takes as long and is false. @throws HasherBusyError. */
  async verify(password: string, stored: string | null): Promise<boolean> {
    const { cost, salt, hash } = readHash(stored ?? this.ofNobody);
    const derived = await this.derive(password, salt, cost);
    return timingSafeEqual(derived, hash) && stored !== null;
  }

  private async derive(password: string, salt: Uint8Array, { n, r, p }: ScryptCost): Promise<Buffer> {
    await this.turn();
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        const maxmem = MEMORY_FACTOR * 128 * n * r;
        // Typed on another keyboard, a sign may be composed otherwise.
        scrypt(password.normalize("NFKC"), salt, HASH_BYTES, { N: n, r, p, maxmem }, (error, derived) =>
          error === null ? resolve(derived) : reject(error),
        );
      });
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }

  /** Whoever waited takes the turn of the one that ended. */
  private turn(): Promise<void> {
    if (this.running < RUNNING_MAX) {
      this.running += 1;
      return Promise.resolve();
    }
    if (this.waiting.length >= WAITING_MAX)
      return Promise.reject(new HasherBusyError("too many passwords are being looked at; try again"));
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

function textOf({ n, r, p }: ScryptCost, salt: Uint8Array, hash: Uint8Array): string {
  const [saltText, hashText] = [salt, hash].map((bytes) => Buffer.from(bytes).toString("base64url"));
  return `scrypt:${n}:${r}:${p}:${saltText}:${hashText}`;
}

function readHash(text: string): { cost: ScryptCost; salt: Buffer; hash: Buffer } {
  const parts = /^scrypt:(\d+):(\d+):(\d+):([\w-]{22}):([\w-]{43})$/.exec(text);
  if (parts === null) throw new Error("a password hash of the database is damaged; give a new one-time link");
  const [, n, r, p, salt, hash] = parts;
  return {
    cost: { n: Number(n), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt!, "base64url"),
    hash: Buffer.from(hash!, "base64url"),
  };
}
