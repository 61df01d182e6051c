/** The vault of contacts: sealed values under tokens. Whoever reads the store learns neither who nor how to reach. */

import type { SealedBox } from "../../platform/sealed-box/sealed-box.js";
import {
  type Contact,
  contactContext,
  contactKey,
  decodeContact,
  encodeContact,
} from "../../schemas/contact.js";
import type { KeyValues } from "./key-values.js";

/** Sealed under a key that is not known any more, or damaged. */
export interface Unreadable {
  readonly unreadable: unknown;
}

export class ContactVault {
  constructor(
    private readonly store: KeyValues,
    private readonly box: SealedBox,
  ) {}

  /** Replaces what was known; resolves when it is stored. */
  put(personKey: string, contact: Contact): Promise<void> {
    const sealed = this.box.seal(encodeContact(contact), contactContext(personKey));
    return this.store.put(contactKey(personKey), sealed);
  }

  /**
   * The person is to be reached under another key too; what is known under that already stands.
   * @returns why the contact could not be opened; null otherwise. @throws as the store.
   */
  async copy(formerKey: string, personKey: string): Promise<Unreadable | null> {
    const sealed = await this.store.get(contactKey(formerKey));
    if (sealed === null || (await this.store.get(contactKey(personKey))) !== null) return null;
    const opened = this.open(sealed, formerKey);
    if ("unreadable" in opened) return opened;
    await this.put(personKey, opened.contact);
    return null;
  }

  /**
   * The same where the former key is not needed any more. @returns why the contact could not be opened: it stays where it
   * was; null otherwise. @throws as the store.
   */
  async move(formerKey: string, personKey: string): Promise<Unreadable | null> {
    const failed = await this.copy(formerKey, personKey);
    if (failed === null) await this.delete(formerKey);
    return failed;
  }

  private open(sealed: Uint8Array, personKey: string): { readonly contact: Contact } | Unreadable {
    try {
      return { contact: decodeContact(this.box.open(sealed, contactContext(personKey))) };
    } catch (error) {
      return { unreadable: error };
    }
  }

  /** Forgets a person. */
  delete(personKey: string): Promise<void> {
    return this.store.delete(contactKey(personKey));
  }
}
