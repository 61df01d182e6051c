import { beforeAll, describe, expect, test } from "@jest/globals";
import { type CityLine, generateCity } from "../../../bench/city/city.js";
import { ATTACK_KINDS, type AttackKind, RING_KINDS, type RingKind } from "../../../bench/city/labels.js";
import type { RawCardStatus, RawPersonFact, RawSwipe } from "../../../schemas/raw.js";

const PER_KIND = 12;
let lines: CityLine[] = [];

beforeAll(() => {
  lines = [...generateCity({ seed: 3, persons: 4_000, days: 40, attacksPerKind: PER_KIND })];
});

interface IncidentLines {
  readonly swipes: RawSwipe[];
  readonly statuses: RawCardStatus[];
}

/** Labelled swipes of each incident, and all card-status records of its victim. */
function incidentsOf(kind: AttackKind): IncidentLines[] {
  const incidents = new Map<string, Map<string, RawSwipe>>();
  for (const { raw, label } of lines) {
    if (label.attack !== kind || label.incident === undefined || raw.type !== "swipe") continue;
    const swipes = incidents.get(label.incident) ?? new Map<string, RawSwipe>();
    incidents.set(label.incident, swipes.set(raw.eventId, raw));
  }
  return [...incidents.values()].map((byId) => {
    const swipes = [...byId.values()].sort((one, other) => (one.occurredAt < other.occurredAt ? -1 : 1));
    const personId = swipes[0]?.personId;
    const statuses = lines.flatMap(({ raw }) =>
      raw.type === "card-status" && raw.personId === personId ? [raw] : [],
    );
    return { swipes, statuses };
  });
}

function statusOf({ statuses }: IncidentLines, action: RawCardStatus["action"]): RawCardStatus {
  const status = statuses.find((candidate) => candidate.action === action);
  if (status === undefined) throw new Error(`the victim has no '${action}' record`);
  return status;
}

function factOf(personId: string | undefined, fact: RawPersonFact["fact"]): RawPersonFact {
  for (const { raw } of lines)
    if (raw.type === "person-fact" && raw.personId === personId && raw.fact === fact) return raw;
  throw new Error(`the victim has no '${fact}' fact`);
}

interface RingSwipes {
  readonly subject: string;
  readonly swipes: RawSwipe[];
}

function ringsOf(kind: RingKind): RingSwipes[] {
  const rings = new Map<string, { subject: string; byId: Map<string, RawSwipe> }>();
  for (const { raw, label } of lines) {
    if (label.ring !== kind || label.incident === undefined || raw.type !== "swipe") continue;
    const ring = rings.get(label.incident) ?? { subject: label.subject?.id ?? "", byId: new Map() };
    ring.byId.set(raw.eventId, raw);
    rings.set(label.incident, ring);
  }
  return [...rings.values()].map(({ subject, byId }) => ({ subject, swipes: [...byId.values()] }));
}

function personsOf(swipes: readonly RawSwipe[]): number {
  return new Set(swipes.map(({ personId }) => personId)).size;
}

function terminalsOf(swipes: readonly RawSwipe[]): string[] {
  return [...new Set(swipes.map(({ institutionId, terminalId }) => `${institutionId}/${terminalId}`))];
}

function minutesOf(swipes: readonly RawSwipe[]): number {
  const times = swipes.map(({ occurredAt }) => Date.parse(occurredAt));
  return (Math.max(...times) - Math.min(...times)) / 60_000;
}

describe("planting", () => {
  test.each(ATTACK_KINDS)("%s: as many incidents as asked for, each with a swipe", (kind) => {
    expect(incidentsOf(kind)).toHaveLength(PER_KIND);
  });

  test("nobody is hit twice, and nobody hit is found-again", () => {
    const incidentOf = new Map<string, string>();
    for (const { raw, label } of lines) {
      if (label.kind === "honest" || !("personId" in raw)) continue;
      const incident = label.incident ?? "found-again";
      expect(incidentOf.get(raw.personId) ?? incident).toBe(incident);
      incidentOf.set(raw.personId, incident);
    }
  });

  test.each<AttackKind>(["pin-guessing", "drain", "split-purchase", "many-institutions", "refund-loop"])(
    "%s: sizes and amounts differ between incidents",
    (kind) => {
      const incidents = incidentsOf(kind);
      expect(new Set(incidents.map(({ swipes }) => swipes.length)).size).toBeGreaterThan(2);
      const totals = incidents.flatMap(({ swipes }) => swipes.map(({ totalFen }) => totalFen));
      expect(new Set(totals).size).toBeGreaterThan(PER_KIND);
    },
  );
});

describe("what makes each kind an attack", () => {
  test("lost-used and late-status: swipes after the report took place", () => {
    for (const incident of [...incidentsOf("lost-used"), ...incidentsOf("late-status")]) {
      const report = statusOf(incident, "report-loss");
      for (const swipe of incident.swipes) expect(swipe.occurredAt > report.occurredAt).toBe(true);
    }
  });

  test("late-status: every swipe arrives before the report does", () => {
    for (const incident of incidentsOf("late-status")) {
      const arrival = statusOf(incident, "report-loss").receivedAt ?? "";
      for (const swipe of incident.swipes) expect((swipe.receivedAt ?? "") < arrival).toBe(true);
    }
  });

  test("backdated-upload: dated before the report, received after it", () => {
    for (const incident of incidentsOf("backdated-upload")) {
      const report = statusOf(incident, "report-loss");
      for (const swipe of incident.swipes) {
        expect(swipe.occurredAt < report.occurredAt).toBe(true);
        expect((swipe.receivedAt ?? "") > (report.receivedAt ?? "")).toBe(true);
      }
    }
  });

  test("replaced-used: the old number after the replacement", () => {
    for (const incident of incidentsOf("replaced-used")) {
      const replace = statusOf(incident, "replace");
      for (const swipe of incident.swipes) {
        expect(swipe.occurredAt > replace.occurredAt).toBe(true);
        expect(swipe.cardNumber).toBe(replace.cardNumber);
        expect(swipe.cardNumber).not.toBe(replace.newCardNumber);
      }
    }
  });

  test("lapsed-used: the report is at least three days older, some of them from before the first day", () => {
    const reports = incidentsOf("lapsed-used").map((incident) => {
      const report = statusOf(incident, "report-loss");
      const firstMs = Date.parse(incident.swipes[0]?.occurredAt ?? "");
      expect(firstMs - Date.parse(report.occurredAt)).toBeGreaterThan(3 * 86_400_000);
      return report;
    });
    expect(reports.some(({ snapshot }) => snapshot === true)).toBe(true);
  });

  test("default-pin-spend: the verifier says so on every swipe", () => {
    const swipes = incidentsOf("default-pin-spend").flatMap((incident) => incident.swipes);
    expect(swipes.filter(({ pinIsDefault }) => pinIsDefault !== true)).toEqual([]);
  });

  test("trace-code-reuse: every incident settles a code twice", () => {
    for (const { swipes } of incidentsOf("trace-code-reuse")) {
      const codes = swipes.flatMap(({ items }) => (items ?? []).flatMap((item) => item.traceCodes ?? []));
      expect(new Set(codes).size).toBeLessThan(codes.length);
    }
  });

  test("cancelled-used: the number after its cancellation", () => {
    for (const incident of incidentsOf("cancelled-used")) {
      const cancel = statusOf(incident, "cancel");
      for (const swipe of incident.swipes) {
        expect(swipe.occurredAt > cancel.occurredAt).toBe(true);
        expect(swipe.cardNumber).toBe(cancel.cardNumber);
      }
    }
  });

  test("pin-probe-spend: two or three wrong PINs, then a right one; some of Hangzhou's happen in Xuancheng", () => {
    const places = new Set<string>();
    for (const { swipes } of incidentsOf("pin-probe-spend")) {
      const wrong = swipes.filter(({ pin }) => pin === "wrong").length;
      expect([2, 3]).toContain(wrong);
      expect(swipes.slice(wrong).every(({ pin }) => pin === "ok")).toBe(true);
      const [first] = swipes;
      places.add(`${first?.insuredRegion.slice(0, 4)} ${first?.careRegion.slice(0, 4)}`);
    }
    expect(places).toContain("3301 3418");
  });

  test("inpatient-elsewhere: the holder lies in another institution", () => {
    for (const { swipes } of incidentsOf("inpatient-elsewhere")) {
      const stay = factOf(swipes[0]?.personId, "inpatient");
      for (const swipe of swipes) {
        expect(swipe.institutionId).not.toBe(stay.institutionId);
        expect(swipe.occurredAt > (stay.from ?? "") && swipe.occurredAt < (stay.to ?? "")).toBe(true);
      }
    }
  });

  test("limits-broken: the holder has set a limit before", () => {
    for (const { swipes } of incidentsOf("limits-broken")) {
      const limits = factOf(swipes[0]?.personId, "limits");
      expect([limits.homeOnly, limits.dailyFen, limits.noNight].filter(Boolean)).toHaveLength(1);
      expect((limits.from ?? "") < (swipes[0]?.occurredAt ?? "")).toBe(true);
    }
  });

  test("resale-basket: dear drugs, by card and by e-credential", () => {
    const swipes = incidentsOf("resale-basket").flatMap((incident) => incident.swipes);
    for (const { items } of swipes) expect(items?.[0]?.name).toMatch(/^(片仔癀|安宫牛黄丸)$/);
    expect(new Set(swipes.map(({ credential }) => credential))).toEqual(new Set(["card", "e-credential"]));
  });

  test("slow-drain: never half of the balance within a week", () => {
    for (const { swipes } of incidentsOf("slow-drain")) {
      const opening = swipes[0]?.balanceBeforeFen ?? 0;
      for (const { occurredAt } of swipes) {
        const weekBefore = new Date(Date.parse(occurredAt) - 7 * 86_400_000);
        const week = swipes.filter((swipe) => {
          const at = new Date(swipe.occurredAt);
          return at >= weekBefore && at <= new Date(occurredAt);
        });
        const spent = week.reduce((sum, { accountFen }) => sum + (accountFen ?? 0), 0);
        expect(spent / opening).toBeLessThan(0.5);
      }
    }
  });

  test("alternating-places: each swipe in the other city than the one before, at another pharmacy", () => {
    for (const { swipes } of incidentsOf("alternating-places")) {
      const cities = swipes.map(({ careRegion }) => careRegion.slice(0, careRegion.startsWith("50") ? 2 : 4));
      for (let index = 1; index < swipes.length; index += 1) {
        expect(cities[index]).not.toBe(cities[index - 1]);
        expect(swipes[index]?.institutionId).not.toBe(swipes[index - 1]?.institutionId);
      }
    }
  });

  test("the holder whose card is gone does not swipe it while a thief does", () => {
    for (const { swipes } of incidentsOf("drain")) {
      const [first, last] = [swipes[0], swipes.at(-1)];
      const own = lines.filter(
        ({ raw, label }) =>
          raw.type === "swipe" &&
          label.kind === "honest" &&
          raw.personId === first?.personId &&
          raw.credential === "card" &&
          raw.kind === "settle" &&
          raw.occurredAt >= first.occurredAt &&
          raw.occurredAt <= (last?.occurredAt ?? ""),
      );
      expect(own).toEqual([]);
    }
  });
});

describe("what makes each ring one", () => {
  test.each(RING_KINDS)("%s: one ring for five incidents of a kind, begun", (kind) => {
    expect(ringsOf(kind)).toHaveLength(Math.ceil(PER_KIND / 5));
  });

  test("pin-spray: wrong PINs of four cards or more at one terminal within half an hour", () => {
    for (const { subject, swipes } of ringsOf("pin-spray")) {
      expect(personsOf(swipes)).toBeGreaterThanOrEqual(4);
      expect(
        swipes.every(({ pin, terminalId }) => pin === "wrong" && subject.endsWith(`/${terminalId}`)),
      ).toBe(true);
      expect(minutesOf(swipes)).toBeLessThan(30);
    }
  });

  test("collected-cards: the same basket for six persons or more at one terminal within ten minutes", () => {
    for (const { subject, swipes } of ringsOf("collected-cards")) {
      expect(personsOf(swipes)).toBeGreaterThanOrEqual(6);
      expect(minutesOf(swipes)).toBeLessThan(10);
      expect(terminalsOf(swipes)).toEqual([subject]);
      const baskets = swipes.map(({ items }) =>
        (items ?? []).map(({ code, amountFen }) => `${code} ${amountFen}`),
      );
      expect(new Set(baskets.map(String)).size).toBe(1);
    }
  });

  test("busy-terminal: more than twenty persons at one terminal on one day", () => {
    for (const { subject, swipes } of ringsOf("busy-terminal")) {
      expect(personsOf(swipes)).toBeGreaterThan(20);
      expect(terminalsOf(swipes)).toEqual([subject]);
      expect(new Set(swipes.map(({ occurredAt }) => occurredAt.slice(0, 10))).size).toBe(1);
    }
  });

  test("shared-trace-code: two persons settle the same boxes", () => {
    for (const { swipes } of ringsOf("shared-trace-code")) {
      const codes = swipes.map(({ items }) =>
        JSON.stringify((items ?? []).flatMap((item) => item.traceCodes)),
      );
      expect([personsOf(swipes), new Set(codes).size]).toEqual([2, 1]);
    }
  });

  test("common-point: every victim was at the institution before", () => {
    for (const { subject, swipes } of ringsOf("common-point")) {
      for (const personId of new Set(swipes.map((swipe) => swipe.personId))) {
        const before = lines.some(
          ({ raw }) => raw.type === "swipe" && raw.personId === personId && raw.institutionId === subject,
        );
        expect(before).toBe(true);
      }
    }
  });

  test("agent-ring: one agent for six persons or more", () => {
    for (const { subject, swipes } of ringsOf("agent-ring")) {
      expect(personsOf(swipes)).toBeGreaterThanOrEqual(6);
      expect(swipes.every(({ agentId, agentPurchase }) => agentId === subject && agentPurchase)).toBe(true);
    }
  });

  test("honest agents buy for two persons at most", () => {
    const persons = new Map<string, Set<string>>();
    for (const { raw, label } of lines) {
      if (raw.type !== "swipe" || raw.agentId == null || label.kind === "ring") continue;
      persons.set(raw.agentId, (persons.get(raw.agentId) ?? new Set()).add(raw.personId));
    }
    expect(persons.size).toBeGreaterThan(20);
    expect(Math.max(...[...persons.values()].map(({ size }) => size))).toBeLessThanOrEqual(2);
  });

  test("decoy-card: nobody else ever uses it", () => {
    for (const { subject, swipes } of ringsOf("decoy-card")) {
      const all = lines.filter(({ raw }) => raw.type === "swipe" && raw.cardNumber === subject);
      expect(new Set(all.map(({ raw }) => raw.eventId)).size).toBe(swipes.length);
    }
  });

  test("busy-terminal: its usual days are honest and at least a week of them", () => {
    for (const { subject, swipes } of ringsOf("busy-terminal")) {
      const [day] = swipes.map(({ occurredAt }) => occurredAt.slice(0, 10));
      const usual = lines.flatMap(({ raw, label }) =>
        raw.type === "swipe" && label.kind === "honest" && subject.endsWith(`/${raw.terminalId}`)
          ? [raw]
          : [],
      );
      const before = usual
        .map(({ occurredAt }) => occurredAt.slice(0, 10))
        .filter((each) => each < (day ?? ""));
      expect(new Set(before).size).toBeGreaterThanOrEqual(7);
    }
  });

  test("backdating-terminal: every third swipe of a day of twenty or more arrives more than an hour late", () => {
    for (const { subject, swipes } of ringsOf("backdating-terminal")) {
      expect(terminalsOf(swipes)).toEqual([subject]);
      const day = swipes[0]?.occurredAt.slice(0, 10) ?? "";
      const all = lines.filter(
        ({ raw }) =>
          raw.type === "swipe" && subject.endsWith(`/${raw.terminalId}`) && raw.occurredAt.startsWith(day),
      );
      expect(new Set(all.map(({ raw }) => raw.eventId)).size).toBeGreaterThanOrEqual(20);
      for (const { occurredAt, receivedAt } of swipes) {
        expect(Date.parse(receivedAt ?? "") - Date.parse(occurredAt)).toBeGreaterThan(3_600_000);
      }
    }
  });
});
