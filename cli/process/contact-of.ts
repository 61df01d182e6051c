/**
 * The contact of a person as the alerts find it. A person who moved takes it along (docs/decisions/0009): an SMS that was
 * made before is under the former key.
 *
 * The carrier writes where the person moved before it moves the contact, and deletes the former one last: who finds none
 * finds where it went.
 */

import type { KeyValue } from "../../platform/key-value/key-value.js";
import type { SealedBox } from "../../platform/sealed-box/sealed-box.js";
import { type Contact, contactContext, contactKey, decodeContact } from "../../schemas/contact.js";
import { movedKeyOf } from "../../services/ingest/moved-persons.js";

/** An entry is no chain; one more step for each link that comes while this is read. */
const STEPS_MAX = 64;

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
  for (let steps = 0; key !== null && steps < STEPS_MAX; steps++) {
    const sealed = await contacts.get(contactKey(key));
    if (sealed !== null) return decodeContact(box.open(sealed, contactContext(key)));
    key = await movedKeyOf(moved, key);
  }
  return null;
}
