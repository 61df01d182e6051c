/**
 * Register of institutions: fills in what a swipe leaves out. What it filled in is in the journal, so a later change
 * of the register changes no judgement of the past.
 *
 * Owns: the entries in the store (`institution/<id>`) and their copy in memory; the swipe path never waits for a store.
 *
 * 1. Entries are never deleted, by nobody.
 * 2. After each change the store has another stamp, so that processes which share it see with one look whether they
 *    have to read it again. A change of another process is filled in soon after their next `reload`.
 * 3. What was changed here while the store is read again is not overwritten by what was read before the change.
 * 4. A damaged entry is as one that is not there (or what it was when it was read last): its swipes are taken in
 *    without name and chain. Refusing all swipes for it would cost more. It is logged once as an error and counted
 *    until the institution is sent again.
 */

import { randomBytes } from "node:crypto";
import type { Logger } from "../../platform/logger/logger.js";
import type { Gauge, Metrics } from "../../platform/metrics/metrics.js";
import type { Institution } from "../../schemas/institution.js";
import type { CanonicalSwipe } from "../../schemas/journal.js";
import {
  INSTITUTION_PREFIX,
  InstitutionEntryError,
  institutionBytes,
  institutionKey,
  institutionOfKey,
  institutionText,
  readInstitution,
} from "./institution-entry.js";
import type { KeyValues } from "./key-values.js";

/** Three times the institutions of the largest province; about 100 MB. */
export const INSTITUTIONS_MAX = 200_000;
/** Of the damaged entries found in one reading; the gauge counts all. */
const DAMAGED_LOGGED_MAX = 20;
/** Random bytes, others after each change. */
const STAMP = "institutions-stamp";
const STAMP_BYTES = 8;

export interface InstitutionRegisterOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly institutionsMax?: number;
}

export class InstitutionRegister {
  private readonly known = new Map<string, Institution>();
  /** Institutions whose entries in the store cannot be read. */
  private damaged = new Set<string>();
  private readonly damagedGauge: Gauge;
  private readonly institutionsMax: number;
  /** New entries on their way into the store. */
  private arriving = 0;
  /** Institutions changed here since the store began to be read; null while it is not. */
  private changed: Set<string> | null = null;
  private reloading: Promise<void> | null = null;
  /** Of what was read last. */
  private stamp = "";
  private stamping: Promise<void> = Promise.resolve();
  private nextStamping: Promise<void> | null = null;

  private constructor(
    private readonly store: KeyValues,
    private readonly options: InstitutionRegisterOptions,
  ) {
    this.institutionsMax = options.institutionsMax ?? INSTITUTIONS_MAX;
    this.damagedGauge = options.metrics.gauge({
      name: "kadun_ingest_institutions_damaged",
      help: "Entries of the institution register that cannot be read; their swipes get no name and chain.",
    });
  }

  /** @throws as the store; a damaged entry is logged and left out. */
  static async open(store: KeyValues, options: InstitutionRegisterOptions): Promise<InstitutionRegister> {
    const register = new InstitutionRegister(store, options);
    await register.readAll();
    return register;
  }

  /** Reads the store again where another process changed it: one look where it did not. @throws as the store. */
  reload(): Promise<void> {
    this.reloading ??= this.readChanges().finally(() => {
      this.reloading = null;
    });
    return this.reloading;
  }

  get size(): number {
    return this.known.size;
  }

  find(institutionId: string): Institution | undefined {
    return this.known.get(institutionId);
  }

  hasRoomFor(institutionId: string): boolean {
    return (
      this.known.has(institutionId) ||
      this.damaged.has(institutionId) ||
      this.known.size + this.arriving < this.institutionsMax
    );
  }

  /** Adds or replaces; holds once it is in the store. The caller asked `hasRoomFor`. */
  async put(entry: Institution): Promise<void> {
    const { institutionId } = entry;
    const arriving = this.known.has(institutionId) ? 0 : 1;
    this.arriving += arriving;
    try {
      await this.store.put(institutionKey(institutionId), institutionBytes(entry));
      this.known.set(institutionId, entry);
      this.changed?.add(institutionId);
      if (this.damaged.delete(institutionId)) this.damagedGauge.set(this.damaged.size);
      await this.putStamp();
    } finally {
      this.arriving -= arriving;
    }
  }

  private async readChanges(): Promise<void> {
    if ((await this.storedStamp()) !== this.stamp) await this.readAll();
  }

  private async readAll(): Promise<void> {
    const changed = new Set<string>();
    const damaged = new Map<string, InstitutionEntryError>();
    this.changed = changed;
    try {
      // Before the entries: of a change that comes meanwhile the next look tells.
      const stamp = await this.storedStamp();
      for await (const { key, value } of this.store.entries(INSTITUTION_PREFIX)) {
        const institutionId = institutionOfKey(key);
        if (changed.has(institutionId)) continue;
        const failure = this.remember(key, value);
        if (failure !== null) damaged.set(institutionId, failure);
      }
      this.stamp = stamp;
    } finally {
      this.changed = null;
    }
    for (const institutionId of changed) damaged.delete(institutionId);
    this.logDamaged(damaged);
    this.damaged = new Set(damaged.keys());
    this.damagedGauge.set(this.damaged.size);
  }

  private remember(key: string, value: Uint8Array): InstitutionEntryError | null {
    const institutionId = institutionOfKey(key);
    const text = institutionText(value);
    // Most are as they were, and comparing costs a tenth of parsing.
    if (text !== null && text === JSON.stringify(this.known.get(institutionId))) return null;
    const entry = readInstitution(key, text);
    if ("expected" in entry) return new InstitutionEntryError(key, entry);
    this.known.set(institutionId, entry);
    return null;
  }

  /** Those that were not known to be damaged. */
  private logDamaged(found: ReadonlyMap<string, InstitutionEntryError>): void {
    const fresh = [...found].filter(([institutionId]) => !this.damaged.has(institutionId));
    for (const [, error] of fresh.slice(0, DAMAGED_LOGGED_MAX))
      this.options.logger.error("ingest.institution-damaged", { count: found.size, error });
  }

  private async storedStamp(): Promise<string> {
    return Buffer.from((await this.store.get(STAMP)) ?? []).toString("hex");
  }

  /** Of all entries that were put meanwhile there is one stamp. */
  private putStamp(): Promise<void> {
    this.nextStamping ??= this.stamping
      // Whoever waited for that one hears of its failure.
      .catch(() => {})
      .then(() => {
        this.nextStamping = null;
        this.stamping = this.store.put(STAMP, randomBytes(STAMP_BYTES));
        return this.stamping;
      });
    return this.nextStamping;
  }

  /**
   * The swipe with name and chain of its institution where it has none. The content hash stays that of the message:
   * the same message sent again after the register changed is still the same message.
   */
  fill(swipe: CanonicalSwipe): CanonicalSwipe {
    if (swipe.institutionName !== undefined && swipe.chainId !== undefined) return swipe;
    const known = this.known.get(swipe.institutionId);
    if (known === undefined) return swipe;
    const name = swipe.institutionName ?? known.name;
    const chainId = swipe.chainId ?? known.chainId;
    if (name === swipe.institutionName && chainId === swipe.chainId) return swipe;
    return withInstitution(swipe, name, chainId);
  }
}

/** In the order in which a message's own fields would be written. */
function withInstitution(swipe: CanonicalSwipe, name: string, chainId: string | undefined): CanonicalSwipe {
  const filled: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(swipe)) {
    if (field === "institutionName" || field === "chainId") continue;
    filled[field] = value;
    if (field !== "institutionKind") continue;
    filled.institutionName = name;
    if (chainId !== undefined) filled.chainId = chainId;
  }
  return filled as CanonicalSwipe;
}
