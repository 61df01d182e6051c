/** Where records of persons who moved go, in memory: to the end of a chain of entries (moved-persons.ts, 1). */

/** 100 bytes each; whoever has no room goes by the former key's signpost. */
export const MOVED_KEYS_MAX = 2_000_000;
/**
 * Entries followed for one record: a person has a few numbers in a life. Whoever has more is sent on by the signpost
 * that is found; and a table that goes in a circle, which is damaged, ends.
 */
export const MOVES_FOLLOWED_MAX = 64;

export class MovedKeys {
  private readonly keys = new Map<string, string>();

  constructor(private readonly keysMax = MOVED_KEYS_MAX) {}

  get size(): number {
    return this.keys.size;
  }

  /** The key under which a record of this one is appended. */
  keyOf(personKey: string): string {
    let key = personKey;
    for (let moves = 0; moves < MOVES_FOLLOWED_MAX; moves++) {
      const toKey = this.keys.get(key);
      if (toKey === undefined) break;
      key = toKey;
    }
    return key;
  }

  set(formerKey: string, toKey: string): void {
    if (this.keys.has(formerKey) || this.keys.size < this.keysMax) this.keys.set(formerKey, toKey);
  }

  /** The record under the key it belongs to; what the carrier brings has its key already. */
  placed<Placed extends { readonly type: string; readonly personKey: string }>(record: Placed): Placed {
    if (record.type === "person-state" || record.type === "carried") return record;
    const personKey = this.keyOf(record.personKey);
    return personKey === record.personKey ? record : { ...record, personKey };
  }
}
