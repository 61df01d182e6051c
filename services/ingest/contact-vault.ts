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

  /** The person has another key from here on; what is known under that already stands. */
  async move(formerKey: string, personKey: string): Promise<void> {
    const sealed = await this.store.get(contactKey(formerKey));
    if (sealed === null || formerKey === personKey) return;
    if ((await this.store.get(contactKey(personKey))) === null)
      await this.put(personKey, decodeContact(this.box.open(sealed, contactContext(formerKey))));
    await this.delete(formerKey);
  }

  /** Forgets a person. */
  delete(personKey: string): Promise<void> {
    return this.store.delete(contactKey(personKey));
  }
}
