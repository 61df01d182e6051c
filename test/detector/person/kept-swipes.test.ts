/** The kept swipes against a plain array: what is kept, in which order, and what is dropped when full. */

import { describe, expect, test } from "@jest/globals";
import { dayOf } from "../../../schemas/working-calendar.js";
import { type Findings, NO_FINDINGS } from "../../../services/detector/person/kept-findings.js";
import { KeptFlag, type KeptSwipes, NONE } from "../../../services/detector/person/kept-swipes.js";
import { AUTHORIZES_MAX, SETTLE_AGE_MAX_MS, SETTLES_MAX } from "../../../services/detector/person/layout.js";
import type { Person } from "../../../services/detector/person/person.js";
import { FEN_MISSING, idTagOf } from "../../../services/detector/swipe.js";
import { standalonePerson, swipeOf, verdictOf } from "../../support/person.js";
import fc from "../../support/properties.js";

const START_MS = Date.UTC(2026, 2, 1);
const DAY_MS = 86_400_000;
const FLAGS_OF_THE_ENTRY = KeptFlag.FINDINGS | KeptFlag.LISTED;

interface Kept {
  readonly eventId: string;
  readonly t: number;
  readonly contentTag: number;
  readonly institution: number;
  readonly chain: number;
  readonly careRegion: number;
  readonly longitudeE6: number;
  readonly latitudeE6: number;
  readonly totalFen: number;
  readonly accountFen: number;
  readonly balanceBeforeFen: number;
  readonly listedFen: number;
  readonly credential: number;
  readonly atPharmacy: boolean;
  readonly responseCode: string;
  readonly firstAction: number;
  card: number;
  action: number;
  flags: number;
  revisions: number;
  findings: Findings;
}

type Operation =
  | { readonly kind: "keep"; readonly kept: Kept }
  | { readonly kind: "flag"; readonly nth: number; readonly flag: number }
  | { readonly kind: "revise"; readonly nth: number; readonly findings: Findings; readonly action: number }
  | { readonly kind: "forget-card"; readonly card: number }
  | { readonly kind: "neighbour"; readonly t: number };

const u32 = fc.nat({ max: 0xffffffff });
const u48 = fc.nat({ max: 2 ** 48 - 2 });
const optionalFen = fc.oneof(fc.constant(FEN_MISSING), fc.nat({ max: 2 ** 47 }));
const action = fc.nat({ max: 3 });
const findings: fc.Arbitrary<Findings> = fc.oneof(
  fc.constant({ ...NO_FINDINGS }),
  fc.record({ hits: u32, actionsLow: u32, actionsHigh: u32, passed: u32, failed: u32, challenged: u32 }),
);
/** Ids of one to 64 characters: plain ones mostly, Chinese ones and pairs of surrogates among them. */
const eventId = fc.oneof(
  { weight: 3, arbitrary: fc.string({ minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 10 }) },
  { weight: 1, arbitrary: fc.constantFrom("卡".repeat(64), "💊".repeat(32), "é", "e\u0301") },
);
const moment = fc.oneof(
  { weight: 8, arbitrary: fc.nat({ max: 30 * DAY_MS }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, DAY_MS, SETTLE_AGE_MAX_MS, SETTLE_AGE_MAX_MS + 1) },
  { weight: 1, arbitrary: fc.nat({ max: 80 * DAY_MS }) },
);

const kept: fc.Arbitrary<Kept> = fc
  .record({
    eventId,
    t: moment.map((offset) => START_MS + offset),
    contentTag: u32,
    institution: u48,
    chain: u48,
    careRegion: u32,
    longitudeE6: fc.integer(),
    latitudeE6: fc.integer(),
    totalFen: fc.nat({ max: 2 ** 47 }),
    accountFen: optionalFen,
    balanceBeforeFen: optionalFen,
    listedFen: optionalFen,
    credential: fc.nat({ max: 4 }),
    atPharmacy: fc.boolean(),
    responseCode: fc.constantFrom("00", "A6", "B7", "15"),
    card: fc.nat({ max: 7 }),
    action,
    flags: fc.constantFrom(0, KeptFlag.EMERGENCY, KeptFlag.HOME | KeptFlag.LINKED, KeptFlag.DEGRADED),
    findings,
  })
  .map((fields) => ({ ...fields, firstAction: fields.action, revisions: 0 }));

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 16, arbitrary: fc.record({ kind: fc.constant("keep" as const), kept }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("flag" as const),
      nth: fc.nat({ max: 63 }),
      flag: fc.constantFrom(KeptFlag.CANCELLED, KeptFlag.SUPERSEDED),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("revise" as const),
      nth: fc.nat({ max: 63 }),
      findings,
      action,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("forget-card" as const), card: fc.nat({ max: 7 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("neighbour" as const), t: moment.map((t) => START_MS + t) }),
  },
);
const history = fc.array(operation, { maxLength: 160, size: "max" });

const FORGOTTEN = 0x7e;

function isEmpty({ hits, passed, failed, challenged }: Findings): boolean {
  return hits === 0 && passed === 0 && failed === 0 && challenged === 0;
}

/** The stated behaviour, on a plain array, oldest first. */
class Model {
  entries: Kept[] = [];
  dropped: string[] = [];

  constructor(private readonly isSettles: boolean) {}

  apply(operation: Operation): void {
    switch (operation.kind) {
      case "keep":
        this.keep({ ...operation.kept });
        return;
      case "flag": {
        const entry = this.entries[operation.nth];
        if (entry !== undefined) entry.flags |= operation.flag;
        return;
      }
      case "revise": {
        const entry = this.entries[operation.nth];
        if (entry === undefined) return;
        entry.action = operation.action;
        entry.findings = operation.findings;
        entry.revisions++;
        return;
      }
      case "forget-card":
        for (const entry of this.entries) if (entry.card === operation.card) entry.card = FORGOTTEN;
        return;
      case "neighbour":
        return;
    }
  }

  private keep(entry: Kept): void {
    if (!this.isSettles) {
      this.entries.push(entry);
      if (this.entries.length > AUTHORIZES_MAX) this.drop();
      return;
    }
    const later = this.entries.findIndex((other) => other.t > entry.t);
    this.entries.splice(later < 0 ? this.entries.length : later, 0, entry);
    if (this.entries.length > SETTLES_MAX) this.drop();
    while (this.entries[0]!.t < this.entries.at(-1)!.t - SETTLE_AGE_MAX_MS) this.drop();
  }

  private drop(): void {
    this.dropped.push(this.entries.shift()!.eventId);
  }
}

function positions(swipes: KeptSwipes): number[] {
  const found: number[] = [];
  for (let at = swipes.oldest(); at !== NONE; at = swipes.after(at)) found.push(at);
  return found;
}

function applyTo(person: Person, swipes: KeptSwipes, operation: Operation, dropped: string[]): void {
  switch (operation.kind) {
    case "keep": {
      const { kept } = operation;
      swipes.keep(swipeOf(kept), verdictOf(kept), (at) => {
        dropped.push(swipes.eventId(at));
        // As the judge does: what is dropped is remembered in a section in front of it.
        person.cities.remember(swipes.region(at), dayOf(swipes.t(at)));
      });
      return;
    }
    case "flag": {
      const at = positions(swipes)[operation.nth];
      if (at !== undefined) swipes.setFlag(at, operation.flag);
      return;
    }
    case "revise": {
      const at = positions(swipes)[operation.nth];
      if (at !== undefined) swipes.revise(at, operation.findings, operation.action);
      return;
    }
    case "forget-card":
      swipes.forgetCard(operation.card, FORGOTTEN);
      return;
    case "neighbour":
      // A section in front of it grows: everything kept moves.
      person.pins.add(1, operation.t, true, 7);
      person.traces.add(9, 9, operation.t);
      return;
  }
}

function read(swipes: KeptSwipes, at: number): Kept {
  return {
    eventId: swipes.eventId(at),
    t: swipes.t(at),
    contentTag: swipes.contentTag(at),
    institution: swipes.institution(at),
    chain: swipes.chain(at),
    careRegion: swipes.region(at),
    longitudeE6: swipes.longitudeE6(at),
    latitudeE6: swipes.latitudeE6(at),
    totalFen: swipes.totalFen(at),
    accountFen: swipes.accountFen(at),
    balanceBeforeFen: swipes.balanceBeforeFen(at),
    listedFen: swipes.listedFen(at),
    credential: swipes.credential(at),
    atPharmacy: swipes.atPharmacy(at),
    responseCode: swipes.responseCode(at),
    firstAction: swipes.firstAction(at),
    card: swipes.card(at),
    action: swipes.action(at),
    flags: swipes.flags(at) & ~FLAGS_OF_THE_ENTRY,
    revisions: swipes.revisions(at),
    findings: swipes.findings(at),
  };
}

/** Findings without any bit are not written: their actions cannot be asked for. */
function expected(entry: Kept): Kept {
  return { ...entry, findings: isEmpty(entry.findings) ? { ...NO_FINDINGS } : entry.findings };
}

describe.each(["settles", "authorizes"] as const)("kept %s", (section) => {
  test("are those of a plain array, entry by entry, after any history", () => {
    let full = 0;
    fc.assert(
      fc.property(history, (operations) => {
        const person = standalonePerson();
        const model = new Model(section === "settles");
        const dropped: string[] = [];
        for (const operation of operations) {
          applyTo(person, person[section], operation, dropped);
          model.apply(operation);
        }
        const swipes = person[section];
        expect(positions(swipes).map((at) => read(swipes, at))).toEqual(model.entries.map(expected));
        expect(swipes.count()).toBe(model.entries.length);
        expect(dropped).toEqual(model.dropped);
        if (dropped.length > 0) full++;
      }),
      { numRuns: 150 },
    );
    expect(full).toBeGreaterThan(10);
  });

  test("are walked from the newest back in the same order", () => {
    fc.assert(
      fc.property(history, (operations) => {
        const person = standalonePerson();
        for (const operation of operations) applyTo(person, person[section], operation, []);
        const swipes = person[section];
        const back: number[] = [];
        for (let at = swipes.newest(); at !== NONE; at = swipes.before(at)) back.push(at);
        expect(back.reverse()).toEqual(positions(swipes));
      }),
      { numRuns: 50 },
    );
  });

  test("are found by their eventId, the newest of equal ones, and nothing else is", () => {
    fc.assert(
      fc.property(history, eventId, (operations, other) => {
        const person = standalonePerson();
        const model = new Model(section === "settles");
        for (const operation of operations) {
          applyTo(person, person[section], operation, []);
          model.apply(operation);
        }
        const swipes = person[section];
        const all = positions(swipes);
        for (const id of [...model.entries.map((entry) => entry.eventId), other]) {
          const nth = model.entries.findLastIndex((entry) => entry.eventId === id);
          expect(swipes.find(id, idTagOf(id))).toBe(nth < 0 ? NONE : all[nth]);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("have equal bytes after equal histories, in records that grew differently", () => {
    fc.assert(
      fc.property(history, (operations) => {
        const first = standalonePerson();
        for (const operation of operations) applyTo(first, first[section], operation, []);
        // Stored and loaded after every tenth record: each load starts in a place that just fits.
        let second = standalonePerson();
        for (const [index, operation] of operations.entries()) {
          if (index % 10 === 9) second = standalonePerson(second.record.toBytes());
          applyTo(second, second[section], operation, []);
        }
        expect(Buffer.from(second.record.toBytes()).equals(first.record.toBytes())).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

test("a settle older than all of 64 kept ones is the one dropped", () => {
  const { settles } = standalonePerson();
  for (let index = 1; index <= SETTLES_MAX; index++)
    settles.keep(swipeOf({ eventId: `s-${index}`, t: START_MS + index }), verdictOf(), () => {});
  const dropped: string[] = [];
  const late = swipeOf({ eventId: "late", t: START_MS });
  settles.keep(late, verdictOf(), (at) => dropped.push(settles.eventId(at)));
  expect(dropped).toEqual(["late"]);
  expect(settles.find("late", late.idTag)).toBe(NONE);
  expect(settles.count()).toBe(SETTLES_MAX);
});
