/**
 * Register of the networks that may call the gateway: their API keys, rates and permissions.
 *
 * Owns: the entries in the store (`network/<name>`), their copy in memory by which requests are let in.
 * Does not own: what a refused request is told (authenticate.ts).
 *
 * 1. A key is shown once, when it is made; kept is its SHA-256. Keys have 256 random bits, so no slow hash is needed.
 * 2. A change is in the store before it holds here. It begins with what the store holds, not with what is known here:
 *    otherwise a key added here would undo what another process revoked a second ago. Two changes of one network in
 *    the same moment in two processes leave the later one: whoever changes networks looks at the list afterwards.
 * 3. A network that was revoked keeps its entry, so that its keys are told apart from unknown ones.
 * 4. What was changed here while the store is read again is not overwritten by what was read before the change.
 */

import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import * as z from "zod";
import type { Clock } from "../../platform/clock/clock.js";
import type { KeyValues } from "./key-values.js";
import { type RateLimit, TokenBucket } from "./token-bucket.js";

export const PERMISSIONS = [
  "records",
  "authorizations",
  "contacts",
  "institutions",
  "feedback",
  "holder",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/**
 * Feedback softens rules, and whoever may speak for cardholders (`holder`) can block any card whose token he knows: only for
 * networks of the office's own, when somebody says so.
 */
export const PERMISSIONS_DEFAULT: readonly Permission[] = [
  "records",
  "authorizations",
  "contacts",
  "institutions",
];
/** A city of ten million swipes a day has 350/s at its peak. */
export const RATE_DEFAULT: RateLimit = { recordsPerSecond: 2000, burst: 4000 };
/** One in use, one on its way in, one on its way out. */
export const KEYS_MAX = 3;
export const NETWORKS_MAX = 1000;

const PREFIX = "network/";
const NAME_PATTERN = /^[a-z0-9-]{1,32}$/;
const KEY_PREFIX = "kdn";
const SECRET_BYTES = 32;
const KEY_LENGTH_MAX = 128;

const entryShape = z.object({
  name: z.string().regex(NAME_PATTERN),
  limit: z.object({ recordsPerSecond: z.number().positive(), burst: z.number().min(1) }),
  permissions: z.array(z.enum(PERMISSIONS)),
  keyHashes: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(KEYS_MAX),
  isRevoked: z.boolean(),
});
type NetworkEntry = z.infer<typeof entryShape>;

/** A network as requests meet it. */
export interface Network {
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly bucket: TokenBucket;
}

interface Known extends Network {
  readonly entry: NetworkEntry;
  readonly hashes: readonly Buffer[];
}

export interface NetworkChange {
  readonly limit?: RateLimit;
  readonly permissions?: readonly Permission[];
}

export interface NetworkSummary extends RateLimit {
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly keys: number;
  readonly isRevoked: boolean;
}

export type NetworksErrorCode =
  | "NAME_INVALID"
  | "LIMIT_INVALID"
  | "TOO_MANY_KEYS"
  | "TOO_MANY_NETWORKS"
  | "ENTRY_INVALID"
  | "UNKNOWN";

export class NetworksError extends Error {
  override readonly name = "NetworksError";
  readonly retryable = false;
  constructor(
    readonly code: NetworksErrorCode,
    message: string,
  ) {
    super(message);
  }
}

export type Admission =
  | { readonly network: Network }
  | { readonly refused: "KEY_MISSING" | "KEY_INVALID" | "KEY_REVOKED" };

/** Compared where there is nothing to compare, so that an unknown network takes as long as a known one. */
const NO_HASHES: readonly Buffer[] = [Buffer.alloc(32)];
const BEARER = /^Bearer +(\S+)$/i;

export class Networks {
  private readonly known = new Map<string, Known>();
  /** Networks changed here since the store began to be read; null while it is not. */
  private changed: Set<string> | null = null;
  private reloading: Promise<void> | null = null;

  private constructor(
    private readonly store: KeyValues,
    private readonly clock: Clock,
  ) {}

  static async open(store: KeyValues, clock: Clock): Promise<Networks> {
    const networks = new Networks(store, clock);
    await networks.reload();
    return networks;
  }

  /**
   * Reads the store again: another process may have changed it. Networks whose limit stays keep what they have used up.
   * @throws KeyValueError, and NetworksError ENTRY_INVALID after all the others were read; those known stay.
   */
  reload(): Promise<void> {
    this.reloading ??= this.reloadOnce().finally(() => {
      this.reloading = null;
      this.changed = null;
    });
    return this.reloading;
  }

  /**
   * Adds a network, or one more key and other limits to a known one.
   * @returns the key, which nobody can read again. @throws NetworksError.
   */
  async add(name: string, change: NetworkChange = {}): Promise<string> {
    this.checkName(name);
    const before = await this.stored(name);
    this.checkAddition(name, before);
    const key = `${KEY_PREFIX}_${name}_${randomBytes(SECRET_BYTES).toString("base64url")}`;
    const limit = change.limit ?? before?.limit ?? RATE_DEFAULT;
    if (!(limit.recordsPerSecond > 0 && limit.burst >= 1))
      throw new NetworksError(
        "LIMIT_INVALID",
        "a rate limit needs more than 0 records/s and a burst of 1 or more",
      );
    await this.save({
      name,
      limit: { recordsPerSecond: limit.recordsPerSecond, burst: limit.burst },
      permissions: [...(change.permissions ?? before?.permissions ?? PERMISSIONS_DEFAULT)],
      // The keys of a revoked network stay dead.
      keyHashes: [...(before === null || before.isRevoked ? [] : before.keyHashes), hash("sha256", key)],
      isRevoked: false,
    });
    return key;
  }

  /** Its keys and its limit stay. @throws NetworksError UNKNOWN. */
  async permit(name: string, permissions: readonly Permission[]): Promise<void> {
    await this.save({ ...(await this.entryOf(name)), permissions: [...permissions] });
  }

  list(): readonly NetworkSummary[] {
    return [...this.known.values()]
      .map(({ entry: { name, limit, permissions, keyHashes, isRevoked } }) => ({
        name,
        ...limit,
        permissions,
        keys: keyHashes.length,
        isRevoked,
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Revokes all keys of a network at once. @throws NetworksError UNKNOWN. */
  async revoke(name: string): Promise<void> {
    await this.save({ ...(await this.entryOf(name)), isRevoked: true });
  }

  /** Ends all keys of a network but the newest. @throws NetworksError UNKNOWN. */
  async retireOldKeys(name: string): Promise<void> {
    const entry = await this.entryOf(name);
    await this.save({ ...entry, keyHashes: entry.keyHashes.slice(-1) });
  }

  /** @param authorization the header `Authorization`. */
  admit(authorization: string | undefined): Admission {
    if (authorization === undefined) return { refused: "KEY_MISSING" };
    const key = authorization.length > KEY_LENGTH_MAX ? undefined : BEARER.exec(authorization)?.[1];
    if (key === undefined) return { refused: "KEY_INVALID" };
    const [prefix, name] = key.split("_", 2);
    const known = prefix === KEY_PREFIX && name !== undefined ? this.known.get(name) : undefined;
    const given = hash("sha256", key, "buffer");
    const isRight = (known?.hashes ?? NO_HASHES).filter((kept) => timingSafeEqual(kept, given)).length > 0;
    if (known === undefined || !isRight) return { refused: "KEY_INVALID" };
    return known.entry.isRevoked ? { refused: "KEY_REVOKED" } : { network: known };
  }

  private async reloadOnce(): Promise<void> {
    const changed = new Set<string>();
    this.changed = changed;
    const found = new Set<string>();
    const invalid: string[] = [];
    for await (const { key, value } of this.store.entries(PREFIX)) {
      const name = key.slice(PREFIX.length);
      found.add(name);
      if (changed.has(name)) continue;
      const entry = parsedEntry(value);
      if (entry === null) invalid.push(name);
      else this.remember(entry);
    }
    for (const name of this.known.keys()) if (!found.has(name) && !changed.has(name)) this.known.delete(name);
    if (invalid.length > 0) throw entryInvalid(invalid);
  }

  private checkName(name: string): void {
    if (NAME_PATTERN.test(name)) return;
    throw new NetworksError(
      "NAME_INVALID",
      "a network's name is 1 to 32 lower-case letters, digits or hyphens",
    );
  }

  private checkAddition(name: string, before: NetworkEntry | null): void {
    if (before === null && this.known.size >= NETWORKS_MAX)
      throw new NetworksError("TOO_MANY_NETWORKS", `there are ${NETWORKS_MAX} networks already`);
    if (before !== null && !before.isRevoked && before.keyHashes.length >= KEYS_MAX)
      throw new NetworksError(
        "TOO_MANY_KEYS",
        `network '${name}' has ${KEYS_MAX} keys already: retire the old ones first`,
      );
  }

  private async entryOf(name: string): Promise<NetworkEntry> {
    const entry = NAME_PATTERN.test(name) ? await this.stored(name) : null;
    if (entry === null)
      throw new NetworksError("UNKNOWN", `there is no network '${name}'; 'list' shows those there are`);
    return entry;
  }

  private async stored(name: string): Promise<NetworkEntry | null> {
    const value = await this.store.get(`${PREFIX}${name}`);
    if (value === null) return null;
    const entry = parsedEntry(value);
    if (entry === null) throw entryInvalid([name]);
    return entry;
  }

  private async save(entry: NetworkEntry): Promise<void> {
    await this.store.put(`${PREFIX}${entry.name}`, Buffer.from(JSON.stringify(entry), "utf8"));
    this.changed?.add(entry.name);
    this.remember(entry);
  }

  /** A network whose limit did not change keeps what it has used up. */
  private remember(entry: NetworkEntry): void {
    const before = this.known.get(entry.name);
    const isSameLimit =
      before?.entry.limit.burst === entry.limit.burst &&
      before.entry.limit.recordsPerSecond === entry.limit.recordsPerSecond;
    this.known.set(entry.name, {
      entry,
      name: entry.name,
      permissions: new Set(entry.permissions),
      hashes: entry.keyHashes.map((hex) => Buffer.from(hex, "hex")),
      bucket: isSameLimit ? before.bucket : new TokenBucket(entry.limit, this.clock.now()),
    });
  }
}

function parsedEntry(value: Uint8Array): NetworkEntry | null {
  try {
    return entryShape.parse(JSON.parse(Buffer.from(value).toString("utf8")));
  } catch {
    return null;
  }
}

function entryInvalid(names: readonly string[]): NetworksError {
  const keys = names.map((name) => `${PREFIX}${name}`).join(", ");
  return new NetworksError(
    "ENTRY_INVALID",
    `the store's entries ${keys} are not readable: written by a later release, or damaged; upgrade this process, or delete them and add the networks again`,
  );
}
