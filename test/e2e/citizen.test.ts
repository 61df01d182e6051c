/**
 * The cardholder's pages of a real Kadun: from the SMS's code to the report of loss, which the next swipe meets, and to an
 * appeal; killed in between.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { KadunProcess } from "../../bench/load/kadun-process.js";
import { officeCaughtUp } from "../../bench/load/office-client.js";
import { pathsOf } from "../../cli/embedded/paths.js";
import { readRunFile } from "../../cli/embedded/run-file.js";
import { HttpClient } from "../../platform/http-client/http-client.js";
import { formatInstant } from "../../schemas/instant.js";
import { jpeg } from "../citizen/support/documents.js";
import { type Answer, type PagesUnderTest, Visitor } from "../citizen/support/visitor.js";
import { PATIENT } from "../support/kadun.js";
import { newDataDirectory } from "../support/new-data-directory.js";
import { rawStatus, rawSwipe } from "../support/records.js";

const TIMEOUT_MS = 240_000;
const PERSON = { personId: "PERSON-1" };
let folder: string;
let kadun: KadunProcess;

const pages: PagesUnderTest = {
  url: async () => {
    await kadun.officeUp();
    return readRunFile(pathsOf(kadun.dataDirectory).run)!.office!.citizenUrl!;
  },
};

function start(): Promise<KadunProcess> {
  const dataDirectory = join(folder, "data");
  return KadunProcess.start({
    dataDirectory,
    logPath: join(folder, "kadun.log"),
    args: ["--cold-start", ...PATIENT],
  });
}

async function send(method: "POST" | "PUT", path: string, body: object) {
  const { url, apiKey } = kadun;
  const client = new HttpClient({ url, apiKey, connectionsMax: 1, timeoutMs: 30_000 });
  const answer = await client.send({ method, path, body: JSON.stringify(body) });
  client.close();
  expect({ path, status: answer.status, body: String(answer.body) }).toMatchObject({
    status: expect.any(Number),
  });
  expect(answer.status).toBeLessThan(300);
  return answer;
}

function lastSms(template: RegExp): string {
  const lines = readFileSync(pathsOf(kadun.dataDirectory).outbox, "utf8").trim().split("\n");
  const found = lines
    .map((line) => JSON.parse(line) as { template: string; text: string })
    .findLast((sms) => template.test(sms.template));
  if (found === undefined) throw new Error(`no SMS of ${template} among ${lines.length}`);
  return found.text;
}

const swipe = (eventId: string, minutesAgo: number) =>
  rawSwipe({
    ...PERSON,
    eventId,
    occurredAt: formatInstant(Date.now() - minutesAgo * 60_000),
    cardNumber: "CARD-000000006217",
    totalFen: 68_000,
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kadun-citizen-e2e-"));
  await newDataDirectory(join(folder, "data"));
  kadun = await start();
  await kadun.officeUp();
  await send("PUT", "/v1/contacts", {
    ...PERSON,
    phone: "13800000000",
    name: "王小明",
    idNumberLast4: "123X",
  });
  // Lost is the e-credential: a swipe with it is news, and the card can still be reported.
  await send(
    "POST",
    "/v1/card-status",
    rawStatus({ ...PERSON, credential: "e-credential", occurredAt: formatInstant(Date.now() - 3_600_000) }),
  );
  await send("POST", "/v1/swipes", { ...swipe("s-1", 20), credential: "e-credential" });
  await send("POST", "/v1/swipes", swipe("s-2", 10));
  await officeCaughtUp(kadun);
}, TIMEOUT_MS);

afterAll(async () => {
  await kadun.stop();
  rmSync(folder, { recursive: true });
}, TIMEOUT_MS);

async function ok(answer: Promise<Answer>, status = 200): Promise<Answer> {
  const got = await answer;
  expect({ status: got.status, body: got.status === status ? "" : got.body }).toEqual({ status, body: "" });
  return got;
}

test(
  "the holder enters with the code of the SMS, says what was not his, reports the loss, and appeals",
  async () => {
    const code = /[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}/.exec(lastSms(/lost-card|reject/))![0];
    const holder = new Visitor(pages, null);
    await ok(holder.knock(code, "123x"), 303);
    await officeCaughtUp(kadun);
    const oneTimeCode = /\d{6}/.exec(lastSms(/login-code/))![0];
    expect((await ok(holder.enter(oneTimeCode), 303)).location).toBe("/case");
    const shown = (await ok(holder.get("/case"))).body;
    expect(shown).toContain("680.00元");
    expect(shown).toContain("王*");

    const own = (await ok(holder.get("/swipes"))).body;
    expect(own.match(/680\.00元/g)).toHaveLength(2);
    const [asked] = [...shown.matchAll(/name="swipe" value="([^"]*)"/g)].map((match) => match[1]!);
    const said = await ok(holder.change("/case", "/answer", { swipe: asked!, answer: "not-mine" }), 303);
    expect((await ok(holder.get(said.location!))).body).toContain("您回答“不是我”");
    const reported = await ok(holder.change("/loss", "/loss", { credential: "card" }), 303);
    expect((await ok(holder.get(reported.location!))).body).toContain("挂失");

    await kadun.kill();
    kadun = await start();
    await officeCaughtUp(kadun);
    // The session held; the report reached the journal, and the next swipe meets it.
    expect((await ok(holder.get("/cards"))).body).toContain("已挂失");
    await send("POST", "/v1/swipes", swipe("s-3", -1));
    await officeCaughtUp(kadun);
    expect((await ok(holder.get("/swipes"))).body).toContain("已拦截");

    const appeal = (await ok(holder.change("/appeals", "/appeals"), 303)).location!;
    const [claimable] = [
      ...(await ok(holder.get(`${appeal}/swipes`))).body.matchAll(/name="swipes" value="([^"]*)"/g),
    ];
    await ok(holder.change(`${appeal}/swipes`, `${appeal}/swipes`, { swipes: claimable![1]! }), 303);
    await ok(holder.change(`${appeal}/statement`, `${appeal}/statement`, { statement: "卡丢了。𠮷" }), 303);
    await ok(holder.upload(appeal, { name: "回执.jpg", content: jpeg(), kind: "police-receipt" }), 303);
    const keys = await holder.keysOn(`${appeal}/check`);
    await ok(holder.post(`${appeal}/submit`, keys), 303);
    await ok(holder.post(`${appeal}/submit`, keys), 303);
    const progress = (await ok(holder.get(appeal))).body;
    for (const words of ["已提交", "回执.jpg", "期限"]) expect(progress).toContain(words);
  },
  TIMEOUT_MS,
);
