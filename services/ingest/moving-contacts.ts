/**
 * The contact goes with its person (docs/decisions/0009, 9).
 *
 * Does not own: the vault, the table of moved persons (the store).
 *
 * 1. It is brought to the key that the state goes to before the state is, and is under the former key until the table
 *    says where that moved: who looks under either finds it (cli/process/contact-of.ts). What comes under the former key
 *    between the two takes the place of what was brought, not of what was given under the new one.
 * 2. A key may have moved on by the time a contact comes to it. The table is asked after that: either it says so, or
 *    whoever writes it moves the contact afterwards.
 */

import type { Logger } from "../../platform/logger/logger.js";
import type { Counter, Metrics } from "../../platform/metrics/metrics.js";
import type { ContactVault } from "./contact-vault.js";
import type { KeyValues } from "./key-values.js";
import { MOVES_FOLLOWED_MAX } from "./moved-keys.js";
import { movedKeyOf } from "./moved-persons.js";

export interface MovingContactsOptions {
  readonly vault: Pick<ContactVault, "bring" | "move">;
  /** Of the table. */
  readonly store: Pick<KeyValues, "get">;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The journal record that it is moved for. */
interface Place {
  readonly partition: number;
  readonly offset: number;
}

export class MovingContacts {
  private readonly unreadable: Counter;

  constructor(private readonly options: MovingContactsOptions) {
    this.unreadable = options.metrics.counter({
      name: "kadun_ingest_contacts_unreadable_total",
      help: "Contacts of persons who moved that could not be opened and stay under the former key.",
    });
  }

  /** The state is on its way to `toKey`. One that cannot be opened is told of when it has arrived. @throws as the stores. */
  async bring(formerKey: string, toKey: string, place: Place): Promise<void> {
    await this.options.vault.bring(formerKey, toKey);
    await this.moveOn(toKey, place);
  }

  /** To the key that holds the person now; nothing where that is this one. @throws as the stores. */
  async moveOn(personKey: string, place: Place): Promise<void> {
    const { vault, store } = this.options;
    let key = personKey;
    for (let moves = 0; moves < MOVES_FOLLOWED_MAX; moves++) {
      const toKey = await movedKeyOf(store, key);
      if (toKey === null) return;
      const failed = await vault.move(key, toKey);
      if (failed !== null) return this.leave(place, failed.unreadable);
      key = toKey;
    }
  }

  /** Nobody's records wait for a contact: it stays under the former key, to be opened with the right vault key. */
  private leave(place: Place, error: unknown): void {
    this.unreadable.add(1);
    this.options.logger.error("ingest.contact-unreadable", { ...place, error });
  }
}
