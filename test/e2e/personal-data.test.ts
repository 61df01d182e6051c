/**
 * What Kadun is told of persons stands nowhere in clear: a demo runs, bad messages follow, and everything that both
 * left is searched for every personal value of the input.
 */

import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { KadunProcess } from "../../bench/load/kadun-process.js";
import { metricsOf } from "../../bench/load/office-client.js";
import { readLabels, readPeople } from "../../cli/demo/city-people.js";
import { contactsOf } from "../../cli/demo/contacts.js";
import { pathsOf } from "../../cli/embedded/paths.js";
import { HttpClient } from "../../platform/http-client/http-client.js";
import { kadunMain, Workplace } from "../support/kadun.js";
import { ClearText, type Found } from "./clear-text.js";
import { analyticsRows, databaseRows, filesIn, type Left } from "./left-behind.js";

const TIMEOUT_MS = 300_000;

const place = new Workplace();
const kept = place.path("kept");
const data = place.path("kept/data");
/** The input itself, and the keys. */
const LEFT_OUT = [place.path("kept/city.ndjson"), place.path("kept/labels.ndjson"), pathsOf(data).keys];

let values: string[] = [];
let search: ClearText;
let left: Left[] = [];

beforeAll(async () => {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [kadunMain, "demo", "--persons", "500", "--days", "14", "--keep", kept],
    { timeout: TIMEOUT_MS },
  );
  writeFileSync(place.path("kept/demo.out"), stdout);
  writeFileSync(place.path("kept/demo.err"), stderr);
  expect({ status, signal, said: stderr.toString() }).toMatchObject({ status: 0 });
  values = await personalValues();
  search = new ClearText(values);
  await sendBadMessages();
  left = [...(await analyticsRows(data)), ...(await databaseRows(data))];
}, TIMEOUT_MS);

afterAll(() => place.remove());

/** Persons, cards, phones and names of the city. */
async function personalValues(): Promise<string[]> {
  const raw = place.path("kept/city.ndjson");
  const lines = readFileSync(raw, "utf8").split("\n").filter(Boolean);
  const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const contacts = contactsOf(await readPeople(raw, await readLabels(place.path("kept/labels.ndjson"))));
  const all = [
    ...records.flatMap(({ personId, cardNumber, newCardNumber }) => [personId, cardNumber, newCardNumber]),
    ...contacts.flatMap(({ phone, name }) => [phone, name]),
  ];
  return [...new Set(all.filter((value) => typeof value === "string"))];
}

/** Messages that are refused: what Kadun says and keeps of them is searched too. */
async function sendBadMessages(): Promise<void> {
  const kadun = await KadunProcess.start({ dataDirectory: data, logPath: place.path("kept/again.log") });
  try {
    await kadun.officeUp();
    const client = new HttpClient({
      url: kadun.url,
      apiKey: kadun.apiKey,
      connectionsMax: 1,
      timeoutMs: 10_000,
    });
    const line = readFileSync(place.path("kept/city.ndjson"), "utf8").split("\n")[0]!;
    const [phone, name] = [values.find((value) => value.startsWith("154")), values.at(-1)];
    const { personId } = JSON.parse(line) as { personId: string };
    const bad: readonly (readonly ["POST" | "PUT", string, string])[] = [
      [
        "POST",
        "/v1/swipes",
        line.replace(/"totalFen":\d+/, '"totalFen":-1').replace('"type":"swipe"', '"type":"?"'),
      ],
      ["POST", "/v1/swipes", line.slice(0, -5)],
      ["POST", "/v1/authorizations", line.replace(/"occurredAt":"[^"]*"/, `"occurredAt":"${personId}"`)],
      ["POST", `/v1/swipes/${personId}?person=${personId}`, line],
      ["POST", "/v1/card-status", JSON.stringify({ type: "card-status", personId, action: phone })],
      ["PUT", "/v1/contacts", JSON.stringify({ personId, phone, name, idNumberLast4: personId })],
      ["PUT", "/v1/contacts", JSON.stringify({ [`${personId}`]: phone, name })],
    ];
    let answers = "";
    for (const [method, path, body] of bad) {
      const response = await client.send({ method, path, body });
      expect({ path, status: response.status }).toEqual({ path, status: expect.any(Number) });
      expect(response.status).toBeGreaterThanOrEqual(400);
      answers += `${response.body.toString()}\n`;
    }
    writeFileSync(place.path("kept/answers.txt"), answers);
    const { swipe, office } = await metricsOf(kadun);
    writeFileSync(place.path("kept/again-metrics.txt"), swipe + office);
    client.close();
  } finally {
    await kadun.stop();
  }
}

interface FoundIn extends Found {
  readonly in: string;
}

function foundIn(pieces: Iterable<Left>): FoundIn[] {
  return [...pieces].flatMap(({ name, bytes }) => search.in(bytes).map((found) => ({ ...found, in: name })));
}

test("the search has something to look for and something to look at", () => {
  expect(values.length).toBeGreaterThan(800);
  const names = [...filesIn(kept, LEFT_OUT)].map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      "kadun.log",
      "metrics.txt",
      "outcomes.ndjson",
      "demo.out",
      "data/sms/outbox.ndjson",
    ]),
  );
  const tables = left.filter(({ bytes }) => bytes.length > 1000).map(({ name }) => name);
  expect(tables).toEqual(
    expect.arrayContaining([
      "analytics table outcomes",
      "analytics table journal_records",
      "database table alerts",
    ]),
  );
});

test("no file but the input holds a personal value in clear", () => {
  expect(foundIn(filesIn(kept, LEFT_OUT))).toEqual([]);
});

test("no row holds a personal value in clear", () => {
  expect(foundIn(left)).toEqual([]);
});

test("the input itself is full of them, and a planted one is found wherever it lies", () => {
  const [input] = [...filesIn(kept, [])].filter(({ name }) => name === "city.ndjson");
  expect(search.in(input!.bytes).length).toBeGreaterThan(500);
  const phone = values.find((value) => value.startsWith("154"))!;
  appendFileSync(place.path("kept/kadun.log"), `{"msg":"sent to ${phone}"}\n`);
  writeFileSync(place.path("kept/data/planted.bin"), Buffer.from(`\0\0\0${phone}`, "utf16le"));
  const planted = foundIn(filesIn(kept, LEFT_OUT));
  expect(planted.map(({ in: name, value, encoding }) => ({ name, value, encoding }))).toEqual(
    expect.arrayContaining([
      { name: "kadun.log", value: phone, encoding: "UTF-8" },
      { name: "data/planted.bin", value: phone, encoding: "UTF-16LE" },
    ]),
  );
  expect(new Set(planted.map(({ in: name }) => name))).toEqual(new Set(["kadun.log", "data/planted.bin"]));
});
