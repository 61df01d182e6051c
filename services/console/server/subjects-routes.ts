/** `/v1/console/persons`, `institutions` and `findings`: from what was asked to the desks and back. */

import type { Clock } from "../../../platform/clock/clock.js";
import { isInScope, type Scope } from "../../../schemas/console/access.js";
import { SEVERITIES } from "../../../schemas/fields.js";
import type { DecisionPage, InstitutionAnswer } from "../../../schemas/http/figures.js";
import type {
  InstitutionDetail,
  InstitutionHead,
  PersonAnswer,
  TerminalDetail,
} from "../../../schemas/http/subjects.js";
import { FINDING_ROUTES, INSTITUTION_ROUTES, PERSON_ROUTES } from "../../../schemas/http/subjects-routes.js";
import { PATROL_IDS } from "../../../schemas/patrols.js";
import { casesRefusal } from "./console-problem.js";
import type { Asked, ConsoleRoutes, Handler } from "./console-routes.js";
import type { FiguresDesk, Range } from "./figures-desk.js";
import type { FindingsAsked, InstitutionRegisterDesk, PlaceFacts, SubjectsDesk } from "./subjects-desk.js";
import { orAway, subjectsRefusal } from "./subjects-figures.js";

export interface SubjectsParts {
  readonly desk: SubjectsDesk;
  readonly register: InstitutionRegisterDesk;
  readonly figures: Pick<FiguresDesk, "personTimeline" | "institution" | "decisions" | "findEvent">;
  readonly clock: Clock;
}

/** A screen of rows; terminals and operators are counted in them. */
const ROWS_SHOWN = 100;
const TIMELINE_SHOWN = 50;
const DAY_MS = 86_400_000;
const DAYS_CHOICES = [7, 30, 90] as const;
const DAYS_USUAL = 30;

export function personRoutes({ desk, figures }: SubjectsParts): ConsoleRoutes {
  const handlers = {
    person: async ({ path, caller }) => {
      const known = await desk.person(path.key!, caller.scope);
      if (known !== null) return known;
      // Who only checks a PIN or asks for a balance is in the rows alone.
      const page = { scope: caller.scope, personKey: path.key!, after: null, limit: 1 };
      const { value } = await orAway(figures.personTimeline(page));
      if (value === null || value.entries.length === 0) throw notFound();
      return personOfRows(path.key!, caller.scope);
    },
    timeline: async ({ path, query, caller }) => {
      const { value, isAway } = await orAway(
        figures.personTimeline({
          scope: caller.scope,
          personKey: path.key!,
          after: query.after ?? null,
          limit: TIMELINE_SHOWN,
        }),
      );
      if (isAway || value === null)
        throw subjectsRefusal("FIGURES_AWAY", "the rest of the page is there; ask again later");
      return value;
    },
  } satisfies Readonly<Record<keyof typeof PERSON_ROUTES, Handler>>;
  return { prefix: "/v1/console/persons", routes: PERSON_ROUTES, handlers };
}

function personOfRows(personKey: string, scope: Scope): PersonAnswer {
  return {
    personKey,
    formerKeys: [],
    insuredRegion: null,
    isWhole: scope.includes(""),
    cards: [],
    limits: { homeOnly: false, dailyFen: null, noNight: false },
    lossRequests: [],
    reminders: [],
    cases: [],
    alerts: [],
    sms: [],
    appeals: [],
    answers: [],
  };
}

export function institutionRoutes(parts: SubjectsParts): ConsoleRoutes {
  const handlers = {
    institution: async ({ path, query, caller }): Promise<InstitutionDetail> => {
      const { range, seen } = await placeSeen(parts, path.id!, { query, scope: caller.scope });
      const latest = await latestOf(parts, { range, scope: caller.scope, query, institutionId: path.id! });
      const rows = latest.value?.rows ?? [];
      return {
        ...seen.head,
        figures: seen.figures,
        figuresAway: seen.isAway || latest.isAway,
        terminals: usedOf(rows, ({ terminalId }) => terminalId),
        operators: usedOf(rows, ({ operatorId }) => operatorId),
        latest: latest.value,
        ...told(seen.facts),
      };
    },
    terminal: async ({ path, query, caller }): Promise<TerminalDetail> => {
      const [institutionId, terminalId] = [path.id!, path.terminal!];
      const { range, seen } = await placeSeen(parts, institutionId, { query, scope: caller.scope });
      const asked = { range, scope: caller.scope, query, institutionId, terminalId };
      const latest = await latestOf(parts, asked);
      const facts = await parts.desk.placeFacts({ institutionId, terminalId }, caller.scope);
      if (latest.value?.rows.length === 0 && query.after === undefined && facts.findings.length === 0)
        throw notFound();
      return {
        ...seen.head,
        terminalId,
        figuresAway: latest.isAway,
        persons: new Set(latest.value?.rows.map(({ personKey }) => personKey)).size,
        latest: latest.value,
        ...told(facts),
      };
    },
  } satisfies Readonly<Record<keyof typeof INSTITUTION_ROUTES, Handler>>;
  return { prefix: "/v1/console/institutions", routes: INSTITUTION_ROUTES, handlers };
}

interface PlaceAsked {
  readonly query: Asked["query"];
  readonly scope: Scope;
}

interface PlaceSeen {
  readonly head: InstitutionHead;
  readonly figures: InstitutionAnswer | null;
  readonly isAway: boolean;
  readonly facts: PlaceFacts;
}

/** @throws ConsoleRefusal where no institution of this name lies within the scope. */
async function placeSeen(
  { register, figures, desk, clock }: SubjectsParts,
  institutionId: string,
  { query, scope }: PlaceAsked,
): Promise<{ readonly range: Range; readonly seen: PlaceSeen }> {
  const range = rangeOf(query.days, clock.now());
  const { value, isAway } = await orAway(figures.institution({ scope, range, institutionId }));
  const facts = await desk.placeFacts({ institutionId, terminalId: null }, scope);
  const registered = await register.find(institutionId);
  const regions = [registered?.region, value?.institution.careRegion, facts.findings[0]?.region].filter(
    (region) => region !== undefined && region !== "",
  ) as readonly string[];
  const isKnown = registered !== null || value !== null || facts.findings.length > 0;
  if (!isKnown || !isInScope(scope, ...regions, ...(regions.length === 0 ? [""] : []))) throw notFound();
  const named = value?.institution;
  const head: InstitutionHead = registered ?? {
    institutionId,
    name: named === undefined || named.institutionName === "" ? null : named.institutionName,
    kind: named?.institutionKind ?? null,
    region: "",
    chainId: null,
    isRegistered: false,
  };
  return {
    range,
    seen: { head: { ...head, region: head.region || (regions[0] ?? "") }, figures: value, isAway, facts },
  };
}

interface LatestAsked extends PlaceAsked {
  readonly range: Range;
  readonly institutionId: string;
  readonly terminalId?: string;
}

function latestOf({ figures }: SubjectsParts, asked: LatestAsked) {
  const { range, scope, query, institutionId, terminalId } = asked;
  const filter = terminalId === undefined ? { institutionId } : { institutionId, terminalId };
  return orAway(figures.decisions({ scope, range, filter, after: query.after ?? null, limit: ROWS_SHOWN }));
}

type Row = DecisionPage["rows"][number];

/** The most used first. */
function usedOf(rows: readonly Row[], idOf: (row: Row) => string): InstitutionDetail["terminals"] {
  const counts = new Map<string, { swipes: number; stopped: number }>();
  for (const row of rows) {
    const id = idOf(row);
    if (id === "") continue;
    const { swipes, stopped } = counts.get(id) ?? { swipes: 0, stopped: 0 };
    const isStopped = row.effectiveAction === "reject" || row.effectiveAction === "challenge";
    counts.set(id, { swipes: swipes + 1, stopped: stopped + (isStopped ? 1 : 0) });
  }
  return [...counts].map(([id, used]) => ({ id, ...used })).sort((a, b) => b.swipes - a.swipes);
}

function told({ findings, cases }: PlaceFacts) {
  return { findings: [...findings], cases: [...cases] };
}

export function findingRoutes({ desk }: Pick<SubjectsParts, "desk">): ConsoleRoutes {
  const handlers = {
    findings: async ({ query, caller }) => desk.findings(findingsAsked(query, caller.scope)),
    finding: async ({ path, caller }) => {
      const found = await desk.finding(path.id!, caller.scope);
      if (found === null) throw notFound();
      return found;
    },
  } satisfies Readonly<Record<keyof typeof FINDING_ROUTES, Handler>>;
  return { prefix: "/v1/console/findings", routes: FINDING_ROUTES, handlers };
}

function findingsAsked(query: Asked["query"], scope: Scope): FindingsAsked {
  return {
    scope,
    patrol: oneOf(PATROL_IDS, query.patrol, "patrol"),
    severity: oneOf(SEVERITIES, query.severity, "severity"),
    subjectKind: query.subjectKind || null,
    institutionId: query.institution || null,
    after: query.after || null,
  };
}

function oneOf<One extends string>(list: readonly One[], text: string | undefined, name: string): One | null {
  if (text === undefined || text === "") return null;
  const found = list.find((one) => one === text);
  if (found !== undefined) return found;
  throw subjectsRefusal("QUERY_INVALID", `${name}: expected one of ${list.join(", ")}`);
}

function rangeOf(days: string | undefined, nowMs: number): Range {
  const chosen = days === undefined || days === "" ? DAYS_USUAL : Number(days);
  if (DAYS_CHOICES.some((choice) => choice === chosen))
    return { from: nowMs - chosen * DAY_MS, to: nowMs + DAY_MS };
  throw subjectsRefusal("QUERY_INVALID", `days: expected one of ${DAYS_CHOICES.join(", ")}`);
}

function notFound() {
  return casesRefusal("NOT_FOUND", "there is none of this name within your regions");
}
