/** The audit log from work on cases to its verification: pages, checkpoints, `kadun audit`. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { sql } from "kysely";
import { audit } from "../../../cli/audit.js";
import { cases } from "../../../cli/cases.js";
import { ExitStatus, OperatingError, UsageError } from "../../../cli/exit-status.js";
import { DAY_MS, ENTRIES_MAX } from "../../../platform/audit-log/audit-checkpointer.js";
import { PERSON, rejected } from "../../alerts/outcome-records.js";
import { SmsDesk } from "../../alerts/sms/sms-desk.js";
import { ConsoleWorld } from "./console-world.js";

const CASE = `${PERSON}-1`;
let world: ConsoleWorld;
let printed: string[];
beforeAll(async () => {
  world = await ConsoleWorld.open();
  const { folder } = world.desk;
  writeFileSync(join(folder, "lin"), world.keyOf("lin"));
  writeFileSync(join(folder, "wang"), world.keyOf("wang"));
  writeFileSync(join(folder, "keys.json"), JSON.stringify(world.evidenceKeys.published()));
});
beforeEach(async () => {
  printed = [];
  jest.spyOn(console, "log").mockImplementation((text) => void printed.push(String(text)));
  await world.desk.consume([rejected("s-1")]);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await world.empty();
});
afterAll(() => world.close());

const file = (name: string) => join(world.desk.folder, name);
const as = (who: string) => ["--url", world.url, "--person-key-file", file(who)];
const verify = (...args: string[]) =>
  audit(["verify", ...as("lin"), "--keys", file("keys.json"), "--json", ...args]);
const lastPrinted = () => JSON.parse(printed.at(-1)!);

async function noted(count: number): Promise<void> {
  const version = Number((await world.get("lin", `/v1/cases/${CASE}`)).body.version);
  for (let i = 0; i < count; i++)
    await world.post("lin", `/v1/cases/${CASE}/notes`, { version: version + i, text: `note ${i}` });
}

test("many entries are signed at once, few when they are a day old, and none twice", async () => {
  expect(await world.checkpoint()).toEqual({ kind: "not-due" });
  await noted(3);
  expect(await world.checkpoint()).toEqual({ kind: "not-due" });
  world.clock.advance(DAY_MS);
  expect(await world.checkpoint()).toEqual({ kind: "signed", seq: 3 });
  expect(await world.checkpoint()).toEqual({ kind: "not-due" });
  await noted(ENTRIES_MAX);
  expect(await world.checkpoint()).toEqual({ kind: "signed", seq: 3 + ENTRIES_MAX });
  expect(await verify()).toBe(ExitStatus.DONE);
  expect(lastPrinted()).toMatchObject({ whole: true, entries: 3 + ENTRIES_MAX, checkpoints: 2, unsigned: 0 });
});

test("what somebody has changed is not signed, and named by the first entry", async () => {
  await noted(4);
  await sql`update audit_log set line = replace(line, '"lin"', '"zhao"') where seq = 2`.execute(
    world.desk.tables,
  );
  world.clock.advance(DAY_MS);
  expect(await world.checkpoint()).toEqual({ kind: "broken", seq: 2 });
  expect(await verify()).toBe(ExitStatus.FAILED);
  expect(lastPrinted()).toMatchObject({ whole: false, seq: 2 });
});

test("a checkpoint that somebody made himself has no signature of the keys", async () => {
  await noted(2);
  world.clock.advance(DAY_MS);
  await world.checkpoint();
  await sql`update audit_checkpoints set at = '2026-01-01T00:00:00.000+08:00'`.execute(world.desk.tables);
  expect(await verify()).toBe(ExitStatus.FAILED);
  expect(lastPrinted().fault).toContain("Ed25519 signature is not that of the key");
});

test("entries cut off with their checkpoint are found by the checkpoints that were kept elsewhere", async () => {
  await noted(3);
  world.clock.advance(DAY_MS);
  await world.checkpoint();
  expect(await audit(["export", file("kept.json"), ...as("wang")])).toBe(ExitStatus.DONE);
  expect(JSON.parse(readFileSync(file("kept.json"), "utf8")).checkpoints).toHaveLength(1);
  await sql`delete from audit_log where seq > 1`.execute(world.desk.tables);
  await sql`delete from audit_checkpoints`.execute(world.desk.tables);
  // By what lies in the database alone nobody could tell.
  expect(await verify()).toBe(ExitStatus.DONE);
  expect(await verify("--checkpoints", file("kept.json"))).toBe(ExitStatus.FAILED);
  expect(lastPrinted()).toMatchObject({ seq: 2, fault: expect.stringContaining("signed entry 3") });
});

test("'kadun cases' does what people do, and 'kadun audit list' tells it", async () => {
  const does = (who: string, ...args: string[]) => cases([...args, ...as(who)]);
  await does("lin", "list", "--state", "new");
  expect(printed).toHaveLength(1);
  await does("lin", "assign", CASE);
  await does("lin", "move", CASE, "triage", "--seen", "1");
  await does("lin", "note", CASE, "called back");
  await does("wang", "strike", CASE, "1", "--reason", "wrong case");
  await does("lin", "propose", CASE, "cleared", "--reason", "his own", "--rule", "R01");
  await does("wang", "approve", CASE, "1");
  expect(printed.at(-1)).toContain("approved");
  await expect(does("wang", "note", CASE, "late", "--seen", "2")).rejects.toThrow(OperatingError);
  await does("lin", "move", CASE, "closed", "--reason", "done");
  await does("wang", "reject", CASE, "2", "--reason", "wait for the SMS");
  await does("lin", "show", CASE, "--json");
  expect(lastPrinted()).toMatchObject({ state: "cleared", version: 8 });
  printed = [];
  await audit(["list", ...as("wang"), "--after", "6"]);
  expect(printed.map((line) => JSON.parse(line).action)).toEqual(["case.proposed", "case.rejected"]);
});

test("'kadun cases phoned' ends the task to phone the person that 'show' tells of", async () => {
  const does = (...args: string[]) => cases([...args, ...as("lin")]);
  await new SmsDesk(world.desk).unreached();
  await does("show", CASE);
  expect(printed.join("\n")).toMatch(/to be phoned since 2026-.*: SMS do not arrive/);
  await expect(does("phoned", CASE, "busy")).rejects.toThrow(UsageError);
  printed = [];
  await does("phoned", CASE, "not-reached", "--note", "nobody answers");
  expect(printed.join("\n")).toMatch(/lin {2}phoned not-reached: nobody answers/);
  expect(printed.join("\n")).not.toContain("to be phoned");
  await expect(does("phoned", CASE, "reached")).rejects.toThrow(OperatingError);
});
