/** People: names, keys, and what is kept of them. */

import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from "@jest/globals";
import { folded, nameProblem } from "../../schemas/person-name.js";
import { People } from "../../services/bundles/people.js";
import { RulesWorld } from "./rules-world.js";

describe("a name", () => {
  test.each(["an", "An", "王丽", "wang.li", "li_2", "o-connor", "a".repeat(32), "Ångström"])(
    "may be %s",
    (name) => {
      expect(nameProblem(name)).toBeNull();
    },
  );

  test.each([
    "",
    " ",
    "wang li",
    "-an",
    "a/b",
    "a".repeat(33),
    "an\n",
    "an\u0000",
    "😀",
    "../an",
    "an\u200b",
  ])("may not be %j", (name) => {
    expect(nameProblem(name)).toContain("1 to 32 letters or digits");
  });

  test.each(["breaker", "Kadun", "LOCAL", "ｋａｄｕｎ"])("may not be Kadun's own: %s", (name) => {
    expect(nameProblem(name)).toContain("Kadun's own");
  });

  test.each([
    ["An", "an"],
    ["ÅNGSTRÖM", "ångström"],
    ["Å", "\u212b"],
    ["ａｎ", "an"],
  ])("is one for %s and %s", (one, other) => {
    expect(folded(one)).toBe(folded(other));
  });
});

describe("people", () => {
  let world: RulesWorld;
  beforeAll(async () => {
    world = await RulesWorld.open();
  });
  beforeEach(() => world.begin());
  afterEach(() => world.end());
  afterAll(() => world.close());
  const refusal = (code: string) => expect.objectContaining({ code });

  it("have one key each, of which only the hash is kept", async () => {
    await world.add("an", "bo");
    const rows = await world.tables.selectFrom("people").selectAll().orderBy("name").execute();
    expect(rows.map(({ name, key_sha256 }) => [name, key_sha256])).toEqual(
      ["an", "bo"].map((name) => [name, createHash("sha256").update(world.keyOf(name)).digest("hex")]),
    );
    expect(JSON.stringify(rows)).not.toContain(world.keyOf("an"));
    expect(await world.service.people.admit(`Bearer ${world.keyOf("bo")}`)).toBe("bo");
  });

  it("of the same name in another spelling are the same, also when added at the same moment", async () => {
    const added = await Promise.allSettled(["An", "an", "AN"].map((name) => world.service.people.add(name)));
    expect(added.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
    await expect(world.service.people.add("aN")).rejects.toEqual(refusal("PERSON_EXISTS"));
    expect(await world.service.people.list()).toHaveLength(1);
  });

  it("never share a key: the database refuses a second one", async () => {
    const people = new People({ tables: world.tables, clock: world.clock, newKey: () => "kdp_the-same" });
    await people.add("an");
    await expect(people.add("bo")).rejects.toMatchObject({ code: "QUERY_FAILED", sqlState: "23505" });
    expect(await people.list()).toMatchObject([{ name: "an" }]);
  });

  it("that were revoked are told so, stay in the list, and get another key under the old name only", async () => {
    await world.add("An");
    await world.service.people.revoke("an");
    await expect(world.service.people.admit(`Bearer ${world.keyOf("An")}`)).rejects.toEqual(
      refusal("KEY_REVOKED"),
    );
    expect(await world.service.people.list()).toMatchObject([{ name: "An", revokedAt: expect.any(String) }]);
    const key = await world.service.people.add("an");
    expect(await world.service.people.admit(`Bearer ${key}`)).toBe("An");
    await expect(world.service.people.admit(`Bearer ${world.keyOf("An")}`)).rejects.toEqual(
      refusal("KEY_INVALID"),
    );
  });

  it("that are not there cannot be revoked; revoking again is nothing", async () => {
    await expect(world.service.people.revoke("nobody")).rejects.toEqual(refusal("PERSON_UNKNOWN"));
    await world.add("an");
    await world.service.people.revoke("an");
    await world.service.people.revoke("an");
  });

  test.each([
    undefined,
    "",
    "Basic x",
    "Bearer",
    "Bearer ",
    `Bearer ${"k".repeat(129)}`,
    "Bearer kdp_unknown",
  ])("are not let in with %j", async (authorization) => {
    await expect(world.service.people.admit(authorization)).rejects.toMatchObject({
      code: authorization === undefined ? "KEY_MISSING" : "KEY_INVALID",
    });
  });
});
