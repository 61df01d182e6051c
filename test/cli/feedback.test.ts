/** `kadun feedback` against a gateway: one verdict or a file of them, the same record however often it is sent. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { ExitStatus, UsageError } from "../../cli/exit-status.js";
import { feedback } from "../../cli/feedback.js";
import { GatewayWorld } from "../ingest/gateway-world.js";

const KEY = "0123456789abcdef0123456789abcdef";
const AT = "2026-03-02T10:00:00.000+08:00";

let world: GatewayWorld;
let folder: string;
let said: string[];
let printed: string[];

beforeAll(async () => {
  world = await GatewayWorld.open();
  folder = mkdtempSync(join(tmpdir(), "kadun-feedback-"));
  writeFileSync(join(folder, "key"), world.key);
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  said = [];
  printed = [];
  jest.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  jest.spyOn(console, "log").mockImplementation((text) => void printed.push(String(text)));
});
afterEach(() => {
  jest.restoreAllMocks();
});

const says = (...args: string[]) =>
  feedback([...args, "--url", `http://127.0.0.1:${world.port}`, "--key-file", join(folder, "key")]);
const stored = () => world.journal().filter(({ type }) => type === "feedback");

test("one verdict is stored, and said again it is the same record", async () => {
  expect(await says(KEY, "R12", "honest", "--at", AT)).toBe(ExitStatus.DONE);
  expect(await says(KEY, "R12", "honest", "--at", AT)).toBe(ExitStatus.DONE);
  const [first, second] = stored().slice(-2);
  expect(first).toMatchObject({ personKey: KEY, rule: "R12", verdict: "honest", occurredAt: AT });
  expect(second).toEqual(first);
  expect(printed[0]).toMatch(
    /^R12 honest at 2026-03-02T10:00:00\.000\+08:00: in the journal as feedback-[0-9a-f]{32}$/,
  );
});

test("a personal number is stored as a token, and the record's name says nothing of it", async () => {
  for (const id of ["PERSON-1", "PERSON-2"]) await says("--person-id", id, "R12", "confirmed", "--at", AT);
  const [first, second] = stored().slice(-2) as { personKey: string; eventId: string }[];
  expect(first!.personKey).not.toBe(second!.personKey);
  expect(first!.eventId).toBe(second!.eventId);
  expect(JSON.stringify([first, second])).not.toContain("PERSON");
});

test("lines of a file are stored, and those that are wrong are named by line", async () => {
  const before = stored().length;
  const line = {
    type: "feedback",
    eventId: "line-1",
    occurredAt: AT,
    personKey: KEY,
    rule: "R12",
    verdict: "honest",
  };
  const path = join(folder, "said.ndjson");
  const lines = [line, { ...line, eventId: "line-2", verdict: "maybe" }, { ...line, eventId: "line-3" }];
  writeFileSync(path, lines.map((each) => `${JSON.stringify(each)}\n`).join(""));
  expect(await says(path)).toBe(ExitStatus.REFUSED_INPUT);
  expect(said.join("")).toMatch(/said\.ndjson:2: line 2: FIELD_INVALID: verdict: /);
  expect(printed).toEqual(["2 records in the journal, 1 lines refused"]);
  expect(stored()).toHaveLength(before + 2);
});

test.each([
  [["PERSON-1", "R12", "honest"], /^'PERSON-1': expected a person key of 32/],
  [[KEY, "R99", "honest"], /^'R99': expected a rule id/],
  [[KEY, "R12", "maybe"], /^'maybe': expected honest or confirmed/],
  [[KEY, "R12", "honest", "--at", "yesterday"], /^--at yesterday: expected an instant/],
  [[KEY, "R12", "honest", "--event-id", "one"], /^--event-id: give --at as well/],
  [[KEY, "R12"], /^expected a person, a rule and a verdict/],
  [["/nowhere/said.ndjson"], /^'\/nowhere\/said\.ndjson': no such file/],
])("%j is refused before anything is sent", async (args, expected) => {
  const before = stored().length;
  const failed = await says(...args).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(UsageError);
  expect((failed as Error).message).toMatch(expected);
  expect(stored()).toHaveLength(before);
});
