/** An SMS that waits while its person moves finds the contact, whenever it is looked for. */

import { describe, expect, test } from "@jest/globals";
import { contactOf } from "../../../cli/process/contact-of.js";
import { MemoryKeyValue } from "../../../platform/key-value/memory/memory-key-value.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import { noMetrics } from "../../../platform/metrics/metrics.js";
import { SealedBox } from "../../../platform/sealed-box/sealed-box.js";
import { contactKey } from "../../../schemas/contact.js";
import { ContactVault } from "../../../services/ingest/contact-vault.js";
import { MovedPersons } from "../../../services/ingest/moved-persons.js";
import { keyOf, MovingWorld, noCrash, numberIn } from "../../support/moving-world.js";
import { at, HOUR_MS, rawSwipe, START_MS } from "../../support/records.js";

const OLD = numberIn(0, "OLD");
const NEW = numberIn(1, "NEW");
const LAST = numberIn(0, "LAST");
const END = numberIn(1, "END");
const PHONE = { phone: "13812345678", name: "欧阳娜娜", idNumberLast4: "123X" };
const box = new SealedBox({ id: "vault-1", key: new Uint8Array(32).fill(1) });

const linkOf = (formerPersonId: string, personId: string, hours: number) => ({
  type: "person-link",
  eventId: `link-${hours}`,
  occurredAt: at(START_MS + hours * HOUR_MS),
  formerPersonId,
  personId,
});

describe("the contact of a person who moves", () => {
  test("is found under the former key before and after every step of the carrier, over a chain too", async () => {
    const world = await MovingWorld.begin();
    const contacts = new MemoryKeyValue();
    const vault = new ContactVault(contacts, box);
    await vault.put(keyOf(OLD), PHONE);
    let looked = 0;
    const look = async () => {
      looked++;
      expect(await contactOf({ contacts, moved: world.store, box }, keyOf(OLD))).toEqual(PHONE);
    };
    /** A look between any two of the vault's own steps. */
    const watched = {
      get: (key: string) => contacts.get(key),
      entries: (prefix: string) => contacts.entries(prefix),
      put: async (key: string, value: Uint8Array) => {
        await look();
        await contacts.put(key, value);
        await look();
      },
      delete: async (key: string) => {
        await contacts.delete(key);
        await look();
      },
    };
    await world.send([linkOf(OLD, NEW, 1), linkOf(NEW, LAST, 2)]);
    await world.settle(
      async (_effect, does) => {
        await look();
        await does();
        await look();
      },
      { vault: new ContactVault(watched, box) },
    );
    expect(looked).toBeGreaterThan(10);
    expect(await contacts.get(contactKey(keyOf(OLD)))).toBeNull();
    expect(await contactOf({ contacts, moved: world.store, box }, keyOf(LAST))).toEqual(PHONE);
  });

  test("is under the new key before anything that comes behind the state, and in no other in the end", async () => {
    for (let which = 0, goesOn = true; goesOn; which++) {
      const world = await MovingWorld.begin();
      const contacts = new MemoryKeyValue();
      const parts = { vault: new ContactVault(contacts, box) };
      await parts.vault.put(keyOf(OLD), PHONE);
      await world.send([linkOf(OLD, NEW, 1), rawSwipe({ personId: OLD }), linkOf(NEW, END, 2)]);
      await world.judge(0);
      // A carrier of the first key that stands still until all others are done.
      let effects = 0;
      const pause = async () => {
        if (effects++ === which) await world.settle(noCrash, parts);
      };
      const slowly = {
        get: (key: string) => contacts.get(key),
        entries: (prefix: string) => contacts.entries(prefix),
        put: (key: string, value: Uint8Array) => pause().then(() => contacts.put(key, value)),
        delete: (key: string) => pause().then(() => contacts.delete(key)),
      };
      await world.carry(
        0,
        async (_effect, does) => {
          if (["person-state", "carried"].includes(world.journal(1).at(-1)?.type ?? ""))
            expect(await contactOf({ contacts, moved: world.store, box }, keyOf(NEW))).toEqual(PHONE);
          await pause();
          await does();
        },
        { vault: new ContactVault(slowly, box) },
      );
      goesOn = effects > which;
      await world.settle(noCrash, parts);
      const found = await Promise.all(
        [OLD, NEW, END].map((number) => contacts.get(contactKey(keyOf(number)))),
      );
      expect(found.map((sealed) => sealed !== null)).toEqual([false, false, true]);
    }
  });

  test("is that of the new number where it has one", async () => {
    const [contacts, moved] = [new MemoryKeyValue(), new MemoryKeyValue()];
    const vault = new ContactVault(contacts, box);
    const other = { ...PHONE, phone: "13912345678" };
    await vault.put(keyOf(OLD), PHONE);
    await vault.put(keyOf(NEW), other);
    const table = await MovedPersons.open(moved, { logger: silentLogger, metrics: noMetrics });
    await table.put(keyOf(OLD), keyOf(NEW));
    await vault.move(keyOf(OLD), keyOf(NEW));
    expect(await contactOf({ contacts, moved, box }, keyOf(OLD))).toEqual(other);
  });

  test("is what came under the former number while the person was on the way, unless the new one was given one too", async () => {
    const newer = { ...PHONE, phone: "13712345678" };
    const own = { ...PHONE, phone: "13912345678" };
    for (const given of [false, true]) {
      const world = await MovingWorld.begin();
      const contacts = new MemoryKeyValue();
      const vault = new ContactVault(contacts, box);
      await vault.put(keyOf(OLD), PHONE);
      await world.send([linkOf(OLD, NEW, 1)]);
      await world.judge(0);
      await world.carry(0, noCrash, { vault });
      expect(await contactOf({ contacts, moved: world.store, box }, keyOf(NEW))).toEqual(PHONE);
      await vault.put(keyOf(OLD), newer);
      if (given) await vault.put(keyOf(NEW), own);
      await world.settle(noCrash, { vault });
      for (const number of [OLD, NEW])
        expect(await contactOf({ contacts, moved: world.store, box }, keyOf(number))).toEqual(
          given ? own : newer,
        );
      expect(await contacts.get(contactKey(keyOf(OLD)))).toBeNull();
    }
  });

  test("is left where the table leads to itself", async () => {
    const [contacts, moved] = [new MemoryKeyValue(), new MemoryKeyValue()];
    const vault = new ContactVault(contacts, box);
    await vault.put(keyOf(OLD), PHONE);
    await vault.move(keyOf(OLD), keyOf(OLD));
    expect(await contactOf({ contacts, moved, box }, keyOf(OLD))).toEqual(PHONE);
  });

  test("is none where nobody gave one, and a table that goes in a circle ends", async () => {
    const [contacts, moved] = [new MemoryKeyValue(), new MemoryKeyValue()];
    expect(await contactOf({ contacts, moved, box }, keyOf(OLD))).toBeNull();
    await moved.put(`moved/${keyOf(OLD)}`, Buffer.from(keyOf(NEW)));
    await moved.put(`moved/${keyOf(NEW)}`, Buffer.from(keyOf(OLD)));
    expect(await contactOf({ contacts, moved, box }, keyOf(OLD))).toBeNull();
  });
});
