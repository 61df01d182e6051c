/** The port of figures over a list of rows, for tests of what stands on it: it keeps to scope, range, filter and pages. */

import { isInScope } from "../../../schemas/console/access.js";
import type { DecisionRow, Figures } from "../../../schemas/http/figures.js";
import { formatInstant, parseInstantMs } from "../../../schemas/instant.js";
import type {
  DecisionsFilter,
  FiguresAsked,
  FiguresDesk,
  PageAsked,
  Range,
} from "../../../services/console/server/figures-desk.js";
import { START_MS } from "../../support/records.js";

export function row(event: string, fields: Partial<DecisionRow> = {}): DecisionRow {
  return {
    at: formatInstant(START_MS),
    decisionId: `decision-${event}`,
    eventId: event,
    personKey: "0123456789abcdef0123456789abcdef",
    cardTail: "1234",
    kind: "settle",
    action: "reject",
    effectiveAction: fields.action ?? "reject",
    revisions: 0,
    severity: "critical",
    rules: ["R01"],
    shadowRules: [],
    insuredRegion: "330100",
    careRegion: "330100",
    institutionId: "P33010000001",
    institutionName: "测试药店",
    institutionKind: "pharmacy",
    terminalId: "T1",
    operatorId: "O1",
    totalFen: 48_000,
    atRiskFen: 48_000,
    disputed: false,
    degraded: false,
    ...fields,
  };
}

export class MemoryFigures implements FiguresDesk {
  rows: DecisionRow[] = [];
  /** What every question fails with. */
  failure: Error | null = null;
  asked = { today: 0, decisions: 0 };

  async today(asked: FiguresAsked) {
    this.asked.today++;
    const rows = this.within(asked.scope, asked.range, asked.filter);
    const minutes = grouped(rows, ({ at }) => at.slice(0, 16)).map(([minute, of]) => {
      const { swipes, approve, review, challenge, reject } = figuresOf(of);
      return { minute: `${minute}:00.000+08:00`, swipes, approve, review, challenge, reject };
    });
    return { range: written(asked.range), total: figuresOf(rows), minutes };
  }

  async trend({ scope, range, filter, bucket, rule }: Parameters<FiguresDesk["trend"]>[0]) {
    const length = { hour: 13, day: 10, month: 7 }[bucket];
    const rest = "2026-01-01T00:00:00.000+08:00".slice(length);
    const rows = this.within(scope, range, { ...filter, ...(rule !== undefined && { rule }) });
    const buckets = grouped(rows, ({ at }) => at.slice(0, length)).map(([from, of]) => ({
      from: `${from}${rest}`,
      ...figuresOf(of),
    }));
    return { range: written(range), buckets };
  }

  async rules({ scope, range, filter, limit = 100 }: Parameters<FiguresDesk["rules"]>[0]) {
    const rows = this.within(scope, range, filter);
    const names = [...new Set(rows.flatMap(({ rules }) => rules))];
    const rules = names.map((rule) => ({
      rule,
      mode: "live" as const,
      ...figuresOf(rows.filter((one) => one.rules.includes(rule))),
    }));
    return { range: written(range), rules: rules.slice(0, limit) };
  }

  async rulesByCity(): Promise<never> {
    throw new Error("no part of these tests asks for it");
  }

  async cities({ scope, range, filter, by }: Parameters<FiguresDesk["cities"]>[0]) {
    const rows = this.within(scope, range, filter);
    const region = by === "care" ? "careRegion" : "insuredRegion";
    const cities = grouped(rows, (one) => one[region].slice(0, 4)).map(([city, of]) => ({
      city,
      ...figuresOf(of),
    }));
    return { range: written(range), cities };
  }

  async institutions({ scope, range, filter, limit }: Parameters<FiguresDesk["institutions"]>[0]) {
    const rows = this.within(scope, range, filter);
    const institutions = grouped(rows, ({ institutionId }) => institutionId).map(([institutionId, of]) => {
      const { institutionName, institutionKind, careRegion } = of[0]!;
      return { institutionId, institutionName, institutionKind, careRegion, ...figuresOf(of) };
    });
    return { range: written(range), institutions: institutions.slice(0, limit) };
  }

  async institution() {
    return null;
  }

  async decisions({
    scope,
    range,
    filter,
    after,
    limit,
  }: PageAsked & { readonly range: Range; readonly filter?: DecisionsFilter }) {
    this.asked.decisions++;
    const rows = this.within(scope, range, filter);
    const from = Number(after ?? 0);
    const isLast = from + limit >= rows.length;
    return {
      rows: rows.slice(from, from + limit),
      after: isLast ? null : String(from + limit),
      searchedTo: null,
    };
  }

  async findEvent() {
    return null;
  }
  async swipe() {
    return null;
  }
  async personTimeline() {
    return { entries: [], after: null };
  }
  async neighbours() {
    return { nodes: [], edges: [], isCut: false };
  }

  async newestAt() {
    if (this.failure !== null) throw this.failure;
    return this.rows.length === 0 ? null : Math.max(...this.rows.map(({ at }) => parseInstantMs(at)));
  }

  private within(scope: readonly string[], { from, to }: Range, filter: DecisionsFilter = {}): DecisionRow[] {
    if (this.failure !== null) throw this.failure;
    const { actions, rule, institutionId, terminalId, insuredRegion = "", careRegion = "" } = filter;
    return this.rows.filter(
      (one) =>
        isInScope(scope, one.insuredRegion, one.careRegion) &&
        parseInstantMs(one.at) >= from &&
        parseInstantMs(one.at) < to &&
        (actions === undefined || actions.includes(one.action)) &&
        (rule === undefined || one.rules.includes(rule)) &&
        (institutionId === undefined || one.institutionId === institutionId) &&
        (terminalId === undefined || one.terminalId === terminalId) &&
        one.insuredRegion.startsWith(insuredRegion) &&
        one.careRegion.startsWith(careRegion) &&
        (filter.institutionKind === undefined || one.institutionKind === filter.institutionKind) &&
        (filter.kind === undefined || one.kind === filter.kind),
    );
  }
}

function figuresOf(rows: readonly DecisionRow[]): Figures {
  const count = (action: string) => rows.filter((one) => one.action === action).length;
  const sum = (action: string | null) =>
    rows.reduce((fen, one) => fen + (action === null || one.action === action ? one.atRiskFen : 0), 0);
  return {
    swipes: rows.length,
    approve: count("approve"),
    review: count("review"),
    challenge: count("challenge"),
    reject: count("reject"),
    atRiskFen: sum(null),
    reviewedFen: sum("review"),
    challengedFen: sum("challenge"),
    rejectedFen: sum("reject"),
  };
}

function grouped(rows: readonly DecisionRow[], keyOf: (row: DecisionRow) => string) {
  const groups = new Map<string, DecisionRow[]>();
  for (const one of rows) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function written({ from, to }: Range) {
  return { from: formatInstant(from), to: formatInstant(to) };
}
