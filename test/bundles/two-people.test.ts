/** Versions and the pairs of eyes: who may do what, and what is refused with which reason. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { hashOf, LOCAL_KEY, RulesWorld } from "./rules-world.js";

let world: RulesWorld;
beforeAll(async () => {
  world = await RulesWorld.open();
});
beforeEach(async () => {
  await world.begin();
  await world.add("an", "bo", "chen");
  await world.takenOver();
});
afterEach(() => world.end());
afterAll(() => world.close());

const versions = "POST /v1/rules/versions";

describe("a draft", () => {
  it("is stored whole under the next number with its author's comment", async () => {
    const drafted = await world.ask("an", versions, { content: { limitFen: 70_000 }, comment: "higher" });
    expect(drafted).toMatchObject({
      status: 201,
      body: {
        version: 2,
        author: "an",
        state: "draft",
        comment: "higher",
        bundleHash: hashOf({ limitFen: 70_000 }),
      },
    });
    expect((await world.ask("bo", "GET /v1/rules/versions/2/content")).body.content).toEqual({
      limitFen: 70_000,
    });
  });

  it("with mistakes is refused with every one of them, and takes no number", async () => {
    const refused = await world.ask("an", versions, { content: { limit: 1 }, comment: "wrong" });
    expect(refused).toMatchObject({
      status: 400,
      body: { code: "BUNDLE_INVALID", mistakes: [{ path: "limitFen", expected: "a number" }] },
    });
    expect(await world.draft("an", 1)).toBe(2);
  });

  it("without a comment is refused", async () => {
    const refused = await world.ask("an", versions, { content: { limitFen: 1 }, comment: "  " });
    expect(refused).toMatchObject({ status: 400, body: { code: "BODY_INVALID" } });
    expect(refused.body.detail).toContain("comment");
  });

  it("of the same content is another version, and the first stays as it was", async () => {
    expect(await world.draft("an", 5)).toBe(2);
    expect(await world.draft("bo", 5)).toBe(3);
    expect((await world.ask("an", "GET /v1/rules/versions/2")).body).toMatchObject({ author: "an" });
  });

  it("keeps what everybody said about it, in order", async () => {
    const version = await world.draft("an", 5);
    await world.ask("bo", `POST /v1/rules/versions/${version}/comments`, { text: "why 5?" });
    await world.ask("an", `POST /v1/rules/versions/${version}/comments`, { text: "because" });
    const { body } = await world.ask("chen", `GET /v1/rules/versions/${version}`);
    expect(body.comments).toMatchObject([
      { author: "an", text: "limit 5" },
      { author: "bo", text: "why 5?" },
      { author: "an", text: "because" },
    ]);
  });

  it("that was withdrawn can be neither approved nor activated, and is still listed", async () => {
    const version = await world.draft("an", 5);
    await world.ask("bo", `POST /v1/rules/versions/${version}/approve`);
    await world.ask("bo", `POST /v1/rules/versions/${version}/withdraw`);
    for (const what of ["approve", "activate", "withdraw"])
      expect(await world.ask("chen", `POST /v1/rules/versions/${version}/${what}`)).toMatchObject({
        status: 409,
        body: { code: "VERSION_WITHDRAWN" },
      });
    const { body } = await world.ask("an", "GET /v1/rules/versions");
    expect(body.versions).toMatchObject([
      { version, state: "withdrawn" },
      { version: 1, state: "running", origin: "found", author: "kadun" },
    ]);
  });

  it("shows what it changes against the running bundle and against any other version", async () => {
    await world.draft("an", 5);
    const version = await world.draft("an", 7);
    const against = async (query: string) =>
      (await world.ask("bo", `GET /v1/rules/versions/${version}/diff${query}`)).body;
    expect(await against("")).toEqual({
      version,
      against: 1,
      isSame: false,
      changes: [{ path: "limitFen", before: 60_000, after: 7 }],
    });
    expect(await against("?from=2")).toMatchObject({ against: 2, changes: [{ before: 5, after: 7 }] });
    expect(await against("?from=x")).toMatchObject({ code: "VERSION_UNKNOWN" });
  });
});

describe("publishing", () => {
  it("takes two people: the author and another, in whoever's hand it is", async () => {
    const version = await world.draft("an", 5);
    await world.ask("bo", `POST /v1/rules/versions/${version}/approve`);
    const activated = await world.ask("an", `POST /v1/rules/versions/${version}/activate`);
    expect(activated).toMatchObject({
      status: 202,
      body: { activation: { sequence: 1, version, status: "open", publishedBy: ["an", "bo"] } },
    });
  });

  it("is refused without approval, and the author cannot give it", async () => {
    const version = await world.draft("an", 5);
    expect(await world.ask("an", `POST /v1/rules/versions/${version}/approve`)).toMatchObject({
      status: 409,
      body: { code: "OWN_DRAFT" },
    });
    const refused = await world.ask("bo", `POST /v1/rules/versions/${version}/activate`);
    expect(refused).toMatchObject({ status: 409, body: { code: "NOT_APPROVED" } });
    expect(refused.body.detail).toContain(`kadun rules approve ${version}`);
    expect(world.guard.asked).toEqual([]);
  });

  it("is refused where the one who approved was revoked since, or the author", async () => {
    const version = await world.draft("an", 5);
    await world.ask("bo", `POST /v1/rules/versions/${version}/approve`);
    await world.service.people.revoke("bo");
    expect((await world.ask("an", `POST /v1/rules/versions/${version}/activate`)).body.code).toBe(
      "NOT_APPROVED",
    );
    await world.ask("chen", `POST /v1/rules/versions/${version}/approve`);
    await world.service.people.revoke("an");
    expect((await world.ask("chen", `POST /v1/rules/versions/${version}/activate`)).body.code).toBe(
      "AUTHOR_REVOKED",
    );
  });

  it("by the same person twice is refused, also at the same moment", async () => {
    const version = await world.draft("an", 5);
    const approve = () => world.ask("bo", `POST /v1/rules/versions/${version}/approve`);
    const answers = await Promise.all([approve(), approve(), approve()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await approve()).body.code).toBe("SAME_PERSON");
  });

  it("of two versions at the same moment is of one of them", async () => {
    const drafted = [await world.draft("an", 5), await world.draft("an", 6)];
    for (const version of drafted) await world.ask("bo", `POST /v1/rules/versions/${version}/approve`);
    world.gateway.isAway = true;
    const answers = await Promise.all(
      drafted.map((version) => world.ask("an", `POST /v1/rules/versions/${version}/activate`)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toMatch(/^(PARTIAL|VERSION_OLD)$/);
  });

  it("of an older draft than the running version is refused: it would undo that", async () => {
    const old = await world.draft("an", 5);
    await world.ask("bo", `POST /v1/rules/versions/${old}/approve`);
    await world.publish(6);
    const refused = await world.ask("an", `POST /v1/rules/versions/${old}/activate`);
    expect(refused).toMatchObject({ status: 409, body: { code: "VERSION_OLD" } });
  });

  it("of what runs, or ran, is refused", async () => {
    const first = await world.publish(5);
    expect((await world.ask("an", `POST /v1/rules/versions/${first}/activate`)).body.code).toBe(
      "NOTHING_CHANGES",
    );
    await world.publish(6);
    const refused = await world.ask("an", `POST /v1/rules/versions/${first}/activate`);
    expect(refused.body).toMatchObject({ code: "VERSION_ACTIVATED" });
    expect(refused.body.detail).toContain("kadun rules rollback");
  });
});

describe("the guard", () => {
  beforeEach(() => {
    world.guard.verdict = {
      result: "objection",
      text: "rejects 12 % of the last day's swipes, 0.1 % now",
      numbers: { rejectShare: 0.12, rejectShareNow: 0.001 },
    };
  });
  const approved = async () => {
    const version = await world.draft("an", 5);
    await world.ask("bo", `POST /v1/rules/versions/${version}/approve`);
    return { version, address: `POST /v1/rules/versions/${version}` };
  };

  it("that objects asks for a third person, who is neither author nor approver", async () => {
    const { version, address } = await approved();
    const refused = await world.ask("an", `${address}/activate`);
    expect(refused).toMatchObject({ status: 409, body: { code: "GUARD_OBJECTS" } });
    expect(refused.body.detail).toContain("rejects 12 %");
    expect((await world.ask("an", `${address}/confirm`)).body.code).toBe("OWN_DRAFT");
    expect((await world.ask("bo", `${address}/confirm`)).body.code).toBe("SAME_PERSON");
    const confirmed = await world.ask("chen", `${address}/confirm`);
    expect(confirmed).toMatchObject({
      status: 200,
      body: { checks: [{ result: "objection", numbers: { rejectShare: 0.12 }, confirmedBy: "chen" }] },
    });
    const activated = await world.ask("an", `${address}/activate`);
    expect(activated).toMatchObject({
      status: 202,
      body: { activation: { version, publishedBy: ["an", "bo", "chen"] } },
    });
    expect(world.guard.asked).toHaveLength(1);
  });

  it("is asked with both bundles whole", async () => {
    const { address, version } = await approved();
    await world.ask("chen", `${address}/check`);
    expect(world.guard.asked).toMatchObject([
      { version, content: { limitFen: 5 }, runningContent: { limitFen: 60_000 } },
    ]);
  });

  it("has to have objected before anybody confirms, and nobody confirms twice", async () => {
    const { address } = await approved();
    expect((await world.ask("chen", `${address}/confirm`)).body.code).toBe("NOTHING_TO_CONFIRM");
    await world.ask("chen", `${address}/check`);
    await world.ask("chen", `${address}/confirm`);
    expect((await world.ask("chen", `${address}/confirm`)).body.code).toBe("NOTHING_TO_CONFIRM");
  });

  it("is asked anew when its word does not hold any more, and a confirmation of the old one does not count", async () => {
    const { address } = await approved();
    await world.ask("chen", `${address}/check`);
    await world.ask("chen", `${address}/confirm`);
    world.guard.fresh = false;
    expect((await world.ask("an", `${address}/activate`)).body.code).toBe("GUARD_OBJECTS");
    expect(world.guard.asked).toHaveLength(2);
  });

  it("does not count a confirmation by somebody who was revoked since", async () => {
    const { address } = await approved();
    await world.ask("chen", `${address}/check`);
    await world.ask("chen", `${address}/confirm`);
    await world.service.people.revoke("chen");
    expect((await world.ask("an", `${address}/activate`)).body.code).toBe("GUARD_OBJECTS");
  });

  it("cannot be got around by confirming first and approving then", async () => {
    const { address } = await approved();
    await world.ask("chen", `${address}/check`);
    await world.ask("chen", `${address}/confirm`);
    await world.ask("chen", `${address}/approve`);
    await world.service.people.revoke("bo");
    expect((await world.ask("an", `${address}/activate`)).body.code).toBe("GUARD_OBJECTS");
  });
});

describe("a rollback", () => {
  it("takes two people: the first asks, the second one's asking activates it", async () => {
    await world.publish(5);
    world.guard.asked = [];
    const asked = await world.ask("an", "POST /v1/rules/rollback");
    expect(asked).toMatchObject({
      status: 202,
      body: { activation: null, version: { madeOf: 1, origin: "rollback" } },
    });
    expect((await world.ask("an", "POST /v1/rules/rollback")).body.code).toBe("OWN_DRAFT");
    const done = await world.ask("bo", "POST /v1/rules/rollback");
    expect(done.body.activation).toMatchObject({
      kind: "rollback",
      publishedBy: ["an", "bo"],
      bundleHash: hashOf({ limitFen: 60_000 }),
    });
    expect(world.guard.asked).toEqual([]);
  });

  it("said again goes back further, until nothing was before", async () => {
    await world.publish(5);
    await world.publish(6);
    const back = async () => {
      await world.ask("an", "POST /v1/rules/rollback");
      const { body } = await world.ask("bo", "POST /v1/rules/rollback");
      const version = (body.version as { version: number }).version;
      await world.until(({ running }) => running?.version === version);
      return (await world.service.status()).running?.bundleHash;
    };
    expect(await back()).toBe(hashOf({ limitFen: 5 }));
    expect(await back()).toBe(hashOf({ limitFen: 60_000 }));
    expect((await world.ask("an", "POST /v1/rules/rollback")).body.code).toBe("NOTHING_BEFORE");
  });

  it("that was asked for before another version was published is outdated", async () => {
    await world.publish(5);
    const { body } = await world.ask("an", "POST /v1/rules/rollback");
    const { version } = body.version as { version: number };
    await world.publish(6);
    await world.ask("bo", `POST /v1/rules/versions/${version}/approve`);
    const refused = await world.ask("bo", `POST /v1/rules/versions/${version}/activate`);
    expect(refused.body.code).toMatch(/^(VERSION_OLD|ROLLBACK_OUTDATED)$/);
  });
});

describe("a draft in shadow", () => {
  it("takes one person, leaves the running bundle, and goes when it is published", async () => {
    const version = await world.draft("an", 5);
    const put = await world.ask("an", "POST /v1/rules/shadow", { version });
    expect(put).toMatchObject({
      status: 202,
      body: { activation: { version: 1, shadowVersion: version, kind: "shadow" } },
    });
    await world.until(({ open }) => open === null);
    expect(world.gateway.orders.at(-1)).toMatchObject({
      content: { limitFen: 60_000 },
      shadow: { limitFen: 5 },
    });
    await world.ask("bo", `POST /v1/rules/versions/${version}/approve`);
    await world.ask("an", `POST /v1/rules/versions/${version}/activate`);
    const { shadowVersion } = await world.until(({ running }) => running?.version === version);
    expect(shadowVersion).toBeNull();
  });

  it("stays beside another version that is published, until it is taken out", async () => {
    const version = await world.draft("an", 5);
    await world.ask("an", "POST /v1/rules/shadow", { version });
    await world.until(({ open }) => open === null);
    await world.publish(6);
    expect(world.gateway.orders.at(-1)?.shadow).toEqual({ limitFen: 5 });
    await world.ask("an", "POST /v1/rules/shadow", { version: null });
    await world.until(({ open, shadowVersion }) => open === null && shadowVersion === null);
    expect((await world.ask("an", "POST /v1/rules/shadow", { version: null })).body.code).toBe(
      "NOTHING_CHANGES",
    );
  });
});

describe("keys", () => {
  it("are needed for every address of rules, also those that are not there", async () => {
    for (const request of ["GET /v1/rules/status", "POST /v1/rules/rollback", "GET /v1/rules/nothing"]) {
      expect(await world.ask(null, request)).toMatchObject({ status: 401, body: { code: "KEY_MISSING" } });
      expect(await world.ask("kdp_guessed", request)).toMatchObject({
        status: 401,
        body: { code: "KEY_INVALID" },
      });
      expect(await world.ask(LOCAL_KEY, request)).toMatchObject({
        status: 401,
        body: { code: "KEY_INVALID" },
      });
    }
  });

  it("of a revoked person are refused as such", async () => {
    await world.service.people.revoke("bo");
    expect(await world.ask("bo", "GET /v1/rules/status")).toMatchObject({
      status: 403,
      body: { code: "KEY_REVOKED" },
    });
  });

  it("of people add no people: that is for whoever runs the machine", async () => {
    const add = { action: "add", name: "dan" };
    expect(await world.ask("an", "POST /v1/people", add)).toMatchObject({
      status: 401,
      body: { code: "KEY_INVALID" },
    });
    const { body } = await world.ask(LOCAL_KEY, "POST /v1/people", add);
    expect(body.key).toMatch(/^kdp_[\w-]{43}$/);
    expect(await world.ask(String(body.key), "GET /v1/rules/status")).toMatchObject({ status: 200 });
  });
});

describe("addresses", () => {
  it("that are not there are answered with those that are, and a wrong method with the right ones", async () => {
    const away = await world.ask("an", "GET /v1/rules/nothing");
    expect(away).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
    expect(away.body.detail).toContain("GET /v1/rules/versions/{version}/diff");
    expect(await world.ask("an", "GET /v1/rules/rollback")).toMatchObject({
      status: 405,
      body: { code: "METHOD_NOT_ALLOWED", detail: "/v1/rules/rollback knows POST" },
    });
    expect(await world.ask("an", "GET /v1/rules/versions/99")).toMatchObject({
      status: 404,
      body: { code: "VERSION_UNKNOWN" },
    });
  });
});
