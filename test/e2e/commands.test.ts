/** The commands of one machine, against a Kadun that runs: snapshot import, networks, dead letters, reconcile. */

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { KadunProcess } from "../../bench/load/kadun-process.js";
import { HttpClient } from "../../platform/http-client/http-client.js";
import { precisionReport, type RulePrecision } from "../../schemas/precision.js";
import { kadunMain, PATIENT, Workplace } from "../support/kadun.js";
import { newDataDirectory } from "../support/new-data-directory.js";
import { rawStatus, rawSwipe } from "../support/records.js";

const TIMEOUT_MS = 120_000;
const COMMAND_WITHIN_MS = 60_000;

const place = new Workplace();
const data = place.path("data");
let kadun: KadunProcess;

beforeAll(async () => {
  await newDataDirectory(data);
  kadun = await KadunProcess.start({
    dataDirectory: data,
    logPath: place.path("kadun.log"),
    args: PATIENT,
  });
}, TIMEOUT_MS);

afterAll(async () => {
  await kadun?.stop();
  place.remove();
}, TIMEOUT_MS);

function command(...args: string[]) {
  const options = { timeout: COMMAND_WITHIN_MS, cwd: place.folder } as const;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [kadunMain, ...args, "--data", data],
    options,
  );
  return { status, printed: stdout.toString(), said: stderr.toString() };
}

function client(apiKey = kadun.apiKey): HttpClient {
  return new HttpClient({ url: kadun.url, apiKey, connectionsMax: 1, timeoutMs: 10_000 });
}

async function call(
  path: string,
  body: object | null,
  apiKey?: string,
): Promise<{ status: number; body: unknown }> {
  const http = client(apiKey);
  try {
    const request =
      body === null
        ? { method: "GET" as const, path }
        : { method: "POST" as const, path, body: JSON.stringify(body) };
    const response = await http.send(request);
    return { status: response.status, body: JSON.parse(response.body.toString("utf8")) };
  } finally {
    http.close();
  }
}

function file(name: string, records: readonly object[]): string {
  const path = place.path(name);
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  return path;
}

const loss = (person: number) =>
  rawStatus({
    eventId: `loss-${person}`,
    personId: `PERSON-${person}`,
    cardNumber: `CARD-000${person}`,
    action: "report-loss",
    channel: "phone",
  });

describe("import-status", () => {
  test("before it answers are degraded and the gateway is not ready", async () => {
    expect((await call("/readyz", null)).status).toBe(503);
    const { body } = await call("/v1/authorizations", rawSwipe({ eventId: "before", personId: "PERSON-9" }));
    expect(body).toMatchObject({
      action: "approve",
      degraded: true,
      degradedReason: "STATUS_SNAPSHOT_MISSING",
    });
  });

  test("with refused lines names them and sets no mark", async () => {
    const path = file("bad.ndjson", [loss(1), { ...loss(2), action: "vanish" }]);
    const result = command("import-status", path);
    expect(result.status).toBe(2);
    expect(result.said).toContain("bad.ndjson:2: line 2: FIELD_INVALID");
    expect((await call("/readyz", null)).status).toBe(503);
  });

  test("with --codes imports what a vendor's codes say and refuses an unknown one by line, code and list", async () => {
    const { action: _action, ...coded } = loss(4);
    const path = file("coded.ndjson", [
      { ...coded, eventId: "unknown-code", statusCode: "66" },
      { ...coded, statusCode: "06" },
    ]);
    const result = command("import-status", path, "--codes", "two-digit");
    expect(result.status).toBe(2);
    expect(result.said).toMatch(
      /coded\.ndjson:1: line 1: STATUS_CODE_UNKNOWN: statusCode: "66": expected a code of two-digit \(00 初始, .*09 注销, 封存\)/,
    );
    expect(result.printed).toBe("1 records in the journal, 1 lines refused; not marked as complete\n");
    const swipe = rawSwipe({
      eventId: "lost-by-code",
      personId: "PERSON-4",
      cardNumber: "CARD-0004",
      occurredAt: "2026-03-02T10:00:00+08:00",
    });
    const { body } = await call("/v1/authorizations", swipe);
    expect(body).toMatchObject({ action: "reject", responseCode: "B7" });
    expect(command("import-status", path, "--codes", "nobody")).toMatchObject({ status: 64 });
  });

  test("after it the gateway is ready, a lost card is refused, and importing again changes nothing", async () => {
    const path = file("good.ndjson", [loss(1), loss(2)]);
    expect(command("import-status", path)).toMatchObject({ status: 0 });
    expect(command("import-status", path)).toMatchObject({ status: 0 });
    expect((await call("/readyz", null)).body).toEqual({ ready: true, reasons: [] });
    const swipe = rawSwipe({
      eventId: "lost",
      personId: "PERSON-1",
      cardNumber: "CARD-0001",
      occurredAt: "2026-03-02T10:00:00+08:00",
    });
    const { body } = await call("/v1/authorizations", swipe);
    expect(body).toMatchObject({ action: "reject", degraded: false, responseCode: "B7" });
  });
});

test("a network's key lets in until the network is revoked", async () => {
  const added = command("networks", "add", "hangzhou");
  expect(added.status).toBe(0);
  const key = added.printed.trim();
  expect(key).toMatch(/^kdn_hangzhou_/);
  const swipe = rawSwipe({ eventId: "by-hangzhou", personId: "PERSON-3" });
  expect((await call("/v1/authorizations", swipe, key)).status).toBe(200);
  expect(command("networks", "list").printed).toContain('"name":"hangzhou"');
  expect(command("networks", "revoke", "hangzhou").status).toBe(0);
  expect((await call("/v1/authorizations", swipe, key)).status).toBeGreaterThanOrEqual(401);
});

test("dead letters are listed without their content, and stay while they are refused", () => {
  const listed = command("dead-letters", "list");
  const letters = listed.printed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(letters).toHaveLength(1);
  expect(letters[0]).toMatchObject({ code: "FIELD_INVALID", source: "local" });
  expect(listed.printed).not.toMatch(/PERSON-2|CARD-0002/);
  const redriven = command("dead-letters", "redrive");
  expect(redriven.status).toBe(2);
  expect(JSON.parse(redriven.printed)).toMatchObject({
    redriven: 0,
    stillRefused: [{ code: "FIELD_INVALID" }],
  });
});

test(
  "reconcile finds journal, outcomes and rows equal",
  async () => {
    await kadun.officeUp();
    const result = command("reconcile", "--json");
    expect(result).toMatchObject({ status: 0 });
    expect(JSON.parse(result.printed)).toMatchObject({ isEqual: true, findingsCount: 0 });
  },
  TIMEOUT_MS,
);

test(
  "feedback is stored, and counts for what the rule found of that person",
  async () => {
    const said = [
      "feedback",
      "--person-id",
      "PERSON-1",
      "R01",
      "confirmed",
      "--at",
      "2026-03-03T10:00:00+08:00",
    ];
    for (let times = 0; times < 2; times++) expect(command(...said)).toMatchObject({ status: 0 });
    await kadun.officeUp();
    const found = await confirmedOfLostCards();
    expect(found).toMatchObject({ peopleConfirmed: 1, peopleHonest: 0, precision: 1, stoppedConfirmed: 1 });
    expect(command("rules", "precision").printed).toMatch(/^rule +region .*\nR01 /);
  },
  TIMEOUT_MS,
);

/** Rows follow the journal within a second or so. */
async function confirmedOfLostCards(): Promise<RulePrecision> {
  for (;;) {
    const { rules } = precisionReport.parse(JSON.parse(command("rules", "precision", "--json").printed));
    const found = rules.find(({ rule, peopleConfirmed }) => rule === "R01" && peopleConfirmed > 0);
    if (found !== undefined) return found;
  }
}

test("a command says so where nothing runs", () => {
  const { status, stderr } = spawnSync(process.execPath, [
    kadunMain,
    "reconcile",
    "--data",
    place.path("none"),
  ]);
  expect(status).toBe(1);
  expect(stderr.toString()).toMatch(/no Kadun runs on this data directory; 'kadun start --data .*' first/);
});
