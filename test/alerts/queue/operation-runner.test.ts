/** The same done to many cases, a little later: taken back, interrupted, refused case by case. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import { silentLogger } from "../../../platform/logger/logger.js";
import type { AskedChange } from "../../../schemas/case-command.js";
import { NATION } from "../../../schemas/console/access.js";
import { OPERATION_WAITS_MS, type QueueCommand } from "../../../schemas/http/queue.js";
import { EXPIRES_AFTER_MS, OperationRunner } from "../../../services/alerts/queue/operation-runner.js";
import { areOwnChanges, stepsOf } from "../../../services/alerts/queue/operation-steps.js";
import { OPERATIONS_WAITING_MAX, QueueOperations } from "../../../services/alerts/queue/queue-operations.js";
import { emptyTables } from "../../support/empty-tables.js";
import { AlertsDesk } from "../alerts-desk.js";
import { CaseDesk } from "../cases/case-desk.js";
import { OTHER_PERSON, PERSON, rejected } from "../outcome-records.js";

const THIRD_PERSON = "33".repeat(16);
const CASES = [PERSON, OTHER_PERSON, THIRD_PERSON].map((person) => `${person}-1`);
const RUNNING = new AbortController().signal;

let desk: AlertsDesk;
let cases: CaseDesk;
let operations: QueueOperations;
beforeAll(async () => {
  desk = await AlertsDesk.open();
  operations = new QueueOperations(desk.database);
});
beforeEach(async () => {
  cases = new CaseDesk(desk);
  await desk.consume([
    rejected("s-1"),
    rejected("s-2", { personKey: OTHER_PERSON }),
    rejected("s-3", { personKey: THIRD_PERSON, swipe: { insuredRegion: "341800" } }),
  ]);
});
afterEach(async () => {
  await emptyTables(desk.tables, ["queue_operations"]);
  await desk.empty();
});
afterAll(() => desk.close());

function runner(change = (asked: AskedChange) => cases.change(asked)): OperationRunner {
  return new OperationRunner({
    database: desk.database,
    change,
    activePeople: async () => cases.active,
    clock: { now: () => cases.nowMs, sleep: () => Promise.resolve() },
    logger: silentLogger,
  });
}

const asked = (operationId: string, command: QueueCommand, versions: readonly number[] = [0, 0, 0]) =>
  operations.ask({
    operationId,
    actor: "lin",
    scope: NATION,
    command,
    cases: CASES.map((caseId, i) => ({ caseId, version: versions[i]! })),
    nowMs: cases.nowMs,
  });

async function done(operationId: string) {
  const { status, results } = (await operations.show(operationId, "lin"))!;
  return { status, codes: results.map(({ code }) => code) };
}

async function standings() {
  const rows = await desk.tables.selectFrom("case_work").selectAll().orderBy("case_id").execute();
  return rows.map(({ case_id, state, assignee, version }) => ({ case_id, state, assignee, version }));
}

describe("an operation", () => {
  it("waits ten seconds, then is done to each case, with an entry of each in the audit log", async () => {
    await asked("o-1", { kind: "triage" });
    expect(await runner().next(RUNNING)).toBe(false);
    expect(await standings()).toEqual([]);
    cases.nowMs += OPERATION_WAITS_MS;
    expect(await runner().next(RUNNING)).toBe(true);
    expect(await done("o-1")).toEqual({ status: "done", codes: [null, null, null] });
    expect(await standings()).toEqual(
      [...CASES].sort().map((case_id) => ({ case_id, state: "triage", assignee: "lin", version: 2 })),
    );
    const { rows } = await sql<{ line: string }>`select line from audit_log order by seq`.execute(
      desk.tables,
    );
    expect(rows.map(({ line }) => JSON.parse(line).action)).toEqual(
      CASES.flatMap(() => ["case.assigned", "case.moved"]),
    );
  });

  it("taken back in time is not done; begun it is not taken back", async () => {
    await asked("o-1", { kind: "assign" });
    expect(await operations.takeBack("o-1", "wang", cases.nowMs)).toBe(false);
    expect(await operations.takeBack("o-1", "lin", cases.nowMs)).toBe(true);
    expect(await operations.takeBack("o-1", "lin", cases.nowMs)).toBe(false);
    cases.nowMs += OPERATION_WAITS_MS;
    expect(await runner().next(RUNNING)).toBe(false);
    expect(await standings()).toEqual([]);
    await asked("o-2", { kind: "assign" });
    cases.nowMs += OPERATION_WAITS_MS;
    await runner().next(RUNNING);
    expect(await operations.takeBack("o-2", "lin", cases.nowMs)).toBe(false);
    expect((await done("o-2")).status).toBe("done");
  });

  it("reports the case that changed meanwhile, and does the others", async () => {
    await asked("o-1", { kind: "assign" });
    await cases.take(CASES[1]!, "wang");
    cases.nowMs += OPERATION_WAITS_MS;
    await runner().next(RUNNING);
    expect(await done("o-1")).toEqual({ status: "done", codes: [null, "CONFLICT", null] });
    expect((await standings()).map(({ assignee }) => assignee).sort()).toEqual(["lin", "lin", "wang"]);
  });

  it("does nothing outside of the actor's regions", async () => {
    await operations.ask({
      operationId: "o-1",
      actor: "lin",
      scope: ["33"],
      command: { kind: "note", text: "x" },
      cases: [{ caseId: CASES[2]!, version: 0 }],
      nowMs: cases.nowMs,
    });
    cases.nowMs += OPERATION_WAITS_MS;
    await runner().next(RUNNING);
    expect(await done("o-1")).toEqual({ status: "done", codes: ["NOT_FOUND"] });
    expect(await standings()).toEqual([]);
  });

  it.each([
    ["before any change", 0],
    ["between the two changes of a case", 1],
    ["between two cases", 2],
    ["within the second case", 3],
  ])("interrupted %s goes on in another process, and no change is made twice", async (_, changesBefore) => {
    await asked("o-1", { kind: "triage" });
    cases.nowMs += OPERATION_WAITS_MS;
    let left = changesBefore;
    const dying = runner(async (change) => {
      if (left-- === 0) throw new Error("killed");
      return cases.change(change);
    });
    await expect(dying.next(RUNNING)).rejects.toThrow("killed");
    cases.nowMs += 1_000;
    await runner().next(RUNNING);
    expect(await done("o-1")).toEqual({ status: "done", codes: [null, null, null] });
    expect((await standings()).map(({ state, version }) => [state, version])).toEqual(
      CASES.map(() => ["triage", 2]),
    );
  });

  it("killed between a change and writing it down, it knows its own change", async () => {
    await asked("o-1", { kind: "note", text: "seen together" });
    cases.nowMs += OPERATION_WAITS_MS;
    const dying = runner(async (change) => {
      await cases.change(change);
      throw new Error("killed");
    });
    await expect(dying.next(RUNNING)).rejects.toThrow("killed");
    await runner().next(RUNNING);
    expect(await done("o-1")).toEqual({ status: "done", codes: [null, null, null] });
    const notes = await desk.tables.selectFrom("case_notes").select("case_id").execute();
    expect(notes).toHaveLength(CASES.length);
  });

  it("that nobody was there to do in time is not done any more", async () => {
    await asked("o-1", { kind: "triage" });
    cases.nowMs += OPERATION_WAITS_MS + EXPIRES_AFTER_MS + 1;
    await runner().next(RUNNING);
    expect(await done("o-1")).toEqual({ status: "expired", codes: [] });
    expect(await standings()).toEqual([]);
  });

  it("of somebody whose key was revoked meanwhile changes nothing", async () => {
    await asked("o-1", { kind: "triage" });
    cases.active.delete("lin");
    cases.nowMs += OPERATION_WAITS_MS;
    await runner().next(RUNNING);
    expect((await done("o-1")).codes).toEqual(CASES.map(() => "PERSON_UNKNOWN"));
    expect(await standings()).toEqual([]);
  });

  it("is one of twenty that may wait", async () => {
    for (let i = 0; i < OPERATIONS_WAITING_MAX; i++)
      expect(await asked(`o-${i}`, { kind: "triage" })).not.toBeNull();
    expect(await asked("o-more", { kind: "triage" })).toBeNull();
  });
});

describe("its steps", () => {
  const taken = { kind: "assign", assignee: "lin", reason: null } as const;
  const moved = { kind: "move", to: "triage", reason: null, rules: null } as const;
  const triage = { kind: "triage" } as const;
  it.each([
    ["nobody has it: takes and moves it", triage, { state: "new", assignee: null }, [taken, moved]],
    ["it is one's own: moves it", triage, { state: "new", assignee: "lin" }, [moved]],
    ["it is there already: nothing", triage, { state: "triage", assignee: "lin" }, []],
    // The move is refused for its own reason, and nobody has taken the case for it.
    ["it is further on: takes nothing", triage, { state: "confirmed", assignee: "wang" }, [moved]],
    ["it is one's own already: nothing", { kind: "assign" }, { state: "new", assignee: "lin" }, []],
  ] as const)("%s", (_, command, before, steps) => {
    expect(stepsOf(command, before, "lin")).toEqual(steps);
  });

  it("are its own where who did them, what and when fit; else somebody else changed the case", () => {
    const own = { command: triage, actor: "lin", runsAtMs: 10 };
    const change = { version: 1, actor: "lin", action: "assigned", atMs: 10 } as const;
    expect(areOwnChanges([change, { ...change, version: 2, action: "moved" }], own)).toBe(true);
    for (const other of [{ actor: "wang" }, { atMs: 9 }, { action: "noted" }] as const)
      expect(areOwnChanges([{ ...change, ...other }], own)).toBe(false);
    expect(areOwnChanges([change, change, change], own)).toBe(false);
  });
});
