/**
 * Work on a case through a real Kadun: two people confirm it, the process is killed, the journal has what they said; the
 * closed case is followed by another, and the audit log is whole.
 */

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { KadunProcess } from "../../bench/load/kadun-process.js";
import { officeCaughtUp } from "../../bench/load/office-client.js";
import { packageRoot } from "../../cli/package-root.js";
import { HttpClient } from "../../platform/http-client/http-client.js";
import { casePageAnswer } from "../../schemas/http/cases.js";
import { peopleAnswer } from "../../schemas/http/rules-people.js";
import { precisionReport } from "../../schemas/precision.js";
import { newDataDirectory } from "../support/new-data-directory.js";
import { rawStatus, rawSwipe } from "../support/records.js";

const MAIN = join(packageRoot, "dist", "cli", "main.js");
const TIMEOUT_MS = 240_000;

let folder: string;
let data: string;
let kadun: KadunProcess;
const keys = new Map<string, string>();

function start(): Promise<KadunProcess> {
  const args = ["--cold-start", "--sms-stale-hours", "0"];
  return KadunProcess.start({ dataDirectory: data, logPath: join(folder, "kadun.log"), args });
}

/** As anybody gives it. */
async function done(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await new Promise<{ status: unknown; stdout: string; stderr: string }>(
    (resolve) =>
      execFile(process.execPath, [MAIN, ...args, "--data", data], (error, stdout, stderr) =>
        resolve({ status: error === null ? 0 : error.code, stdout, stderr }),
      ),
  );
  expect({ args, status, stderr }).toMatchObject({ status: 0 });
  return stdout.trim();
}

/** To the office. */
async function office(key: string, path: string, body?: object) {
  const { url } = await kadun.officeUp();
  const answer = await fetch(`${url}${path}`, {
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
  });
  const said = await answer.json();
  expect({ path, status: answer.status, said }).toMatchObject({ status: answer.ok ? answer.status : 200 });
  return said;
}

async function send(path: string, body: object): Promise<void> {
  const { url, apiKey } = kadun;
  const client = new HttpClient({ url, apiKey, connectionsMax: 1, timeoutMs: 30_000 });
  const { status } = await client.send({ method: "POST", path, body: JSON.stringify(body) });
  client.close();
  expect(status).toBeLessThan(300);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kadun-cases-e2e-"));
  data = await newDataDirectory(join(folder, "data"));
  kadun = await start();
  await kadun.officeUp();
  await send("/v1/card-status", rawStatus());
  await send("/v1/swipes", rawSwipe({ eventId: "s-1" }));
  await officeCaughtUp(kadun);
  for (const name of ["lin", "wang"])
    keys.set(
      name,
      peopleAnswer.parse(await office(kadun.apiKey, "/v1/people", { action: "add", name })).key!,
    );
}, TIMEOUT_MS);

afterAll(async () => {
  await kadun.stop();
  rmSync(folder, { recursive: true });
}, TIMEOUT_MS);

test(
  "confirmed by two, killed, told to the journal; closed, and the next swipe opens the next case",
  async () => {
    const [lin, wang] = [keys.get("lin")!, keys.get("wang")!];
    const listed = casePageAnswer.parse(await office(lin, "/v1/cases?state=new"));
    const { caseId } = listed.cases[0]!;
    let version = 0;
    const does = (key: string, address: string, body: object) =>
      office(key, `/v1/cases/${caseId}/${address}`, { version: version++, ...body });
    await does(lin, "assignment", {});
    await does(lin, "transitions", { to: "investigating" });
    await does(lin, "transitions", { to: "confirmed", reason: "asked by telephone" });
    await does(wang, "proposals/1/approval", {});
    await kadun.kill();
    kadun = await start();
    await officeCaughtUp(kadun);
    const { rules } = precisionReport.parse(JSON.parse(await done("rules", "precision", "--json")));
    const confirmed = rules.filter(({ peopleConfirmed }) => peopleConfirmed > 0);
    expect(confirmed.map(({ rule, peopleConfirmed }) => [rule, peopleConfirmed])).toEqual([["R01", 1]]);

    await does(lin, "transitions", { to: "closed", reason: "card replaced" });
    await does(wang, "proposals/2/approval", {});
    await send("/v1/swipes", rawSwipe({ eventId: "s-2" }));
    await officeCaughtUp(kadun);
    const { cases } = casePageAnswer.parse(await office(kadun.apiKey, "/v1/cases"));
    expect(cases.map(({ status, state, alerts }) => [status, state, alerts]).sort()).toEqual([
      ["closed", "closed", 1],
      ["open", "new", 1],
    ]);
    // Each of the two starts made a one-time link, as nobody can sign in yet.
    expect(JSON.parse(await done("audit", "verify", "--json"))).toMatchObject({
      whole: true,
      entries: 6 + 2,
    });
  },
  TIMEOUT_MS,
);
