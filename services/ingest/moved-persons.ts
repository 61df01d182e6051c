/**
 * Former key → key, of persons who moved (docs/decisions/0009): whoever still sends the old number has its records
 * appended under the new key at once.
 *
 * Owns: the entries in the store (`moved/<former key>`) and their copy in memory; the swipe path never waits for a store.
 *
 * 1. An entry says which key's judge has made the former key's state part of its own person (`person-merged`). That key
 *    had not moved by then, so that its state takes the former's along wherever it moves later: entries make chains,
 *    and what is appended at the end of one comes behind all that is known of the keys on it.
 * 2. That never becomes untrue, and it happens once: whoever writes an entry, when and how often, writes the same. So
 *    the table is the same in the end whatever carriers read twice and in whatever order those of several partitions
 *    come to it; nothing in it is ever taken back. (Where a state is merged a second time, which 0009, 4 allows for,
 *    it is so in the same person: the chain ends at the same key.)
 * 3. An entry that is missing, old or cannot be read costs time, nothing else: a record that comes under a key that has
 *    moved is sent on by the judge and the carrier. So no decision depends on this table but through the journal.
 * 4. After each change the store has another stamp; processes that share it read it again soon after (`reload`).
 */

import { randomBytes } from "node:crypto";
import type { Logger } from "../../platform/logger/logger.js";
import type { Counter, Gauge, Metrics } from "../../platform/metrics/metrics.js";
import { TOKEN_PATTERN } from "../../schemas/fields.js";
import type { KeyValues } from "./key-values.js";
import { MovedKeys } from "./moved-keys.js";

const PREFIX = "moved/";
const STAMP = "moved-stamp";
const STAMP_BYTES = 8;

export interface MovedPersonsOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly keysMax?: number;
}

/** What the key became part of, as the store says, which may have moved on itself; null where nobody did. @throws as the store. */
export async function movedKeyOf(store: Pick<KeyValues, "get">, personKey: string): Promise<string | null> {
  const toKey = Buffer.from((await store.get(`${PREFIX}${personKey}`)) ?? []).toString("latin1");
  return TOKEN_PATTERN.test(toKey) ? toKey : null;
}

/** Every former key in the store with where it moved, and how many entries cannot be read. @throws as the store. */
export async function movedKeys(
  store: Pick<KeyValues, "entries">,
): Promise<{ readonly keys: ReadonlyMap<string, string>; readonly unreadable: number }> {
  const keys = new Map<string, string>();
  let unreadable = 0;
  for await (const { key, value } of store.entries(PREFIX)) {
    const [formerKey, toKey] = [key.slice(PREFIX.length), Buffer.from(value).toString("latin1")];
    if (TOKEN_PATTERN.test(formerKey) && TOKEN_PATTERN.test(toKey)) keys.set(formerKey, toKey);
    else unreadable++;
  }
  return { keys, unreadable };
}

export class MovedPersons {
  private readonly keys: MovedKeys;
  private readonly gauge: Gauge;
  private readonly placedCounter: Counter;
  private stamp = "";

  private constructor(
    private readonly store: KeyValues,
    private readonly options: MovedPersonsOptions,
  ) {
    this.keys = new MovedKeys(options.keysMax);
    this.gauge = options.metrics.gauge({
      name: "kadun_ingest_moved_persons",
      help: "Former keys of persons whose records are appended under another key.",
    });
    this.placedCounter = options.metrics.counter({
      name: "kadun_ingest_moved_records_total",
      help: "Records that came under a former number and were appended under the key it moved to.",
    });
  }

  /** @throws as the store; an entry that cannot be read is logged and left out. */
  static async open(store: KeyValues, options: MovedPersonsOptions): Promise<MovedPersons> {
    const moved = new MovedPersons(store, options);
    await moved.readAll();
    return moved;
  }

  get size(): number {
    return this.keys.size;
  }

  /** The key that holds the person, as far as is known here. */
  keyOf(personKey: string): string {
    return this.keys.keyOf(personKey);
  }

  /** As the journal writer places records. */
  readonly placed: MovedKeys["placed"] = (record) => {
    const placed = this.keys.placed(record);
    if (placed !== record) this.placedCounter.add(1);
    return placed;
  };

  /**
   * The judge of `toKey` has merged the former key's state. Written again where it stands already: whoever wrote it may
   * have ended before the stamp that tells others of it.
   */
  async put(formerKey: string, toKey: string): Promise<void> {
    await this.store.put(`${PREFIX}${formerKey}`, Buffer.from(toKey, "utf8"));
    this.keys.set(formerKey, toKey);
    await this.store.put(STAMP, randomBytes(STAMP_BYTES));
    this.gauge.set(this.keys.size);
  }

  /** Reads the store again where another process changed it: one look where it did not. @throws as the store. */
  async reload(): Promise<void> {
    if ((await this.storedStamp()) !== this.stamp) await this.readAll();
  }

  private async readAll(): Promise<void> {
    const stamp = await this.storedStamp();
    const { keys, unreadable } = await movedKeys(this.store);
    for (const [formerKey, toKey] of keys) this.keys.set(formerKey, toKey);
    if (unreadable > 0) this.options.logger.error("ingest.moved-persons-damaged", { count: unreadable });
    this.stamp = stamp;
    this.gauge.set(this.keys.size);
  }

  private async storedStamp(): Promise<string> {
    return Buffer.from((await this.store.get(STAMP)) ?? []).toString("hex");
  }
}
