/**
 * Register of institutions: fills in what a swipe leaves out. What it filled in is in the journal, so a later change
 * of the register changes no judgement of the past.
 *
 * Owns: the entries in the store (`institution/<id>`) and their copy in memory; the swipe path never waits for a store.
 */

import { type Institution, institution } from "../../schemas/institution.js";
import type { CanonicalSwipe } from "../../schemas/journal.js";
import type { KeyValues } from "./key-values.js";

/** Three times the institutions of the largest province; about 100 MB. */
export const INSTITUTIONS_MAX = 200_000;
const PREFIX = "institution/";

export class InstitutionRegister {
  private readonly known = new Map<string, Institution>();
  /** New entries on their way into the store. */
  private arriving = 0;

  private constructor(
    private readonly store: KeyValues,
    private readonly institutionsMax: number,
  ) {}

  static async open(store: KeyValues, institutionsMax = INSTITUTIONS_MAX): Promise<InstitutionRegister> {
    const register = new InstitutionRegister(store, institutionsMax);
    for await (const { value } of store.entries(PREFIX)) {
      const entry = institution.parse(JSON.parse(Buffer.from(value).toString("utf8")));
      register.known.set(entry.institutionId, entry);
    }
    return register;
  }

  get size(): number {
    return this.known.size;
  }

  find(institutionId: string): Institution | undefined {
    return this.known.get(institutionId);
  }

  hasRoomFor(institutionId: string): boolean {
    return this.known.has(institutionId) || this.known.size + this.arriving < this.institutionsMax;
  }

  /** Adds or replaces; holds once it is in the store. The caller asked `hasRoomFor`. */
  async put(entry: Institution): Promise<void> {
    const { institutionId } = entry;
    const arriving = this.known.has(institutionId) ? 0 : 1;
    this.arriving += arriving;
    try {
      await this.store.put(`${PREFIX}${institutionId}`, Buffer.from(JSON.stringify(entry), "utf8"));
      this.known.set(institutionId, entry);
    } finally {
      this.arriving -= arriving;
    }
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
