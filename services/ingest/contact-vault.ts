/** The vault of contacts: sealed values under tokens. Whoever reads the store learns neither who nor how to reach. */

import type { SealedBox } from "../../platform/sealed-box/sealed-box.js";
import {
  contactContext,
  contactKey,
  decodeKeptContact,
  encodeContact,
  type KeptContact,
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
  put(personKey: string, contact: KeptContact): Promise<void> {
    const sealed = this.box.seal(encodeContact(contact), contactContext(personKey));
    return this.store.put(contactKey(personKey), sealed);
  }

  /**
   * The person is on the way to another key and to be reached under that already; what is known there stands. One that
   * cannot be opened is not brought. @throws as the store.
   */
  async bring(formerKey: string, personKey: string): Promise<void> {
    const sealed = await this.store.get(contactKey(formerKey));
    if (sealed === null || (await this.store.get(contactKey(personKey))) !== null) return;
    const opened = this.open(sealed, formerKey);
    if (!("unreadable" in opened)) await this.put(personKey, { ...opened.contact, isBrought: true });
  }

  /**
   * The former key is not needed any more. What was given under the new one stands, a copy that was only brought does not.
   * @returns why the contact could not be opened: it stays where it was; null otherwise. @throws as the store.
   */
  async move(formerKey: string, personKey: string): Promise<Unreadable | null> {
    const sealed = await this.store.get(contactKey(formerKey));
    if (sealed === null || formerKey === personKey) return null;
    if (!(await this.isGiven(personKey))) {
      const opened = this.open(sealed, formerKey);
      if ("unreadable" in opened) return opened;
      await this.put(personKey, opened.contact);
    }
    await this.delete(formerKey);
    return null;
  }

  private async isGiven(personKey: string): Promise<boolean> {
    const sealed = await this.store.get(contactKey(personKey));
    if (sealed === null) return false;
    const opened = this.open(sealed, personKey);
    return "unreadable" in opened || opened.contact.isBrought !== true;
  }

  private open(sealed: Uint8Array, personKey: string): { readonly contact: KeptContact } | Unreadable {
    try {
      return { contact: decodeKeptContact(this.box.open(sealed, contactContext(personKey))) };
    } catch (error) {
      return { unreadable: error };
    }
  }

  /** Forgets a person. */
  delete(personKey: string): Promise<void> {
    return this.store.delete(contactKey(personKey));
  }
}
