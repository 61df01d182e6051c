/** Rows of swipes in memory, within the scope, as the port of figures gives them. */

import { isInScope, type Scope } from "../../../schemas/console/access.js";
import type {
  DecisionRow,
  InstitutionAnswer,
  TimelineEntry,
  TimelinePage,
} from "../../../schemas/http/figures.js";
import { formatInstant } from "../../../schemas/instant.js";
import { FiguresAway } from "../../../services/console/server/figures-desk.js";
import type { SubjectsParts } from "../../../services/console/server/subjects-routes.js";
import { START_MS } from "../../support/records.js";

type Desk = SubjectsParts["figures"];
type Asked<Name extends keyof Desk> = Parameters<Desk[Name]>[0];

const NO_FIGURES = {
  swipes: 0,
  approve: 0,
  review: 0,
  challenge: 0,
  reject: 0,
  atRiskFen: 0,
  reviewedFen: 0,
  challengedFen: 0,
  rejectedFen: 0,
};

export class MemoryRows implements Desk {
  rows: DecisionRow[] = [];
  isAway = false;

  async personTimeline({ scope, personKey, limit }: Asked<"personTimeline">): Promise<TimelinePage> {
    const entries = this.within(scope)
      .filter((row) => row.personKey === personKey)
      .slice(0, limit)
      .map(
        ({ at, eventId }): TimelineEntry => ({
          type: "other",
          at,
          eventId,
          personKey,
          position: "0/0",
          recordType: "swipe",
        }),
      );
    return { entries, after: null };
  }

  async institution({ scope, institutionId }: Asked<"institution">): Promise<InstitutionAnswer | null> {
    const rows = this.within(scope).filter((row) => row.institutionId === institutionId);
    const [last] = rows;
    if (last === undefined) return null;
    const { institutionName, institutionKind, careRegion } = last;
    const figures = { ...NO_FIGURES, swipes: rows.length };
    return {
      range: { from: formatInstant(0), to: formatInstant(START_MS) },
      institution: { institutionId, institutionName, institutionKind, careRegion, ...figures },
      days: [],
      rules: [],
    };
  }

  async decisions({ scope, filter, limit }: Asked<"decisions">) {
    const rows = this.within(scope).filter(
      (row) =>
        row.institutionId === filter?.institutionId &&
        (filter.terminalId === undefined || row.terminalId === filter.terminalId),
    );
    return { rows: rows.slice(0, limit), after: null, searchedTo: null };
  }

  async findEvent({ scope, eventId }: Asked<"findEvent">) {
    return this.within(scope).find((row) => row.eventId === eventId) ?? null;
  }

  private within(scope: Scope): readonly DecisionRow[] {
    if (this.isAway) throw new FiguresAway("AWAY", "away");
    return this.rows.filter(({ insuredRegion, careRegion }) => isInScope(scope, insuredRegion, careRegion));
  }
}

export function decisionRow(eventId: string, fields: Partial<DecisionRow> = {}): DecisionRow {
  return {
    at: formatInstant(START_MS),
    decisionId: `d-${eventId}`,
    eventId,
    personKey: "",
    cardTail: "1234",
    kind: "settle",
    action: "approve",
    effectiveAction: "approve",
    revisions: 0,
    severity: "none",
    rules: [],
    shadowRules: [],
    insuredRegion: "330100",
    careRegion: "330106",
    institutionId: "P33010600001",
    institutionName: "",
    institutionKind: "pharmacy",
    terminalId: "T1",
    operatorId: "O1",
    totalFen: 48_000,
    atRiskFen: 40_000,
    disputed: false,
    degraded: false,
    ...fields,
  };
}
