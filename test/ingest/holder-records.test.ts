/** What cardholders do: the record that a source would have sent, from whoever may speak for them, and nothing else. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import { ensureLocalKey, LOCAL_NETWORK, readLocalKey } from "../../cli/process/local-key.js";
import { decodeOutcomeBody } from "../../schemas/log-body.js";
import { Topic } from "../../schemas/topics.js";
import { MovedKeys } from "../../services/ingest/moved-keys.js";
import { Networks, PERMISSIONS_DEFAULT } from "../../services/ingest/networks.js";
import { ALL_ZERO_KEY, cardTailOf, Tokeniser } from "../../services/ingest/tokens.js";
import { at, rawFact, rawHolderLimits, rawHolderLoss, rawStatus, START_MS } from "../support/records.js";
import { GatewayWorld, PARTITIONS, StandingClock } from "./gateway-world.js";

let world: GatewayWorld;
afterEach(() => world.close());

const tokens = new Tokeniser(ALL_ZERO_KEY);
const PERSON = tokens.token("PERSON-1");
const CARD = { cardKey: tokens.token("CARD-0001"), cardTail: cardTailOf("CARD-0001") };
const URL = "/v1/holder-records";
/** A detector on logs in memory needs some dozens. */
const TURNS_MAX = 10_000;

const later = at(START_MS + 60_000);
const verification = { complete: true, methods: ["sms-code", "id-number-last-4"] };

/** Title, as the holder's page says it, as a source says it. */
const SAME: readonly [string, Record<string, unknown>, string, Record<string, unknown>][] = [
  [
    "a report of one card",
    rawHolderLoss({ personKey: PERSON, ...CARD, reportedAt: later, receivedAt: later, verification }),
    "/v1/card-status",
    rawStatus({
      eventId: "h-1",
      cardNumber: "CARD-0001",
      channel: "web",
      region: "330100",
      reportedAt: later,
      receivedAt: later,
      verification,
    }),
  ],
  [
    "a report of all cards of a credential",
    rawHolderLoss({ personKey: PERSON, credential: "e-credential" }),
    "/v1/card-status",
    rawStatus({ eventId: "h-1", credential: "e-credential", channel: "web", region: "330100" }),
  ],
  [
    "limits",
    rawHolderLimits({ personKey: PERSON, from: later, homeOnly: true, dailyFen: 50_000, noNight: false }),
    "/v1/person-facts",
    rawFact({
      eventId: "h-2",
      fact: "limits",
      region: undefined,
      from: later,
      homeOnly: true,
      dailyFen: 50_000,
      noNight: false,
    }),
  ],
];

describe("a holder's record", () => {
  test.each(SAME)("is byte for byte what a source's is: %s", async (_title, ours, url, theirs) => {
    world = await GatewayWorld.open();
    expect((await world.send("POST", URL, ours)).statusCode).toBe(202);
    expect((await world.send("POST", url, theirs)).statusCode).toBe(202);
    const bodies = [0, 1].flatMap((partition) =>
      world
        .records(Topic.JOURNAL, partition)
        .map(({ key, value }) => `${key} ${Buffer.from(value).toString()}`),
    );
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toBe(bodies[0]);
  });

  test("sent again under its eventId changes nothing; with other content it is refused by the judge", async () => {
    world = await GatewayWorld.open();
    await world.judge();
    const loss = rawHolderLoss({ personKey: PERSON, ...CARD });
    for (const record of [loss, loss, { ...loss, reportedAt: later }]) await world.send("POST", URL, record);
    const judged = async () =>
      Array.from({ length: PARTITIONS }, (_, partition) => world.records(Topic.DECISIONS, partition))
        .flat()
        .map(({ value }) => decodeOutcomeBody(value))
        .filter(({ type }) => type !== "activated");
    for (let turns = 0; (await judged()).length < 3 && turns < TURNS_MAX; turns++) await turn();
    expect(await judged()).toMatchObject([
      { type: "transition", eventId: "h-1", personKey: PERSON, applied: true },
      { type: "duplicate", eventId: "h-1" },
      { type: "refused", code: "EVENT_ID_REUSED" },
    ]);
  });

  test("of a person who moved is the new key's", async () => {
    const moved = new MovedKeys();
    const newKey = tokens.token("PERSON-2");
    moved.set(PERSON, newKey);
    world = await GatewayWorld.open({ moved });
    await world.send("POST", URL, rawHolderLoss({ personKey: PERSON }));
    expect(world.journal()).toMatchObject([{ type: "card-status", personKey: newKey }]);
  });
});

describe("is refused, and not kept", () => {
  const TABLE: readonly [string, Record<string, unknown>, string, string][] = [
    ["a release", rawHolderLoss({ action: "release" }), "NOT_THE_HOLDERS", "action"],
    ["binding again", rawHolderLoss({ action: "rebind-e-credential" }), "NOT_THE_HOLDERS", "action"],
    ["where he lives", rawHolderLimits({ fact: "home-region" }), "NOT_THE_HOLDERS", "fact"],
    ["a swipe", { type: "swipe", eventId: "s-1" }, "NOT_THE_HOLDERS", "type"],
    ["another channel", rawHolderLoss({ channel: "counter" }), "FIELD_INVALID", "channel"],
    [
      "a number for a token",
      rawHolderLoss({ personKey: "330106199001011234" }),
      "FIELD_INVALID",
      "personKey",
    ],
    ["a number beside the token", rawHolderLoss({ cardNumber: "CARD-0001" }), "FIELD_INVALID", ""],
    ["a time of effect of his own", rawHolderLoss({ effectiveAt: at(START_MS) }), "FIELD_INVALID", ""],
    ["a card without its tail", rawHolderLoss({ cardKey: CARD.cardKey }), "FIELD_INVALID", "cardTail"],
    ["a tail without its card", rawHolderLoss({ cardTail: "0001" }), "FIELD_INVALID", "cardKey"],
    ["a PIN", rawHolderLoss({ cardPin: "123456" }), "FIELD_FORBIDDEN", "cardPin"],
    [
      "a year that never was",
      rawHolderLoss({ reportedAt: "1970-01-01T00:00:00Z" }),
      "TIME_OUT_OF_RANGE",
      "reportedAt",
    ],
    ["half a character", rawHolderLoss({ eventId: "\ud800" }), "FIELD_INVALID", "eventId"],
  ];
  test.each(TABLE)("%s", async (_title, record, code, field) => {
    world = await GatewayWorld.open();
    const response = await world.send("POST", URL, record);
    expect([response.statusCode, response.json().refused]).toMatchObject([400, [{ code, field }]]);
    expect(response.body).not.toMatch(/330106199001011234|CARD-0001/);
    expect([world.journal(), world.records(Topic.DEAD_LETTERS, 0)]).toEqual([[], []]);
  });

  test("one bad line, which holds up no other", async () => {
    world = await GatewayWorld.open();
    const lines = [rawHolderLoss({ action: "release" }), "{", rawHolderLimits()];
    const response = await world.lines(URL, lines);
    expect(response.json()).toMatchObject({ accepted: 1, refused: [{ line: 1 }, { line: 2 }] });
    expect(world.journal()).toMatchObject([{ type: "person-fact", fact: "limits" }]);
  });
});

describe("speaking for cardholders", () => {
  test("is what no network may unless somebody says so", async () => {
    world = await GatewayWorld.open();
    expect(PERMISSIONS_DEFAULT).not.toContain("holder");
    const authorization = `Bearer ${await world.networks.add("ningbo")}`;
    const refused = await world.send("POST", URL, rawHolderLoss(), { authorization });
    expect([refused.statusCode, refused.json().code]).toEqual([403, "NOT_PERMITTED"]);
    await world.networks.permit("ningbo", ["holder"]);
    expect((await world.send("POST", URL, rawHolderLoss(), { authorization })).statusCode).toBe(202);
  });

  test("is what the machine's own key may, also one that an earlier release made", async () => {
    world = await GatewayWorld.open();
    const folder = mkdtempSync(join(tmpdir(), "kadun-local-key-"));
    try {
      const file = join(folder, "local-key");
      await ensureLocalKey(file, world.networks);
      const key = readLocalKey(file);
      await world.networks.permit(LOCAL_NETWORK, ["records", "feedback"]);
      const authorization = `Bearer ${key}`;
      expect((await world.send("POST", URL, rawHolderLoss(), { authorization })).statusCode).toBe(403);
      await ensureLocalKey(file, await Networks.open(world.store, new StandingClock()));
      await world.networks.reload();
      expect(readLocalKey(file)).toBe(key);
      expect((await world.send("POST", URL, rawHolderLoss(), { authorization })).statusCode).toBe(202);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
