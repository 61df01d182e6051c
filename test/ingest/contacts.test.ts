/** Contacts go into the vault sealed, under a token, and nowhere else. */

import { afterEach, describe, expect, test } from "@jest/globals";
import { SealedBox } from "../../platform/sealed-box/sealed-box.js";
import { contactContext, contactKey, decodeContact } from "../../schemas/contact.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { GatewayWorld } from "./gateway-world.js";

let world: GatewayWorld;
afterEach(() => world.close());

const contact = { phone: "13812345678", name: "欧阳娜娜", idNumberLast4: "123X" };
const put = (fields: object) =>
  world.send("PUT", "/v1/contacts", { personId: "PERSON-1", ...contact, ...fields });
const personKey = new Tokeniser(ALL_ZERO_KEY).token("PERSON-1");

async function kept(): Promise<Uint8Array> {
  const value = await world.store.get(contactKey(personKey));
  if (value === null) throw new Error("expected a contact");
  return value;
}

describe("a contact", () => {
  test("is kept sealed for its person and can be opened with the vault's key", async () => {
    world = await GatewayWorld.open();
    const response = await put({});
    expect([response.statusCode, response.body]).toEqual([204, ""]);
    const box = new SealedBox({ id: "vault-1", key: world.vaultKey });
    const sealed = await kept();
    expect(decodeContact(box.open(sealed, contactContext(personKey)))).toEqual(contact);
    expect(() => box.open(sealed, contactContext("0".repeat(32)))).toThrow(/moved/);
  });

  test("is nowhere in clear", async () => {
    world = await GatewayWorld.open();
    await put({});
    await put({ phone: "13812345679", name: 7 });
    await kept();
    const everything = await world.everything();
    for (const text of ["1381234567", "欧阳", "123X", "PERSON-1"]) expect(everything).not.toContain(text);
  });

  test("replaces the one before", async () => {
    world = await GatewayWorld.open();
    await put({});
    const before = Buffer.from(await kept()).toString("hex");
    await put({ phone: "+8613900000000" });
    expect(Buffer.from(await kept()).toString("hex")).not.toBe(before);
  });

  test.each([
    ["with a number that is no mobile", { phone: "0571-12345678" }, "phone", "FIELD_INVALID"],
    ["with a whole ID number", { idNumberLast4: "330102199001011234" }, "idNumberLast4", "FIELD_INVALID"],
    ["without a name", { name: "" }, "name", "FIELD_INVALID"],
    ["without a person", { personId: null }, "personId", "FIELD_INVALID"],
    ["of half a character", { personId: "a\ud800" }, "personId", "FIELD_INVALID"],
    ["with a password", { password: "888888" }, "password", "FIELD_FORBIDDEN"],
  ])("%s is refused, and nothing kept", async (_name, fields, field, code) => {
    world = await GatewayWorld.open();
    const response = await put(fields);
    expect([response.statusCode, response.json().code]).toEqual([400, "BODY_INVALID"]);
    expect(response.json().refused).toMatchObject([{ field, code }]);
    for (const value of Object.values(fields)) if (value) expect(response.body).not.toContain(value);
    expect(await world.store.get(contactKey(personKey))).toBeNull();
  });

  test("that is no object is refused", async () => {
    world = await GatewayWorld.open();
    for (const body of ["{", "[]", "null", Buffer.from([0xff, 0xfe])]) {
      const response = await world.send("PUT", "/v1/contacts", body);
      expect([response.statusCode, response.json().refused[0].code]).toEqual([400, "JSON_INVALID"]);
    }
  });

  test("that the store does not take is answered with 503", async () => {
    world = await GatewayWorld.open();
    world.store.failure = new Error("disk full");
    const response = await put({});
    expect([response.statusCode, response.json().code]).toEqual([503, "NOT_STORED"]);
  });
});
