/** Where records of persons who moved go, in memory. One step at a time: an entry is no chain (moved-persons.ts, 1). */

/** 100 bytes each; whoever has no room goes by the former key's signpost. */
export const MOVED_KEYS_MAX = 2_000_000;

export class MovedKeys {
  private readonly keys = new Map<string, string>();

  constructor(private readonly keysMax = MOVED_KEYS_MAX) {}

  get size(): number {
    return this.keys.size;
  }

  /** The key under which a record of this one is appended. */
  keyOf(personKey: string): string {
    return this.keys.get(personKey) ?? personKey;
  }

  set(formerKey: string, toKey: string): void {
    if (formerKey === toKey) this.keys.delete(formerKey);
    else if (this.keys.has(formerKey) || this.keys.size < this.keysMax) this.keys.set(formerKey, toKey);
  }

  /** The record under the key it belongs to; what the carrier brings has its key already. */
  placed<Placed extends { readonly type: string; readonly personKey: string }>(record: Placed): Placed {
    if (record.type === "person-state" || record.type === "carried") return record;
    const personKey = this.keyOf(record.personKey);
    return personKey === record.personKey ? record : { ...record, personKey };
  }
}
