/** The feeder against a server that drops connections, refuses for now and refuses for good. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "@jest/globals";
import { Random } from "../../../bench/city/random.js";
import { Feeder, type FeedLine, type Refusal } from "../../../bench/load/feeder.js";
import { HttpClient } from "../../../platform/http-client/http-client.js";

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

let server: Server;
let client: HttpClient;

afterEach(async () => {
  client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function serve(handler: Handler): Promise<HttpClient> {
  server = createServer((request, response) => void handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  client = new HttpClient({ url: `http://127.0.0.1:${port}`, connectionsMax: 8, timeoutMs: 5000 });
  return client;
}

const PERSONS = 40;
const LINES = 2000;
const TYPES = ["swipe", "card-status", "person-fact"] as const;

interface Told {
  readonly person: string;
  readonly number: number;
}

function linesOf(random: Random): FeedLine[] {
  return Array.from({ length: LINES }, (_, number) => {
    const personId = `P${random.whole(1, PERSONS)}`;
    const type = random.chance(0.9) ? "swipe" : random.pick(TYPES);
    const wantsAnswer = type === "swipe" && random.chance(0.1);
    return { personId, type, wantsAnswer, json: JSON.stringify({ person: personId, number }) };
  });
}

const ANSWER = { status: 200, body: "{}" };

test("of each person every line arrives, in order, one after the other, whatever the connection does", async () => {
  const random = new Random(7);
  const sent = linesOf(random);
  const taken = new Map<string, number[]>();
  const underWay = new Set<string>();
  const overlaps: string[] = [];
  const feeder = new Feeder({
    client: await serve(async (request, response) => {
      const told = (await text(request)).split("\n").map((line) => JSON.parse(line) as Told);
      const persons = told.map(({ person }) => person);
      for (const person of persons) if (underWay.has(person)) overlaps.push(person);
      for (const person of persons) underWay.add(person);
      await new Promise((resolve) => setImmediate(resolve));
      for (const person of persons) underWay.delete(person);
      if (random.chance(0.05)) return void request.socket.destroy();
      if (random.chance(0.05)) return void response.writeHead(503).end("{}");
      for (const { person, number } of told) taken.set(person, [...(taken.get(person) ?? []), number]);
      // Taken, but nobody hears of it.
      if (random.chance(0.05)) return void request.socket.destroy();
      const isAnswer = request.url === "/v1/authorizations";
      const accepted = JSON.stringify({ accepted: told.length, refused: [] });
      response.writeHead(isAnswer ? ANSWER.status : 202).end(isAnswer ? ANSWER.body : accepted);
    }),
    lanes: 6,
    linesMax: 20,
    patienceMs: 10_000,
  });
  for (const line of sent) await feeder.push(line);
  await feeder.drain();

  expect(overlaps).toEqual([]);
  expect(feeder.acknowledged).toBe(LINES);
  expect(feeder.resent).toBeGreaterThan(50);
  for (const [person, numbers] of taken) {
    const once = numbers.filter((number, at) => number !== numbers[at - 1]);
    const expected = sent.flatMap(({ personId }, number) => (personId === person ? [number] : []));
    expect(once).toEqual(expected);
  }
});

test("a line that is refused for good is named and not sent again", async () => {
  const refused: Refusal[] = [];
  let requests = 0;
  const feeder = new Feeder({
    client: await serve(async (request, response) => {
      requests++;
      const lines = (await text(request)).split("\n").length;
      const line = { line: 1, field: "totalFen", code: "FIELD_INVALID", reason: "a number", eventId: null };
      response.writeHead(202).end(JSON.stringify({ accepted: lines - 1, refused: [line] }));
    }),
    lanes: 1,
    linesMax: 10,
    patienceMs: 1000,
    onRefused: (line) => refused.push(line),
  });
  const persons = ["P1", "P2", "P3"];
  await Promise.all(
    persons.map((personId) => feeder.push({ personId, type: "swipe", wantsAnswer: false, json: "{}" })),
  );
  await feeder.drain();

  expect({ requests, acknowledged: feeder.acknowledged, refused: feeder.refused }).toEqual({
    requests: 1,
    acknowledged: 2,
    refused: 1,
  });
  expect(refused).toMatchObject([{ code: "FIELD_INVALID", field: "totalFen" }]);
});

test("a key that is refused ends the feeding with the server's words", async () => {
  const feeder = new Feeder({
    client: await serve((_, response) => void response.writeHead(401).end('{"code":"KEY_INVALID"}')),
    lanes: 1,
    linesMax: 10,
    patienceMs: 1000,
  });
  await feeder.push({ personId: "P1", type: "swipe", wantsAnswer: false, json: "{}" });
  await expect(feeder.drain()).rejects.toThrow(/401 .*KEY_INVALID/);
});

test("a server that never takes a line ends the feeding when the patience is over", async () => {
  const feeder = new Feeder({
    client: await serve((_, response) => void response.writeHead(503).end("{}")),
    lanes: 1,
    linesMax: 10,
    patienceMs: 120,
  });
  await feeder.push({ personId: "P1", type: "swipe", wantsAnswer: false, json: "{}" });
  await expect(feeder.drain()).rejects.toThrow(/no acknowledgement of 1 lines within 120 ms/);
});
