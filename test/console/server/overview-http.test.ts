/** Today and analytics over HTTP: figures of the caller's regions, live events, files for a spreadsheet, what is refused. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { EXPORT_ROWS_MAX } from "../../../schemas/http/analytics.js";
import { OVERVIEW_ROUTES, type OverviewRoute } from "../../../schemas/http/overview-routes.js";
import { formatInstant } from "../../../schemas/instant.js";
import { FiguresAway } from "../../../services/console/server/figures-desk.js";
import { STREAMS_OF_PERSON_MAX } from "../../../services/console/server/live-rooms.js";
import { StandingClock } from "../../ingest/gateway-world.js";
import { START_MS } from "../../support/records.js";
import { callerOf } from "./asked.js";
import { row } from "./memory-figures.js";
import { OverviewWorld } from "./overview-world.js";

const clock = new StandingClock(START_MS + 60_000);
let world: OverviewWorld;
let url: string;

beforeAll(async () => {
  world = await OverviewWorld.open(clock);
  url = world.url;
});
beforeEach(() => {
  // Parts are read once in a while.
  clock.advance(120_000);
  world.callers.clear();
  for (const [name, scope] of [
    ["nation", [""]],
    ["zhejiang", ["33"]],
    ["hefei", ["3401"]],
    ["nowhere", []],
  ] as const)
    world.callers.set(name, callerOf(name, scope));
});
afterEach(() => {
  world.figures.rows = [];
  world.figures.failure = null;
});
afterAll(() => world.close());

async function get(who: string, path: string, init: RequestInit = {}) {
  const response = await fetch(`${url}${path}`, {
    ...init,
    headers: { authorization: who, ...init.headers },
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it.
  const body: any = isJson ? JSON.parse(text) : text;
  if (response.ok) routeOf(path)?.answer.parse(body);
  return { status: response.status, body, headers: response.headers };
}

function routeOf(path: string): OverviewRoute | undefined {
  const pathname = path.split("?", 1)[0]!;
  return Object.values<OverviewRoute>(OVERVIEW_ROUTES).find(({ path: pattern }) =>
    new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(pathname),
  );
}

/** A minute ago, as the clock stands. */
const lately = () => formatInstant(clock.now() - 60_000);
const three = () => [
  row("in-zhejiang", { at: lately() }),
  row("insured-in-zhejiang", { at: lately(), careRegion: "340100", action: "challenge" }),
  row("in-hefei", { at: lately(), careRegion: "340100", insuredRegion: "340100" }),
];

describe("today", () => {
  it("has the figures of the caller's regions, with what they are from", async () => {
    world.figures.rows = three();
    const nation = await get("nation", "/v1/console/overview");
    expect(nation.body.pulse).toMatchObject({
      state: "here",
      value: { total: { swipes: 3, reject: 2, challenge: 1 }, newestAt: lately() },
    });
    expect(nation.body.stages).toMatchObject({ state: "here", value: [{ stage: "detector", records: 3 }] });
    const zhejiang = await get("zhejiang", "/v1/console/overview");
    expect(zhejiang.body.pulse.value.total).toMatchObject({ swipes: 2, reject: 1 });
    expect(zhejiang.body.day.value.cities.map(({ city }: { city: string }) => city)).toEqual([
      "3301",
      "3401",
    ]);
    const nowhere = await get("nowhere", "/v1/console/overview");
    expect(nowhere.body.pulse.value.total.swipes).toBe(0);
  });

  it("with the rows' database away shows what was known, since when, and all the rest", async () => {
    world.figures.rows = three();
    await get("nation", "/v1/console/overview");
    const knownAt = formatInstant(clock.now());
    world.figures.failure = new FiguresAway("AWAY", "no answer");
    clock.advance(30_000);
    const { status, body } = await get("nation", "/v1/console/overview");
    expect(status).toBe(200);
    expect(body.pulse).toMatchObject({
      state: "away",
      since: formatInstant(clock.now()),
      last: { asOf: knownAt, value: { total: { swipes: 3 } } },
    });
    expect(body.delivery.state).toBe("here");
    world.figures.failure = null;
    clock.advance(30_000);
    expect((await get("nation", "/v1/console/overview")).body.pulse.state).toBe("here");
  });

  it("asks the database once in a second, however many look", async () => {
    const before = world.figures.asked.today;
    await Promise.all(Array.from({ length: 20 }, () => get("hefei", "/v1/console/overview")));
    expect(world.figures.asked.today - before).toBe(1);
  });

  it("asks for needs only of what the caller may do something about", async () => {
    world.callers.set("reviewer", callerOf("lin", ["33"], ["overview.read", "cases.decide", "cases.work"]));
    expect((await get("reviewer", "/v1/console/overview/needs")).body.needs).toEqual([]);
    expect(world.asked).toEqual({
      name: "lin",
      scope: ["33"],
      kinds: ["case-overdue", "phone-call", "proposal"],
    });
  });
});

describe("live", () => {
  async function open(who: string, headers: Record<string, string> = {}) {
    const leaving = new AbortController();
    const response = await fetch(`${url}/v1/console/live`, {
      headers: { authorization: who, ...headers },
      signal: leaving.signal,
    });
    return { response, leaving, reader: response.body!.getReader() };
  }
  async function until(reader: ReadableStreamDefaultReader<Uint8Array>, found: RegExp): Promise<string> {
    const ticking = setInterval(() => clock.advance(1_000), 1);
    try {
      let text = "";
      while (!found.test(text)) {
        const { value, done } = await reader.read();
        if (done) break;
        text += Buffer.from(value).toString("utf8");
      }
      return text;
    } finally {
      clearInterval(ticking);
    }
  }

  it("streams the same JSON as the page asks for, and follows it", async () => {
    const { response, leaving, reader } = await open("zhejiang");
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const first = await until(reader, /event: figures\ndata: .*\n\n/);
    expect(JSON.parse(/event: figures\ndata: (.*)\n/.exec(first)![1]!).pulse.value.total.swipes).toBe(0);
    world.figures.rows = three();
    const second = await until(reader, /"swipes":2/);
    expect(second).not.toMatch(/"swipes":3/);
    leaving.abort();
  });

  it("ends when the key no longer stands", async () => {
    const { leaving, reader } = await open("hefei");
    await until(reader, /event: figures/);
    world.callers.delete("hefei");
    const end = await until(reader, /event: ended/);
    expect(end).toContain('event: ended\ndata: {"reason":"session"}');
    leaving.abort();
  });

  it("is refused beyond so many of one person, and has room again", async () => {
    const streams = await Promise.all(Array.from({ length: STREAMS_OF_PERSON_MAX }, () => open("nation")));
    const refused = await get("nation", "/v1/console/live");
    expect(refused).toMatchObject({ status: 429, body: { code: "STREAMS_FULL" } });
    for (const { leaving } of streams) leaving.abort();
    await expectSoon(async () => {
      const again = await open("nation");
      again.leaving.abort();
      return again.response.status === 200;
    });
  });
});

async function expectSoon(holds: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    if (await holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("it does not come about");
}

describe("reconciliation", () => {
  it("begins in the background and is told when it has ended", async () => {
    const begun = await get("nation", "/v1/console/reconciliations", { method: "POST" });
    expect(begun).toMatchObject({ status: 202, body: { state: "running", by: "nation" } });
    expect((await get("nation", "/v1/console/reconciliations")).body).toMatchObject({
      state: "equal",
      compared: 12,
    });
    world.reconciled = { isEqual: false };
    await get("nation", "/v1/console/reconciliations", { method: "POST" });
    expect((await get("nation", "/v1/console/overview")).body.reconciliation).toMatchObject({
      state: "different",
      findings: 2,
    });
    world.reconciled = new Error("the log is away");
    await get("nation", "/v1/console/reconciliations", { method: "POST" });
    expect((await get("nation", "/v1/console/reconciliations")).body.state).toBe("failed");
  });
});

describe("analytics", () => {
  it("count within regions, range and filters", async () => {
    world.figures.rows = [...three(), row("long-ago", { at: formatInstant(START_MS - 60 * 86_400_000) })];
    const trend = (query: string, who = "nation") => get(who, `/v1/console/analytics/trend?${query}`);
    const swipes = async (query: string, who?: string) =>
      (await trend(query, who)).body.buckets.reduce(
        (sum: number, one: { swipes: number }) => sum + one.swipes,
        0,
      );
    expect(await swipes("")).toBe(3);
    expect(await swipes("", "zhejiang")).toBe(2);
    expect(await swipes("care=3401")).toBe(2);
    expect(await swipes("insured=3301&care=3401")).toBe(1);
    const from = encodeURIComponent(formatInstant(START_MS - 90 * 86_400_000));
    expect(await swipes(`from=${from}&bucket=month`)).toBe(4);
  });

  it.each([
    ["trend?bucket=week", "bucket"],
    ["trend?from=yesterday", "from"],
    ["trend?care=33x", "care"],
    ["trend?unknown=1", "unknown"],
    ["institutions?limit=101", "limit"],
    ["institutions?by=name", "by"],
    ["decisions?action=approve,steal", "action"],
    ["decisions?terminal=T1", "terminal"],
    ["trend?from=2026-03-02T00:00:00.000%2B08:00&to=2026-03-01T00:00:00.000%2B08:00", "from"],
    ["trend?from=2000-03-02T00:00:00.000%2B08:00&to=2026-03-01T00:00:00.000%2B08:00", "from"],
    ["decisions?from=2026-02-30T00:00:00.000%2B08:00", "from"],
  ])("%s is refused by its field", async (query, field) => {
    const { status, body } = await get("nation", `/v1/console/analytics/${query}`);
    expect(body).toMatchObject({ code: "BODY_INVALID" });
    expect(body.detail).toContain(field);
    expect(status).toBe(400);
  });

  it.each([
    ["AWAY", 503, "STORE_AWAY"],
    ["TOO_LONG", 422, "QUERY_LIMIT"],
    ["TOO_MUCH", 422, "QUERY_LIMIT"],
  ] as const)("a database that answers %s is told as %i %s", async (code, status, problem) => {
    world.figures.failure = new FiguresAway(code, "x");
    expect(await get("nation", "/v1/console/analytics/rules")).toMatchObject({
      status,
      body: { code: problem },
    });
  });

  it("count precision in the background, of regions within the scope", async () => {
    const path = "/v1/console/analytics/precision";
    expect((await get("hefei", path)).body).toMatchObject({ state: "counting", rules: [] });
    const { body } = await get("hefei", path);
    expect(body.state).toBe("here");
    expect(body.rules.map(({ region }: { region: string }) => region)).toEqual(["340100"]);
    expect((await get("nation", path)).body.rules).toHaveLength(2);
  });

  it("are shown to nobody who may not see them", async () => {
    world.callers.set("administrator", callerOf("admin", [""], ["overview.read", "system.read"]));
    for (const path of ["trend", "precision", "decisions", "appeals", "export/trend", "decisions/export"])
      expect(await get("administrator", `/v1/console/analytics/${path}`)).toMatchObject({
        status: 403,
        body: { code: "NOT_ALLOWED" },
      });
    world.callers.set("rules", callerOf("rules", [""], ["analytics.read"]));
    // Figures name nobody; rows do.
    expect((await get("rules", "/v1/console/analytics/trend")).status).toBe(200);
    expect((await get("rules", "/v1/console/analytics/decisions/export")).status).toBe(403);
  });
});

describe("rows", () => {
  it("come page by page, of the caller's regions", async () => {
    world.figures.rows = Array.from({ length: 130 }, (_, n) =>
      row(`s-${n}`, { at: lately(), ...(n % 2 === 0 && { insuredRegion: "340100", careRegion: "340100" }) }),
    );
    const first = await get("zhejiang", "/v1/console/analytics/decisions?limit=50");
    expect(first.body.rows).toHaveLength(50);
    const second = await get(
      "zhejiang",
      `/v1/console/analytics/decisions?limit=50&after=${first.body.after}`,
    );
    expect(second.body).toMatchObject({ after: null });
    expect(second.body.rows).toHaveLength(15);
  });
});

describe("files", () => {
  it("hold every row of the caller's regions, page after page, and no formula", async () => {
    world.figures.rows = Array.from({ length: 250 }, (_, n) =>
      row(`s-${n}`, { at: lately(), institutionName: n === 0 ? '=HYPERLINK("http://x","药")' : "药店,一" }),
    );
    world.figures.rows.push(
      row("elsewhere", { at: lately(), insuredRegion: "340100", careRegion: "340100" }),
    );
    const { body, headers } = await get("zhejiang", "/v1/console/analytics/decisions/export");
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(headers.get("content-disposition")).toContain('filename="kadun-decisions.csv"');
    const lines = body.split("\r\n");
    expect(lines[0].startsWith("\uFEFF")).toBe(false); // fetch's decoder takes the mark
    expect(lines).toHaveLength(252);
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://x"",""药"")"`);
    expect(lines[2]).toContain('"药店,一"');
    expect(body).not.toContain("elsewhere");
    const bytes = new Uint8Array(
      await (
        await fetch(`${url}/v1/console/analytics/export/cities`, { headers: { authorization: "zhejiang" } })
      ).arrayBuffer(),
    );
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  });

  it("end at their limit and say so", async () => {
    const all = world.figures.decisions.bind(world.figures);
    const page = Array.from({ length: 100 }, (_, n) => row(`s-${n}`));
    world.figures.decisions = async () => ({ rows: page, after: "more", searchedTo: null });
    try {
      const { body } = await get("nation", "/v1/console/analytics/decisions/export");
      const lines = body.trimEnd().split("\r\n");
      expect(lines).toHaveLength(EXPORT_ROWS_MAX + 2);
      expect(lines.at(-1)).toContain(String(EXPORT_ROWS_MAX));
    } finally {
      world.figures.decisions = all;
    }
  });

  it("of figures have a line a figure; unknown figures are not there", async () => {
    world.figures.rows = three();
    for (const [figure, lines] of [
      ["trend", 2],
      ["rules", 2],
      ["cities", 3],
      ["institutions", 2],
    ] as const) {
      const { body } = await get("nation", `/v1/console/analytics/export/${figure}`);
      expect(body.trimEnd().split("\r\n")).toHaveLength(lines);
    }
    expect((await get("nation", "/v1/console/analytics/export/persons")).status).toBe(404);
  });
});
