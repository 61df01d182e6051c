/**
 * The story of the Hangzhou card (rules.md 4 (a)) through a real Kadun by its commands: the case's package is exported, verified
 * and judged again; unmasked only after two people; the same again gives the same bytes; what was done to it is found.
 */

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { KadunProcess } from "../../bench/load/kadun-process.js";
import { officeCaughtUp } from "../../bench/load/office-client.js";
import { HANGZHOU } from "../../bench/stories/hangzhou.js";
import { packageRoot } from "../../cli/package-root.js";
import { HttpClient } from "../../platform/http-client/http-client.js";
import { StampAuthority } from "../support/evidence/stamp-authority.js";
import { packed } from "../support/evidence/unpack.js";
import { PATIENT } from "../support/kadun.js";
import { newDataDirectory } from "../support/new-data-directory.js";

const MAIN = join(packageRoot, "dist", "cli", "main.js");
const TIMEOUT_MS = 240_000;
/** Records of the story before the archive is written. */
const ARCHIVED = 6;
const DAY_MS = 86_400_000;

let folder: string;
let data: string;
let archive: string;
let authority: StampAuthority;
let kadun: KadunProcess;
let caseId: string;

/** A command as anybody gives it. */
function command(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const options = { encoding: "utf8", env: { ...process.env, ...env } } as const;
  return new Promise<{ status: number | string; stdout: string; stderr: string }>((resolve) =>
    execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : (error.code ?? "killed"), stdout, stderr }),
    ),
  );
}

async function done(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { status, stdout, stderr } = await command(args, env);
  expect({ args, status, stderr }).toMatchObject({ status: 0 });
  return stdout;
}

async function exported(name: string, ...more: readonly string[]): Promise<{ path: string; sha256: string }> {
  const out = ["--out", join(folder, name), "--json"];
  return JSON.parse(await done(["evidence", "export", "--data", data, "--case", caseId, ...out, ...more]));
}

/** As a settlement network does. */
async function send(method: "PUT" | "POST", path: string, body: object): Promise<void> {
  const options = { apiKey: kadun.apiKey, connectionsMax: 1, timeoutMs: 30_000 };
  const client = new HttpClient({ ...options, url: kadun.url });
  const { status } = await client.send({ method, path, body: JSON.stringify(body) });
  client.close();
  expect(status).toBeLessThan(300);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kadun-evidence-e2e-"));
  data = await newDataDirectory(join(folder, "data"));
  archive = join(folder, "archive");
  authority = await StampAuthority.start();
  kadun = await KadunProcess.start({
    dataDirectory: data,
    logPath: join(folder, "kadun.log"),
    args: [
      "--cold-start",
      "--sms-stale-hours",
      "0",
      "--archive",
      archive,
      "--time-stamp-url",
      authority.url,
      ...PATIENT,
    ],
  });
  await send("PUT", "/v1/contacts", { personId: HANGZHOU.personId, ...HANGZHOU.contact });
  for (const entry of HANGZHOU.institutions) await send("PUT", "/v1/institutions", entry);
  await kadun.officeUp();
  for (const [index, record] of HANGZHOU.records.entries()) {
    if (index === ARCHIVED) {
      await officeCaughtUp(kadun);
      await done(["archive", archive, "--data", data]);
    }
    await send("POST", record.type === "swipe" ? "/v1/authorizations" : "/v1/card-status", record);
  }
  await officeCaughtUp(kadun);
  caseId = JSON.parse((await done(["alerts", "cases", "--data", data, "--json"])).trim()).caseId;
}, TIMEOUT_MS);

afterAll(async () => {
  await kadun.stop();
  await authority.stop();
  rmSync(folder, { recursive: true });
}, TIMEOUT_MS);

describe("the ledger of SMS", () => {
  test(
    "is shown by the commands of this machine, and nobody says of a sent one what became of it",
    async () => {
      const lines = (await done(["sms", "list", "--status", "sent", "--data", data, "--json"]))
        .trim()
        .split("\n");
      const sent = lines.map((line) => JSON.parse(line));
      expect(sent.length).toBeGreaterThan(0);
      for (const { status, text } of sent) {
        expect(status).toBe("sent");
        expect(text).toMatch(/^【医保卡盾】.{10,64}$/);
      }
      const [{ smsId }] = sent;
      expect(await done(["sms", "show", smsId, "--data", data])).toContain(`${smsId}  `);
      expect(await done(["sms", "list", "--status", "unknown", "--data", data])).toBe("");
      expect(await command(["sms", "resolve", smsId, "--again", "--data", data])).toMatchObject({
        status: 1,
        stderr: expect.stringContaining("is sent; only an unknown one is resolved by a person"),
      });
      expect(await command(["sms", "show", "none", "--data", data])).toMatchObject({ status: 1 });
      expect(await command(["sms", "list", "--status", "pending", "--data", data])).toMatchObject({
        status: 64,
      });
      expect(await command(["sms", "resolve", smsId, "--data", data])).toMatchObject({ status: 64 });
    },
    TIMEOUT_MS,
  );
});

describe("the Hangzhou card's package", () => {
  test(
    "begins with the last archived checkpoint before a day, and is judged again from there",
    async () => {
      const tomorrow = new Date(Date.now() + DAY_MS + 8 * 3_600_000).toISOString().slice(0, 10);
      const { path } = await exported("since.zip", "--since", tomorrow);
      const said = JSON.parse(await done(["evidence", "verify", path, "--replay", "--json"]));
      const replay = said.checks.find(({ name }: { name: string }) => name === "replay");
      // The record behind the checkpoint is the first whose outcome is not archived: what waits is judged again.
      expect(Number(replay.detail.split(" ")[0])).toBeGreaterThanOrEqual(HANGZHOU.records.length - ARCHIVED);
      expect(Number(replay.detail.split(" ")[0])).toBeLessThan(HANGZHOU.records.length);
      const checkpoint = JSON.parse(await packed(path, "/data/checkpoint.json"));
      expect(checkpoint.personRecord).not.toBeNull();
    },
    TIMEOUT_MS,
  );

  test(
    "is exported, verified under the published keys, and judged again",
    async () => {
      await done(["evidence", "keys", "export", "--data", data, "--out", join(folder, "keys")]);
      const { path } = await exported("first.zip");
      const keys = join(folder, "keys", "public-keys.json");
      const said = JSON.parse(await done(["evidence", "verify", path, "--keys", keys, "--replay", "--json"]));
      expect(said.isSound).toBe(true);
      expect(said.checks.map(({ result }: { result: string }) => result)).toEqual(
        said.checks.map(() => "passed"),
      );
    },
    TIMEOUT_MS,
  );

  test(
    "has the same bytes when it is exported again",
    async () => {
      const [first, again] = [await exported("first.zip"), await exported("again.zip")];
      expect(again.sha256).toBe(first.sha256);
      expect(readFileSync(again.path).equals(readFileSync(first.path))).toBe(true);
    },
    TIMEOUT_MS,
  );

  test(
    "holds no name, no phone number and no card number unless two people agreed to it",
    async () => {
      const { name, phone } = HANGZHOU.contact;
      const holds = (path: string, text: string) => readFileSync(path).includes(text);
      const masked = (await exported("masked.zip")).path;
      for (const secret of [name, phone, HANGZHOU.personId]) expect(holds(masked, secret)).toBe(false);
      const keyOf = async (person: string) => ({
        KADUN_PERSON_KEY: (await done(["people", "add", person, "--data", data])).trim(),
      });
      const [li, wang] = [await keyOf("li"), await keyOf("wang")];
      const reason = "police station asks whom to hear";
      const asked = ["evidence", "request", "--data", data, "--case", caseId, "--reason", reason, "--json"];
      const { requestId } = JSON.parse(await done(asked, li));
      const approve = ["evidence", "approve", requestId, "--data", data];
      const alone = await command(approve, li);
      expect(alone.status).toBe(1);
      expect(alone.stderr).toMatch(/another person approves/);
      const early = await command([
        "evidence",
        "export",
        "--data",
        data,
        "--case",
        caseId,
        "--unmasked",
        requestId,
      ]);
      expect(early.stderr).toMatch(/nobody but li stands behind/);
      await done(approve, wang);
      const { path } = await exported("unmasked.zip", "--unmasked", requestId);
      for (const secret of [name, phone]) expect(holds(path, secret)).toBe(true);
      expect(holds(path, HANGZHOU.personId)).toBe(false);
      await done(["evidence", "verify", path, "--replay"]);
      const custody = await packed(path, "/data/custody.ndjson");
      expect(custody).toMatch(/"actor":"li","action":"unmasked-requested","reason":"police station/);
      expect(custody).toMatch(/"actor":"wang","action":"unmasked-approved"/);
    },
    TIMEOUT_MS,
  );

  test(
    "is still verified after the keys were changed, and not by another office's keys",
    async () => {
      const { path } = await exported("before.zip");
      await done(["evidence", "keys", "rotate", "--data", data]);
      await done(["evidence", "keys", "export", "--data", data, "--out", join(folder, "keys")]);
      const keys = join(folder, "keys", "public-keys.json");
      await done(["evidence", "verify", path, "--keys", keys, "--replay"]);
      await done(["evidence", "verify", (await exported("after.zip")).path, "--keys", keys, "--replay"]);
      const published = JSON.parse(readFileSync(keys, "utf8"));
      const other = join(folder, "other-keys.json");
      writeFileSync(other, JSON.stringify({ ...published, keys: published.keys.slice(0, 1) }));
      const { status, stdout } = await command([
        "evidence",
        "verify",
        join(folder, "after.zip"),
        "--keys",
        other,
      ]);
      expect(status).toBe(1);
      expect(stdout).toMatch(/FAILED {4}signature-ed25519/);
    },
    TIMEOUT_MS,
  );

  test(
    "holds the status record that came a moment ago, though nothing follows it",
    async () => {
      await send("POST", "/v1/card-status", {
        type: "card-status",
        eventId: "hangzhou-frozen",
        occurredAt: "2026-04-02T12:00:00.000+08:00",
        personId: HANGZHOU.personId,
        credential: "card",
        action: "freeze",
        channel: "counter",
        region: "330100",
      });
      const { path } = await exported("frozen.zip");
      await done(["evidence", "verify", path, "--replay"]);
      const lines = (await packed(path, "/data/journal.ndjson")).trimEnd().split("\n");
      expect(lines.at(-1)).toContain('"eventId":"hangzhou-frozen"');
      expect((await exported("again.zip")).sha256).toBe((await exported("frozen.zip")).sha256);
    },
    TIMEOUT_MS,
  );

  test(
    "that was changed is refused, and so is what is none; a case that is none is said",
    async () => {
      const { path } = await exported("first.zip");
      const bytes = readFileSync(path);
      bytes[bytes.indexOf("totalFen") + 1]! ^= 1;
      writeFileSync(path, bytes);
      const changed = await command(["evidence", "verify", path]);
      expect(changed.status).toBe(1);
      expect(changed.stdout).toMatch(/FAILED {4}zip .*data\//);
      writeFileSync(path, "no package");
      expect((await command(["evidence", "verify", path])).stdout).toMatch(/FAILED {4}zip/);
      const missing = await command(["evidence", "verify", join(folder, "nowhere.zip")]);
      expect(missing).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/cannot be read \(ENOENT\)/),
      });
      const none = await command(["evidence", "export", "--data", data, "--case", "nobody-1"]);
      expect(none).toMatchObject({ status: 1, stderr: expect.stringMatching(/CASE_UNKNOWN/) });
    },
    TIMEOUT_MS,
  );
});
