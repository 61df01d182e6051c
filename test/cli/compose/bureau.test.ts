/** The bureau's channel from settings: which one it is, and what is said where it cannot be. */

import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { openBureau } from "../../../cli/compose/bureau.js";
import { bureauOutboxOf } from "../../../cli/distributed/settings.js";
import { Closers } from "../../../cli/process/closers.js";
import { systemClock } from "../../../platform/clock/system-clock.js";
import { notice } from "../../platform/bureau-channel/bureau-channel.contract.js";
import { BureauDesk, SECRET } from "../../platform/bureau-channel/bureau-desk.js";

let folder: string;
let closers: Closers;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-bureau-settings-"));
  closers = new Closers();
});
afterEach(async () => {
  await closers.close();
  closers = new Closers();
});
afterAll(() => rmSync(folder, { recursive: true }));

function open(bureauUrl: string, bureauSecretFile = "") {
  const outbox = join(folder, "bureau", "outbox.ndjson");
  return openBureau({ bureauUrl, bureauSecretFile, outbox }, systemClock, closers);
}

function secretFile(text: string): string {
  const path = join(folder, "bureau.key");
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  return path;
}

test("without an address reports go into the file", async () => {
  const channel = await open("");
  expect(await channel.report(notice("r-1"))).toEqual({ kind: "kept" });
  expect(existsSync(join(folder, "bureau", "outbox.ndjson"))).toBe(true);
});

test("with an address they go there, signed by the secret of the file", async () => {
  const desk = await BureauDesk.open(() => systemClock.now());
  try {
    const channel = await open(desk.url, secretFile(SECRET.toString("hex")));
    expect(await channel.report(notice("r-1"))).toMatchObject({ kind: "accepted", receiptNo: "R-r-1" });
    expect(desk.requests).toMatchObject([{ isSigned: true }]);
  } finally {
    await desk.close();
  }
});

test.each([
  ["an address in clear", "http://bureau.example/losses", "KADUN_BUREAU_URL: .* https://"],
  ["no address", "bureau", "KADUN_BUREAU_URL: expected an address"],
])("%s is refused at the start", async (_what, url, message) => {
  await expect(open(url, secretFile(SECRET.toString("hex")))).rejects.toThrow(new RegExp(message));
});

test("an address without a secret, or with a file that is not there, is refused with the way to make one", async () => {
  await expect(open("https://bureau.example/losses")).rejects.toThrow(
    /KADUN_BUREAU_SECRET_FILE: .*openssl rand/,
  );
  await expect(open("https://bureau.example/losses", join(folder, "none"))).rejects.toThrow(
    /KADUN_BUREAU_SECRET_FILE: .*none is missing; 'openssl rand/,
  );
});

test("a role's file lies beside its SMS unless it is named", () => {
  const settings = { smsOutbox: "/srv/sms/outbox.ndjson" };
  expect(bureauOutboxOf({ ...settings, bureauOutbox: "" })).toBe("/srv/sms/bureau.ndjson");
  expect(bureauOutboxOf({ ...settings, bureauOutbox: "/srv/b.ndjson" })).toBe("/srv/b.ndjson");
});
