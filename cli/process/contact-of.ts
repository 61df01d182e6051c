/**
 * The contact of a person as the alerts find it. A person who moved takes it along (docs/decisions/0009): an SMS that was
 * made before is under the former key.
 *
 * The carrier copies the contact to where the state goes, writes where the person moved once it has arrived, and deletes
 * the former one last: who finds none finds where it went.
 */

import type { KeyValue } from "../../platform/key-value/key-value.js";
import type { SealedBox } from "../../platform/sealed-box/sealed-box.js";
import { type Contact, contactContext, contactKey, decodeContact } from "../../schemas/contact.js";
import { MOVES_FOLLOWED_MAX } from "../../services/ingest/moved-keys.js";
import { movedKeyOf } from "../../services/ingest/moved-persons.js";

export interface ContactStores {
  readonly contacts: Pick<KeyValue, "get">;
  readonly moved: Pick<KeyValue, "get">;
  readonly box: SealedBox;
}

/** @returns null where nobody gave one. @throws as the stores; where it cannot be opened. */
export async function contactOf(
  { contacts, moved, box }: ContactStores,
  personKey: string,
): Promise<Contact | null> {
  let key: string | null = personKey;
  for (let steps = 0; key !== null && steps <= MOVES_FOLLOWED_MAX; steps++) {
    const sealed = await contacts.get(contactKey(key));
    if (sealed !== null) return decodeContact(box.open(sealed, contactContext(key)));
    key = await movedKeyOf(moved, key);
  }
  return null;
}
