import { beforeAll, describe, expect, test } from "@jest/globals";
import { type CityLine, generateCity } from "../../../bench/city/city.js";
import { ATTACK_KINDS, type AttackKind } from "../../../bench/city/labels.js";
import type { RawCardStatus, RawSwipe } from "../../../schemas/raw.js";

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
