import { createHash } from "node:crypto";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { type CityLine, generateCity, writeCity } from "../../../bench/city/city.js";
import { ATTACK_KINDS, RING_KINDS } from "../../../bench/city/labels.js";
import { CITIES, type County, distanceKm } from "../../../bench/city/places.js";
import { RAW_SCHEMAS, type RawSwipe, rawCardStatus, rawPersonFact, rawSwipe } from "../../../schemas/raw.js";

const SMALL = { seed: 5, persons: 5_000, days: 30, attacksPerKind: 4 } as const;
const FIELDS = {
  swipe: Object.keys(rawSwipe.shape),
  "card-status": Object.keys(rawCardStatus.shape),
  "person-fact": Object.keys(rawPersonFact.shape),
};

let lines: CityLine[] = [];

beforeAll(() => {
  lines = [...generateCity(SMALL)];
});

function bytesOf(options: Parameters<typeof generateCity>[0]): string {
  const hash = createHash("sha256");
  for (const line of generateCity(options)) hash.update(JSON.stringify(line));
  return hash.digest("hex");
}

describe("the stream", () => {
  test("the same seed gives the same bytes, another seed others", () => {
    const options = { ...SMALL, persons: 600, days: 14 };
    expect(bytesOf(options)).toBe(bytesOf(options));
    expect(bytesOf({ ...options, seed: 6 })).not.toBe(bytesOf(options));
  });

  test("lines come in order of arrival", () => {
    const arrivals = lines.map(({ raw }) => raw.receivedAt ?? "");
    expect(arrivals).toEqual([...arrivals].sort());
  });

  test("every raw line is valid and has no field that the format does not know", () => {
    for (const { raw } of lines) {
      expect(RAW_SCHEMAS[raw.type].safeParse(raw)).toMatchObject({ success: true });
      expect(Object.keys(raw).filter((field) => !FIELDS[raw.type].includes(field))).toEqual([]);
      expect(raw.receivedAt).toMatch(/^2026-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00$/);
    }
  });

  test("an event id names one content, however often the line is sent", () => {
    const contents = new Map<string, string>();
    for (const { raw } of lines) {
      const content = JSON.stringify({ ...raw, receivedAt: null });
      expect(contents.get(raw.eventId) ?? content).toBe(content);
      contents.set(raw.eventId, content);
    }
    expect(contents.size).toBeLessThan(lines.length);
  });

  test("options out of range are refused with the option's name", () => {
    expect(() => generateCity({ seed: 1, persons: 20 }).next()).toThrow("persons is 20");
    expect(() => generateCity({ seed: 1, days: 3 }).next()).toThrow("days is 3");
    expect(() => generateCity({ seed: 1, persons: 500, days: 30, attacksPerKind: 60 }).next()).toThrow(
      "fewer attacksPerKind",
    );
  });
});

describe("labels never reach the judge", () => {
  test("no label word and no incident stands in a raw line", () => {
    const words = [
      ...ATTACK_KINDS,
      ...RING_KINDS,
      "found-again",
      "honest",
      "history",
      "attack",
      "incident",
      "label",
    ];
    for (const { raw } of lines) {
      const json = JSON.stringify(raw);
      expect(words.filter((word) => json.includes(word))).toEqual([]);
    }
  });

  test("a planted swipe looks like some honest one: same kind, credential, PIN result and set of fields", () => {
    // Fields that hang on the institution or on chance, on honest and planted lines alike.
    const open = new Set(["chainId", "longitude", "latitude", "items", "pinIsDefault", "pinIsBirthday"]);
    const lookOf = (raw: RawSwipe) => {
      const fields = Object.keys(raw).filter((field) => !open.has(field));
      return [raw.kind, raw.credential, raw.institutionKind, raw.pin, ...fields].join(" ");
    };
    const swipes = lines.flatMap(({ raw, label }) => (raw.type === "swipe" ? [{ raw, label }] : []));
    const honest = new Set(
      swipes.filter(({ label }) => label.kind === "honest").map(({ raw }) => lookOf(raw)),
    );
    const planted = swipes
      .filter(({ label }) => ["attack", "ring"].includes(label.kind))
      .map(({ raw }) => lookOf(raw));
    expect([...new Set(planted)].filter((look) => !honest.has(look))).toEqual([]);
  });

  test("the two files: raw lines without labels, labels by event id", async () => {
    const options = { ...SMALL, persons: 600, days: 14 };
    const raw = new PassThrough();
    const labels = new PassThrough();
    const written = Promise.all([text(raw), text(labels)]);
    const count = await writeCity(options, { raw, labels });
    raw.end();
    labels.end();
    const [rawText, labelText] = await written;
    const expected = [...generateCity(options)];
    expect(count).toBe(expected.length);
    expect(rawText).toBe(expected.map((line) => `${JSON.stringify(line.raw)}\n`).join(""));
    const firstLabel: unknown = JSON.parse(labelText.slice(0, labelText.indexOf("\n")));
    expect(firstLabel).toEqual({ eventId: expected[0]?.raw.eventId, ...expected[0]?.label });
  });
});

describe("history", () => {
  test("of a long city the days before the last 60 are history: nothing is planted, nobody scored", () => {
    const startMs = Date.parse("2026-03-02T00:00:00+08:00");
    const scoredFromMs = startMs + 10 * 86_400_000;
    let history = 0;
    for (const { raw, label } of generateCity({ seed: 5, persons: 600, days: 70 })) {
      // A snapshot names its own time, long before it is sent.
      const atMs = Date.parse(raw.receivedAt ?? "");
      if (label.kind === "history") history += 1;
      else expect(atMs).toBeGreaterThanOrEqual(scoredFromMs);
      if (label.kind === "history" && raw.type === "swipe")
        expect(Date.parse(raw.occurredAt)).toBeLessThan(scoredFromMs + 15 * 60_000);
    }
    expect(history).toBeGreaterThan(100);
  });

  test("a history that leaves no room for incidents is refused", () => {
    expect(() => generateCity({ seed: 1, persons: 600, days: 30, historyDays: 20 }).next()).toThrow(
      "days after historyDays is 10",
    );
  });
});

describe("honest people obey money and distance", () => {
  const honestSwipes = () =>
    lines.flatMap(({ raw, label }) =>
      raw.type === "swipe" && label.kind === "honest" && label.incident === undefined ? [raw] : [],
    );

  test("what is paid sums to the total, and the balance follows", () => {
    for (const swipe of honestSwipes().filter(({ kind }) => kind === "settle")) {
      const { accountFen, fundFen, cashFen, sharedAccountFen } = swipe;
      const paid = [accountFen, fundFen, cashFen, sharedAccountFen].reduce<number>(
        (sum, part) => sum + (part ?? 0),
        0,
      );
      expect(paid).toBe(swipe.totalFen);
      expect(swipe.balanceAfterFen).toBe((swipe.balanceBeforeFen ?? 0) - (accountFen ?? 0));
      expect(swipe.balanceAfterFen).toBeGreaterThanOrEqual(0);
    }
  });

  test("items sum to the total and no trace code is issued twice", () => {
    const codes: string[] = [];
    const cancelled = new Set(honestSwipes().map(({ originalEventId }) => originalEventId));
    const seen = new Set<string>();
    for (const swipe of honestSwipes()) {
      if (swipe.items == null || cancelled.has(swipe.eventId) || seen.has(swipe.eventId)) continue;
      seen.add(swipe.eventId);
      expect(swipe.items.reduce((sum, item) => sum + (item.amountFen ?? 0), 0)).toBe(swipe.totalFen);
      codes.push(...swipe.items.flatMap((item) => item.traceCodes ?? []));
    }
    expect(new Set(codes).size).toBe(codes.length);
  });

  test("nobody travels faster than 300 km/h, relatives with an e-credential aside", () => {
    const counties = new Map(CITIES.flatMap((city) => city.counties).map((county) => [county.code, county]));
    const last = new Map<string, { atMs: number; county: County }>();
    const settles = honestSwipes().filter(({ kind, agentPurchase }) => kind === "settle" && !agentPurchase);
    let journeys = 0;
    for (const swipe of settles.sort((one, other) => (one.occurredAt < other.occurredAt ? -1 : 1))) {
      const here = { atMs: Date.parse(swipe.occurredAt), county: counties.get(swipe.careRegion) as County };
      const before = last.get(swipe.personId);
      last.set(swipe.personId, here);
      if (before === undefined || before.county.city === here.county.city) continue;
      journeys += 1;
      const hours = Math.max(here.atMs - before.atMs, 10 * 60_000) / 3_600_000;
      expect(distanceKm(before.county, here.county) / hours).toBeLessThan(300);
    }
    expect(journeys).toBeGreaterThan(100);
  });
});
