/** A contact that cannot be opened stays where it is and stops nobody who moves. */

import { expect, test } from "@jest/globals";
import { MemoryKeyValue } from "../../platform/key-value/memory/memory-key-value.js";
import { type LogFields, silentLogger } from "../../platform/logger/logger.js";
import { SealedBox } from "../../platform/sealed-box/sealed-box.js";
import { contactContext, contactKey, encodeContact } from "../../schemas/contact.js";
import { ContactVault } from "../../services/ingest/contact-vault.js";
import { keyOf, MovingWorld, noCrash, numberIn } from "../support/moving-world.js";
import { at, START_MS } from "../support/records.js";

const OLD = numberIn(0, "OLD");
const NEW = numberIn(1, "NEW");
const CONTACT = encodeContact({ phone: "13812345678", name: "欧阳娜娜", idNumberLast4: "123X" });
const box = (id: string, byte: number) => new SealedBox({ id, key: new Uint8Array(32).fill(byte) });
const vaultBox = box("vault-1", 1);

const damaged = (sealed: Uint8Array) =>
  sealed.map((byte, index) => (index === sealed.length - 1 ? byte ^ 1 : byte));

test.each([
  ["under another key of the same id", box("vault-1", 2).seal(CONTACT, contactContext(keyOf(OLD)))],
  ["under a retired key", box("vault-0", 3).seal(CONTACT, contactContext(keyOf(OLD)))],
  ["and changed since", damaged(vaultBox.seal(CONTACT, contactContext(keyOf(OLD))))],
  ["as something else", Uint8Array.of(1, 2, 3)],
  ["of no contact", vaultBox.seal(Buffer.from("[]"), contactContext(keyOf(OLD)))],
])("a contact sealed %s is counted, logged without anything personal and left", async (_how, sealed) => {
  const store = new MemoryKeyValue();
  await store.put(contactKey(keyOf(OLD)), sealed);
  const lines: [string, LogFields | undefined][] = [];
  let counted = 0;
  const world = await MovingWorld.begin();
  const link = { type: "person-link", eventId: "l-1", occurredAt: at(START_MS), personId: NEW };
  await world.send([{ ...link, formerPersonId: OLD }]);
  await world.settle(noCrash, {
    vault: new ContactVault(store, vaultBox),
    logger: { ...silentLogger, error: (event, fields) => lines.push([event, fields]) },
    metrics: {
      counter: ({ name }) => ({
        add: (amount) => {
          if (name === "kadun_ingest_contacts_unreadable_total") counted += amount;
        },
      }),
      gauge: () => ({ set: () => {} }),
      histogram: () => ({ observe: () => {} }),
    },
  });
  expect(world.journal(1).at(-1)).toMatchObject({ type: "person-state" });
  expect(lines.map(([event]) => event)).toEqual(["ingest.contact-unreadable"]);
  expect(Object.keys(lines[0]?.[1] ?? {}).sort()).toEqual(["error", "offset", "partition"]);
  expect(counted).toBe(1);
  expect(Buffer.from((await store.get(contactKey(keyOf(OLD)))) ?? [])).toEqual(Buffer.from(sealed));
  expect(await store.get(contactKey(keyOf(NEW)))).toBeNull();
});
