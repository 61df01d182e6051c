/** Rows in memory, and journals of persons as the port of figures gives them: newest first, by pages. */

import type { NeighbourGraph, TimelineEntry, TimelineSwipe } from "../../../schemas/http/figures.js";
import type { Reason } from "../../../schemas/outcomes.js";
import {
  FiguresAway,
  type FiguresDesk,
  NEIGHBOURS_DAYS_MAX,
} from "../../../services/console/server/figures-desk.js";
import { MemoryRows } from "./memory-rows.js";

type Asked<Name extends keyof FiguresDesk> = Parameters<FiguresDesk[Name]>[0];

export class FewSwipes extends MemoryRows {
  entries: TimelineEntry[] = [];
  graph: NeighbourGraph = { nodes: [], edges: [], isCut: false };

  override async personTimeline(asked: Asked<"personTimeline">) {
    if (this.entries.length === 0) return super.personTimeline(asked);
    if (this.isAway) throw new FiguresAway("AWAY", "it does not answer");
    const { personKey, after, limit } = asked;
    const own = this.entries
      .filter((entry) => entry.personKey === personKey)
      .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
    const from = after === null ? 0 : Number(after);
    const next = from + limit;
    return { entries: own.slice(from, next), after: next < own.length ? String(next) : null };
  }

  async neighbours({ range }: Asked<"neighbours">) {
    if (this.isAway) throw new FiguresAway("TOO_LONG", "it took too long");
    if (range.to - range.from > NEIGHBOURS_DAYS_MAX * 86_400_000) throw new RangeError("as the real ones do");
    return this.graph;
  }
}

let made = 0;
/** A settle in Hangzhou that was approved, unless the fields say otherwise. */
export function swipeEntry(
  fields: Partial<Omit<TimelineSwipe, "type" | "decision">> & Pick<TimelineSwipe, "at" | "personKey">,
  reasons: readonly Reason[] = [],
): TimelineSwipe {
  const eventId = fields.eventId ?? `e-${++made}`;
  const action = reasons[0]?.action ?? "approve";
  return {
    type: "swipe",
    eventId,
    position: `0/${++made}`,
    kind: "settle",
    cardTail: "4321",
    cardKey: "c".repeat(32),
    credential: "card",
    insuredRegion: "330100",
    careRegion: "330106",
    institutionId: "P-1",
    institutionName: "大药房",
    institutionKind: "pharmacy",
    terminalId: "T1",
    operatorId: "",
    totalFen: 12_000,
    accountFen: 12_000,
    fundFen: 0,
    cashFen: 0,
    atRiskFen: 12_000,
    pin: "ok",
    agentKey: "",
    originalEventId: "",
    challengeOf: "",
    challengeResult: "",
    longitude: null,
    latitude: null,
    items: 0,
    ...fields,
    decision: {
      decisionId: `${fields.personKey.slice(0, 12)}-${eventId}-0`,
      action,
      effectiveAction: action,
      severity: reasons[0]?.severity ?? "none",
      responseCode: "00",
      rules: reasons.map(({ rule }) => rule),
      shadowRules: [],
      reasons: [...reasons],
      disputed: false,
      degraded: false,
      clockClamped: false,
      bundleHash: "0".repeat(64),
      engineVersion: "2",
      revisions: [],
    },
  };
}
