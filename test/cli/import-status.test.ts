/** `kadun import-status` against a gateway: what is wrong with a line is said by line and field, and stops no other. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { ExitStatus } from "../../cli/exit-status.js";
import { importStatus } from "../../cli/import-status.js";
import { GatewayWorld } from "../ingest/gateway-world.js";
import { rawStatus } from "../support/records.js";

let world: GatewayWorld;
let folder: string;
let said: string[];
let printed: string[];

beforeAll(async () => {
  world = await GatewayWorld.open();
  folder = mkdtempSync(join(tmpdir(), "kadun-import-"));
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

/** Of a line that gives a code, `action` is left out. */
function line(eventId: string, fields: object): object {
  const { action: _action, ...others } = rawStatus({ eventId });
  return { ...others, ...fields };
}

function imported(lines: readonly (object | Buffer)[], ...more: string[]): Promise<ExitStatus> {
  const path = join(folder, "snapshot.ndjson");
  const bytes = lines.map((each) => (Buffer.isBuffer(each) ? each : Buffer.from(JSON.stringify(each))));
  writeFileSync(path, Buffer.concat(bytes.flatMap((each) => [each, Buffer.from("\n")])));
  const url = `http://127.0.0.1:${world.port}`;
  return importStatus([path, "--url", url, "--key-file", join(folder, "key"), ...more]);
}

function stored(): string[] {
  return world.journal().flatMap((record) => ("eventId" in record ? [record.eventId] : []));
}

test("lines whose code or action is missing, null or of the wrong type are named, the rest is imported", async () => {
  const status = await imported(
    [
      line("code", { statusCode: "06" }),
      line("null-code", { statusCode: null }),
      line("neither", {}),
      line("null-action", { action: null }),
      line("boolean-code", { statusCode: false }),
      line("object-code", { statusCode: { code: "06" } }),
      line("both", { statusCode: "06", action: 6 }),
      line("number-action", { action: 6 }),
      line("unknown-action", { action: "lose" }),
      line("action", { action: "suspend" }),
    ],
    "--codes",
    "two-digit",
  );
  expect(status).toBe(ExitStatus.REFUSED_INPUT);
  const named = said.join("").trimEnd().split("\n").sort();
  expect(
    named.map((each) => /^.*snapshot\.ndjson:(\d+): line \1: (\w+: \w+): /.exec(each)?.slice(1, 3)),
  ).toEqual([
    ["2", "FIELD_MISSING: statusCode"],
    ["3", "FIELD_MISSING: statusCode"],
    ["4", "FIELD_MISSING: statusCode"],
    ["5", "FIELD_INVALID: statusCode"],
    ["6", "FIELD_INVALID: statusCode"],
    ["7", "FIELD_INVALID: statusCode"],
    ["8", "FIELD_INVALID: action"],
    ["9", "FIELD_INVALID: action"],
  ]);
  expect(printed).toEqual(["2 records in the journal, 8 lines refused; not marked as complete"]);
  expect(stored()).toEqual(expect.arrayContaining(["code", "action"]));
  expect(stored()).toHaveLength(2);
});

test("a file of which the gateway takes no line is imported to its end all the same", async () => {
  expect(await imported([line("typo-1", { action: "lose" }), line("typo-2", { action: 6 })])).toBe(
    ExitStatus.REFUSED_INPUT,
  );
  expect(said.join("")).toMatch(
    /snapshot\.ndjson:1: line 1: FIELD_INVALID: action: .*\n.*:2: line 2: FIELD_INVALID: action: /,
  );
  expect(printed).toEqual(["0 records in the journal, 2 lines refused; not marked as complete"]);
});

test("a line that is not UTF-8 is refused and not mended in silence", async () => {
  const bytes = Buffer.from(JSON.stringify(line("latin", { action: "suspend", receiptNo: "?" })));
  bytes[bytes.indexOf("?")] = 0xe9;
  expect(await imported([bytes])).toBe(ExitStatus.REFUSED_INPUT);
  expect(said.join("")).toMatch(/snapshot\.ndjson:1: line 1: UTF8_INVALID: /);
  expect(stored()).not.toContain("latin");
});
