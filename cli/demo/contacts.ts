/** Made-up contacts of the city's people: those who will be attacked, and some of the others. */

import { createHash } from "node:crypto";
import type { HttpRequest } from "../../platform/http-client/http-client.js";
import type { ContactRequest } from "../../schemas/http/contact-request.js";
import type { CityPerson } from "./city-people.js";

/** Of those to whom nothing happens, one in so many has left a phone number. */
const OTHERS_PER_CONTACT = 10;
/** Rare enough that none of them stands in a template by chance. */
const FAMILY_NAMES = ["欧阳", "司徒", "上官", "诸葛", "夏侯", "尉迟", "皇甫", "公孙"];
const GIVEN_NAMES = ["璟雯", "琬琰", "骏骥", "翀翊", "瑾瑜", "皓轩", "韫玉", "昕玥", "霖霏", "懿德"];
/** Nobody's: the numbers of this network code are made up, and SMS go to a file. */
const PHONE_PREFIX = "154";

export function contactsOf(people: Iterable<CityPerson>): ContactRequest[] {
  const contacts: ContactRequest[] = [];
  for (const { personId, isVictim } of people) {
    const digest = createHash("sha256").update(personId).digest();
    if (isVictim || digest.readUInt8(0) % OTHERS_PER_CONTACT === 0)
      contacts.push(contactOf(personId, digest));
  }
  return contacts;
}

export function contactRequestOf(contact: ContactRequest): HttpRequest {
  return { method: "PUT", path: "/v1/contacts", body: JSON.stringify(contact) };
}

function contactOf(personId: string, digest: Buffer): ContactRequest {
  return {
    personId,
    phone: PHONE_PREFIX + String(digest.readUInt32LE(4) % 100_000_000).padStart(8, "0"),
    name: pick(FAMILY_NAMES, digest.readUInt8(1)) + pick(GIVEN_NAMES, digest.readUInt8(2)),
    idNumberLast4: String(digest.readUInt16LE(8) % 10_000).padStart(4, "0"),
  };
}

function pick(values: readonly string[], number: number): string {
  return values[number % values.length]!;
}
