/** `/v1/console/rules` and `/v1/console/policies`: catalogue, editor, breaker, policies, over HTTP on a database. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { loweredRules } from "../../../cli/process/lowered-rules.js";
import { RulesConsoleWorld, shipped } from "./rules-console-world.js";

let world: RulesConsoleWorld;
beforeAll(async () => {
  world = await RulesConsoleWorld.open();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.begin();
  world.add("an");
  world.add("bo");
  world.add("reader", "auditor");
  world.add("hangzhou", "rule-manager", ["3301"]);
});
afterEach(() => world.stop());

const R14 = shipped.ruleset.rules.find(({ id }) => id === "R14")!;
const edit = (params: object, overrides: unknown[] = []) => ({
  revision: 0,
  mode: R14.mode,
  severity: R14.severity,
  params: { ...R14.params, ...params },
  actions: {},
  overrides,
});

async function begun(who = "an"): Promise<string> {
  const { body } = await world.ask(who, "POST rules/drafts", { baseVersion: null });
  return body.draftId;
}

describe("the catalogue", () => {
  it("shows what runs, and of a version what it says", async () => {
    const { body } = await world.ask("reader", "GET rules");
    expect(body).toMatchObject({ version: 1, isRunning: true, bundleHash: shipped.bundle.hash });
    expect(body.rules.find(({ id }: { id: string }) => id === "R14")).toMatchObject({
      mode: "live",
      severity: "high",
      isLowered: false,
      overrides: [],
    });
    expect((await world.ask("reader", "GET rules?version=1")).body).toEqual(body);
    expect(await world.ask("reader", "GET rules?version=9")).toMatchObject({
      status: 404,
      body: { code: "VERSION_UNKNOWN" },
    });
  });

  it("says which rules the breaker lowered, until people publish something", async () => {
    await world.trip((content) => loweredRules(content, ["R14"]));
    const { body } = await world.ask("reader", "GET rules");
    const lowered = body.rules.filter(({ isLowered }: { isLowered: boolean }) => isLowered);
    expect(lowered.map(({ id }: { id: string }) => id)).toEqual(["R14"]);
    expect((await world.ask("reader", "GET rules/breaker")).body).toMatchObject({
      lowered: ["R14"],
      trips: [{ version: 2, rules: ["R14"], comment: "breaker: R14 stopped many" }],
      swipes: 0,
      limits: { shareMax: 0.03 },
    });
  });

  it("asks for hits within the scope of who asks, and names the days it takes", async () => {
    const asked: unknown[] = [];
    world.countRules = async ({ scope, range }) => {
      asked.push([scope, (range.to - range.from) / 86_400_000]);
      return { rules: [] };
    };
    await world.ask("hangzhou", "GET rules/figures?days=3");
    expect(asked).toEqual([[["3301"], 3]]);
    expect(await world.ask("an", "GET rules/figures?days=99")).toMatchObject({
      status: 400,
      body: { detail: "days: expected a whole number from 1 to 31" },
    });
  });
});

describe("the editor", () => {
  it("stores a rule with its mistakes and names them by field, and what the draft changes", async () => {
    const draft = await begun();
    const override = { region: "3301", params: { limitFen: 1 }, actions: {} };
    const { body } = await world.ask(
      "an",
      `PUT rules/drafts/${draft}/rules/R14`,
      edit({ countMin: 99 }, [override]),
    );
    expect(body.revision).toBe(1);
    expect(body.mistakes.map(({ rule, path }: { rule: string; path: string }) => `${rule} ${path}`)).toEqual(
      expect.arrayContaining(["R14 params.countMin"]),
    );
    expect(body.changes).toContainEqual({ path: "ruleset.rules.R14.params.countMin", before: 3, after: 99 });
    const again = await world.ask("an", `GET rules/drafts/${draft}`);
    expect(again.body).toEqual(body);
  });

  it("lint says the same and stores nothing", async () => {
    const draft = await begun();
    const { body } = await world.ask(
      "an",
      `POST rules/drafts/${draft}/rules/R14/lint`,
      edit({ countMin: 99 }),
    );
    expect(body).toMatchObject({ revision: 0, mistakes: [{ rule: "R14", path: "params.countMin" }] });
    expect((await world.ask("an", `GET rules/drafts/${draft}`)).body).toMatchObject({
      mistakes: [],
      changes: [],
    });
  });

  it("a draft on another revision is a conflict, and nothing is overwritten", async () => {
    const draft = await begun();
    await world.ask("an", `PUT rules/drafts/${draft}/rules/R14`, edit({ countMin: 4 }));
    expect(await world.ask("an", `PUT rules/drafts/${draft}/rules/R14`, edit({ countMin: 5 }))).toMatchObject(
      {
        status: 409,
        body: { code: "CONFLICT" },
      },
    );
    const { body } = await world.ask("an", `GET rules/drafts/${draft}`);
    expect(body.changes).toContainEqual({ path: "ruleset.rules.R14.params.countMin", before: 3, after: 4 });
  });

  it("is there after the server was started again", async () => {
    const draft = await begun();
    await world.ask("an", `PUT rules/drafts/${draft}/comment`, { revision: 0, comment: "更严 <b>\u0000" });
    await world.stop();
    await world.start();
    const { body } = await world.ask("an", "GET rules/drafts");
    expect(body.drafts).toMatchObject([{ draftId: draft, comment: "更严 <b>\\u0000", isBaseRunning: true }]);
  });

  it("is its author's alone", async () => {
    const draft = await begun();
    expect((await world.ask("bo", "GET rules/drafts")).body).toEqual({ drafts: [] });
    for (const request of [`GET rules/drafts/${draft}`, `DELETE rules/drafts/${draft}`])
      expect(await world.ask("bo", request)).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
    expect((await world.ask("an", `GET rules/drafts/${draft}`)).status).toBe(200);
  });

  it("becomes a version with its comment, and is gone then", async () => {
    const draft = await begun();
    await world.ask("an", `PUT rules/drafts/${draft}/rules/R14`, edit({ limitFen: 40_000 }));
    const save = { revision: 1, comment: "lower limit" };
    expect(await world.ask("an", `POST rules/drafts/${draft}/version`, save)).toEqual({
      status: 201,
      body: { version: 2 },
    });
    expect((await world.ask("an", `GET rules/drafts/${draft}`)).status).toBe(404);
    const { body } = await world.ask("an", "GET rules?version=2");
    const rule = body.rules.find(({ id }: { id: string }) => id === "R14");
    expect(rule.parameters.find(({ name }: { name: string }) => name === "limitFen").value).toBe(40_000);
    expect(rule.version).toBe(2);
  });

  it("with mistakes becomes none, and stays", async () => {
    const draft = await begun();
    await world.ask("an", `PUT rules/drafts/${draft}/rules/R14`, edit({ limitFen: 1 }));
    const refused = await world.ask("an", `POST rules/drafts/${draft}/version`, {
      revision: 1,
      comment: "x",
    });
    expect(refused).toMatchObject({ status: 400, body: { code: "BUNDLE_INVALID" } });
    expect(refused.body.detail).toContain("limitFen");
    expect((await world.ask("an", `GET rules/drafts/${draft}`)).status).toBe(200);
  });

  it("a person has twenty at most", async () => {
    for (let count = 0; count < 20; count++) await begun();
    expect(await world.ask("an", "POST rules/drafts", { baseVersion: 1 })).toMatchObject({
      status: 409,
      body: { code: "DRAFTS_FULL" },
    });
    expect((await world.ask("bo", "POST rules/drafts", { baseVersion: 1 })).status).toBe(201);
  });

  it("is not for those who only read", async () => {
    expect(await world.ask("reader", "POST rules/drafts", { baseVersion: 1 })).toMatchObject({
      status: 403,
      body: { code: "NOT_ALLOWED" },
    });
  });
});

describe("loss policies", () => {
  it("in force and as the sources say", async () => {
    const { body } = await world.ask("reader", "GET policies");
    expect(body.version).toBe(1);
    expect(body.rows.map(({ id }: { id: string }) => id)).toContain("BJ-1");
    expect(body.facts.contradictions.length).toBeGreaterThan(0);
  });

  it("a county is looked up at itself, its city, its province and the nation, and the times are the judge's", async () => {
    const { body } = await world.ask(
      "reader",
      "GET policies/lookup?region=110105&acceptedAt=2026-03-01T10:00:00%2B08:00",
    );
    expect(body.levels).toEqual(["110105", "11", "*"]);
    const phone = body.reports.find(
      ({ channel, action }: { channel: string; action: string }) =>
        channel === "phone" && action === "report-loss",
    );
    // rules.md section 4 (c).
    expect(phone).toMatchObject({
      policyId: "BJ-1",
      level: "11",
      effectiveAt: "2026-03-01T10:00:00.000+08:00",
      expiresAtMax: "2026-03-11T00:00:00.000+08:00",
    });
  });

  it("refuses what is no region and no instant", async () => {
    for (const query of [
      "region=1",
      "region=",
      "region=11&acceptedAt=2026-02-30T10:00:00Z",
      "region=11&credential=x",
    ])
      expect(await world.ask("reader", `GET policies/lookup?${query}`)).toMatchObject({
        status: 400,
        body: { code: "BODY_INVALID" },
      });
  });
});
