/** Long work about rules over HTTP: begun, looked at, cancelled, interrupted; what comes of it, within the scope. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "@jest/globals";
import type { HistoryRun } from "../../../cli/backtest/history-child.js";
import { OperatingError } from "../../../cli/exit-status.js";
import type { AnalyticsDatabase } from "../../../platform/analytics/analytics-database.js";
import { JobStore, SILENT_MS_MAX } from "../../../services/bundles/editor/job-store.js";
import { RulesConsoleWorld } from "./rules-console-world.js";

let world: RulesConsoleWorld;
let history: Deferred;
beforeAll(async () => {
  world = await RulesConsoleWorld.open();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.begin();
  world.add("an");
  world.add("reader", "auditor");
  world.add("hangzhou", "rule-manager", ["3301"]);
  history = new Deferred();
  world.run = (asked) => history.run(asked);
});
afterEach(() => world.stop());

/** A run of history that ends when the test says so, or when it is told to. */
class Deferred {
  asked: HistoryRun[] = [];
  private end: { resolve: (result: unknown) => void; reject: (error: unknown) => void }[] = [];

  private wake = () => {};

  async run(asked: HistoryRun): Promise<unknown> {
    this.asked.push(asked);
    asked.signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      this.end.push({ resolve, reject });
      this.wake();
      asked.signal?.addEventListener("abort", () => reject(asked.signal!.reason), { once: true });
    });
  }

  /** Resolves when there is a run that waits for its end. */
  async begun(): Promise<void> {
    while (this.end.length === 0)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
  }

  resolve(result: unknown): void {
    for (const { resolve } of this.end.splice(0)) resolve(result);
  }

  reject(error: unknown): void {
    for (const { reject } of this.end.splice(0)) reject(error);
  }
}

const GAPS = { kind: "gaps" };
const LAST_DAY = { kind: "backtest", version: 1, from: null, to: null };

async function begun(asked: object, who = "an"): Promise<string> {
  const { status, body } = await world.ask(who, "POST rules/jobs", asked);
  expect([status, body.state]).toEqual([202, "running"]);
  return body.jobId;
}

// biome-ignore lint/suspicious/noExplicitAny: tests read any shape.
async function until(jobId: string, isSo: (job: any) => boolean, who = "an"): Promise<any> {
  for (;;) {
    const { body } = await world.ask(who, `GET rules/jobs/${jobId}`);
    if (isSo(body)) return body;
  }
}
const ended = (jobId: string, who?: string) => until(jobId, ({ state }) => state !== "running", who);

const gap = (letThroughFen: number) => ({ letThrough: 1, letThroughFen, challenged: 0, challengedFen: 0 });
const gapsOf = (...cities: string[]) => ({
  type: "gaps",
  source: "journal",
  engineVersion: "1",
  from: null,
  to: null,
  notes: [],
  records: 100,
  refusedLines: 0,
  settlesAfterReport: 7,
  rows: cities.map((city) => ({
    ...{ city, cityName: null, channel: "phone", policyId: null },
    ...{ delay: gap(100), lapse: gap(10) },
  })),
  total: { delay: gap(100 * cities.length), lapse: gap(10 * cities.length) },
  workers: 2,
  seconds: 1,
});

it("is one of a kind at a time, says how far it is, and keeps what came of it", async () => {
  const jobId = await begun(GAPS);
  expect(await world.ask("an", "POST rules/jobs", GAPS)).toMatchObject({
    status: 409,
    body: { code: "JOB_RUNNING" },
  });
  history.asked[0]!.onProgress!({ type: "run-progress", step: "judge", done: 1, total: 4, records: 900 });
  const under = await until(jobId, ({ progress }) => progress !== null, "reader");
  expect(under).toMatchObject({ progress: { step: "judge", done: 1, total: 4 }, result: null });
  history.resolve(gapsOf("3301"));
  expect(await ended(jobId, "reader")).toMatchObject({ state: "done", result: { kind: "gaps" } });
  await begun(GAPS);
});

it("a gap report shows rows of the reader's regions, with their sums", async () => {
  const jobId = await begun(GAPS);
  history.resolve(gapsOf("3301", "4403"));
  const { result } = await ended(jobId, "hangzhou");
  expect(result.gaps.rows.map(({ city }: { city: string }) => city)).toEqual(["3301"]);
  expect(result.gaps.total.delay.letThroughFen).toBe(100);
  expect((await ended(jobId, "reader")).result.gaps.rows).toHaveLength(2);
});

it("is ended by whoever may draft, and says so", async () => {
  const jobId = await begun(GAPS);
  expect(await world.ask("reader", `POST rules/jobs/${jobId}/cancel`)).toMatchObject({ status: 403 });
  expect(await world.ask("hangzhou", `POST rules/jobs/${jobId}/cancel`)).toMatchObject({ status: 202 });
  expect(await ended(jobId)).toMatchObject({ state: "cancelled", result: null });
  expect(await world.ask("an", `POST rules/jobs/${jobId}/cancel`)).toMatchObject({
    status: 409,
    body: { code: "JOB_ENDED" },
  });
});

it("says why it failed", async () => {
  const jobId = await begun(LAST_DAY);
  await history.begun();
  history.reject(new OperatingError("the journal was trimmed; name its archive"));
  expect(await ended(jobId)).toMatchObject({
    state: "failed",
    error: "the journal was trimmed; name its archive",
  });
});

it("is interrupted where the server ends, in order or not", async () => {
  const inOrder = await begun(GAPS);
  await world.stop();
  await world.start();
  expect(await ended(inOrder)).toMatchObject({ state: "interrupted" });
  // Of a process that was killed: nobody says any more that it is under way.
  const dead = new JobStore(world);
  const { jobId: killed } = (await dead.begin({ kind: "gaps" }, "an"))!;
  expect((await world.ask("an", "POST rules/jobs", GAPS)).status).toBe(409);
  world.movedMs += SILENT_MS_MAX + 1;
  expect(await ended(killed)).toMatchObject({ state: "interrupted" });
  await begun(GAPS);
});

it("a backtest judges the version against what ran; examples of other regions are not there, cases only of the insured's", async () => {
  const jobId = await begun({ ...LAST_DAY, from: "2026-03-01", to: "2026-03-02" });
  await history.begun();
  expect(history.asked[0]).toMatchObject({
    command: "backtest",
    data: "nowhere",
    options: ["--from", "2026-03-01", "--to", "2026-03-02"],
  });
  expect(Object.keys(history.asked[0]!.bundles)).toEqual(["--bundle"]);
  await world.alertOf("d-home", "case-1");
  await world.alertOf("d-visit", "case-2");
  history.resolve(
    backtestWith([
      { decisionId: "d-home", insuredRegion: "330106", careRegion: "330106" },
      { decisionId: "d-visit", insuredRegion: "440300", careRegion: "330106" },
      { decisionId: "d-else", insuredRegion: "440300", careRegion: "440300" },
    ]),
  );
  const shown = await ended(jobId, "hangzhou");
  const examples = shown.result.backtest.rules.R14.examples;
  expect(examples.map(({ decisionId, caseId }: Record<string, unknown>) => [decisionId, caseId])).toEqual([
    ["d-home", "case-1"],
    ["d-visit", null],
  ]);
  expect((await ended(jobId, "reader")).result.backtest.rules.R14.examples).toMatchObject([
    { caseId: "case-1" },
    { caseId: "case-2" },
    { caseId: null },
  ]);
});

it("the guard is asked in the background, and its word stands on the version", async () => {
  const jobId = await begun({ kind: "check", version: 1 });
  expect(await ended(jobId)).toMatchObject({
    result: { kind: "check", check: { result: "ok", text: "as before" } },
  });
});

it("a shadow is compared over the last days of the data, which in a demo are past", async () => {
  await world.stop();
  await world.start({ query: async () => [] } as unknown as AnalyticsDatabase);
  world.dayMs = Date.parse("2026-03-16T08:00:00.000+08:00");
  const { result } = await ended(await begun({ kind: "shadow" }));
  world.dayMs = null;
  expect(result.shadow).toMatchObject({
    from: "2026-03-09T08:00:00.000+08:00",
    to: "2026-03-16T08:00:00.000+08:00",
    shadowVersion: null,
  });
});

it("is refused where the version is not there, and where there are no figures", async () => {
  expect(await world.ask("an", "POST rules/jobs", { ...LAST_DAY, version: 9 })).toMatchObject({
    status: 404,
    body: { code: "VERSION_UNKNOWN" },
  });
  expect(await world.ask("an", "POST rules/jobs", { kind: "precision" })).toMatchObject({
    status: 503,
    body: { code: "NO_FIGURES" },
  });
  expect(await world.ask("reader", "POST rules/jobs", GAPS)).toMatchObject({ status: 403 });
});

it("the twenty latest of a kind are kept", async () => {
  for (let count = 0; count < 22; count++) {
    world.movedMs += 1_000;
    const jobId = await begun({ kind: "check", version: 1 });
    await ended(jobId);
  }
  const { body } = await world.ask("reader", "GET rules/jobs?kind=check");
  expect(body.jobs).toHaveLength(20);
  expect((await world.ask("reader", "GET rules/jobs?kind=gaps")).body.jobs).toEqual([]);
});

type Place = { decisionId: string; insuredRegion: string; careRegion: string };

function backtestWith(places: readonly Place[]) {
  const shares = { challenge: 0, reject: 0, challengeShare: 0, rejectShare: 0 };
  const both = <Side>(side: Side) => ({ baseline: side, draft: side });
  const effect = { gained: 0, lost: 0, peopleGained: 0, peopleLost: 0 };
  const counts = {
    baselineHits: 0,
    draftHits: 3,
    newHit: 3,
    stronger: 0,
    weaker: 0,
    noHit: 0,
    gained: 3,
    lost: 0,
  };
  const examples = places.map((place) => ({
    ...place,
    eventId: `e-${place.decisionId}`,
    occurredAt: "2026-03-01T10:00:00.000+08:00",
    change: "newHit",
    from: null,
    to: "challenge",
    baselineAction: "approve",
    draftAction: "challenge",
    atRiskFen: 1,
  }));
  const R14 = {
    ...counts,
    ...{ gainedFen: 3, lostFen: 0, shadowHits: 0, lateGained: 0, lateLost: 0 },
    ...{ cleared: effect, confirmed: effect, examples },
  };
  const all = { approve: 0, review: 0, challenge: 0, reject: 0 };
  const none = { swipes: 0, atRiskFen: 0 };
  const row = { approve: none, review: none, challenge: none, reject: none };
  return {
    ...{ type: "backtest", source: "journal", engineVersion: "1", notes: [], from: null, to: null },
    ...{ baselineBundleHash: null, draftBundleHash: "a".repeat(64), records: 3, refusedLines: 0, persons: 3 },
    ...{ swipes: 3, onlyBaseline: 0, onlyDraft: 0, byAction: both(all), stronger: 3, weaker: 0 },
    transitions: { approve: row, review: row, challenge: row, reject: row },
    ...{ peopleStronger: 3, peopleWeaker: 0, revisions: both(0), shares: both(shares), days: [] },
    money: { alertedFen: both(0), gainedFen: 3, lostFen: 0 },
    rules: { R14 },
    ...{
      bodies: { count: 3, sum: "b".repeat(64) },
      borrowedStates: 0,
      workers: 2,
      seconds: 1,
      swipesPerSecond: 3,
    },
  };
}
