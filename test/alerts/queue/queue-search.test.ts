/** Pages of the queue, followed to their end, against the same cases filtered and sorted in memory. */

import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { CaseState } from "../../../schemas/case-transitions.js";
import type { Scope } from "../../../schemas/console/access.js";
import {
  type AskedFilter,
  OPEN_STATES,
  type QueueQuery,
  readQueueFilter,
} from "../../../schemas/console/queue-filter.js";
import { ACTIONS, SEVERITIES } from "../../../schemas/fields.js";
import { queueCount, queuePage } from "../../../services/alerts/queue/queue-page.js";
import {
  comparePlaces,
  cursorOf,
  narrowedScope,
  placeOfCursor,
  type QueuePlace,
} from "../../../services/alerts/queue/queue-places.js";
import { scanQueue } from "../../../services/alerts/queue/queue-scan.js";
import { type Random, seededRandom } from "../../oracle/scenario-random.js";
import { AlertsDesk } from "../alerts-desk.js";
import { generateQueue } from "./generated-queue.js";

const CASES = 900;
const SEED = 11;
const ROUNDS = 40;
const LOOKS_MAX = 2_000;

interface Known extends QueuePlace {
  readonly region: string;
  readonly action: string;
  readonly moneyFen: number;
  readonly openedAtMs: number;
  readonly state: CaseState;
  readonly assignee: string | null;
  readonly rules: readonly string[];
  readonly institution: string | null;
  readonly cardTail: string | null;
  readonly isDisputed: boolean;
}

let desk: AlertsDesk;
let known: readonly Known[];
beforeAll(async () => {
  desk = await AlertsDesk.open();
  await generateQueue(desk.tables, { from: 1, cases: CASES });
  known = await everything();
}, 60_000);
afterAll(() => desk.close());

async function everything(): Promise<readonly Known[]> {
  const rows = await desk.tables
    .selectFrom("cases")
    .innerJoin("alerts", "alerts.case_id", "cases.case_id")
    .leftJoin("case_work", "case_work.case_id", "cases.case_id")
    .select([
      "cases.case_id",
      "region",
      "strongest_action",
      "highest_severity",
      "money_at_risk_fen",
      "opened_at",
    ])
    .select([
      "last_alert_at",
      "case_work.state",
      "assignee",
      "rules",
      "institution_id",
      "card_tail",
      "disputed",
    ])
    .execute();
  return rows.map((row) => ({
    caseId: row.case_id,
    severity: row.highest_severity,
    atMs: row.last_alert_at!.getTime(),
    region: row.region,
    action: row.strongest_action,
    moneyFen: row.money_at_risk_fen,
    openedAtMs: row.opened_at.getTime(),
    state: row.state ?? "new",
    assignee: row.assignee,
    rules: row.rules,
    institution: row.institution_id,
    cardTail: row.card_tail,
    isDisputed: row.disputed,
  }));
}

function fits(one: Known, filter: AskedFilter, scope: Scope): boolean {
  const { assignee, text } = filter;
  return (
    scope.some((prefix) => one.region.startsWith(prefix)) &&
    (filter.region === null || one.region.startsWith(filter.region)) &&
    filter.severities.includes(one.severity) &&
    filter.states.includes(one.state) &&
    (filter.actions.length === 0 || filter.actions.some((action) => action === one.action)) &&
    (filter.rules.length === 0 || filter.rules.some((rule) => one.rules.includes(rule))) &&
    (filter.institution === null || filter.institution === one.institution) &&
    one.moneyFen >= filter.moneyFenMin &&
    (!filter.isDisputed || one.isDisputed) &&
    (filter.openedSinceMs === null || one.openedAtMs >= filter.openedSinceMs) &&
    (text?.kind !== "card-tail" || text.cardTail === one.cardTail) &&
    (assignee.kind === "anybody" || one.assignee === (assignee.kind === "person" ? assignee.name : null))
  );
}

function expectedOf(filter: AskedFilter, scope: Scope): readonly string[] {
  const fitting = known.filter((one) => fits(one, filter, scope));
  return [...fitting].sort((a, b) => comparePlaces(filter.sort, a, b)).map(({ caseId }) => caseId);
}

function filterOf(query: QueueQuery): AskedFilter {
  const read = readQueueFilter(query);
  if (read.kind === "invalid") throw new Error(read.detail);
  const { assignee, ...filter } = read.filter;
  return {
    ...filter,
    assignee: assignee.kind === "person" ? { kind: "person", name: assignee.name! } : assignee,
  };
}

function randomQuery(random: Random): QueueQuery {
  const some = <One>(values: readonly One[]) => values[random.integer(0, values.length - 1)]!;
  const or = (value: () => string) => (random.integer(0, 3) === 0 ? value() : undefined);
  return {
    sort: some(["priority", "latest"]),
    severity: or(() => `${some(SEVERITIES)},${some(SEVERITIES)}`),
    action: or(() => some(ACTIONS.slice(1))),
    rule: or(() => `R0${random.integer(1, 9)},R1${random.integer(0, 9)}`),
    region: or(() => some(["33", "3301", "330100", "11", "3405"])),
    state: or(() => some(["new", "triage", "closed", "new,triage", "triage,closed"])),
    assignee: or(() => some(["none", "lin", "wang"])),
    moneyMin: or(() => String(random.integer(0, 400_000))),
    disputed: or(() => "1"),
    since: or(() => "2026-03-01"),
    text: random.integer(0, 15) === 0 ? String(random.integer(1, CASES)).padStart(4, "0") : undefined,
    institution: random.integer(0, 15) === 0 ? `P${random.integer(1, CASES)}` : undefined,
  };
}

async function followed(filter: AskedFilter, scope: Scope, limit: number): Promise<readonly string[]> {
  const found: string[] = [];
  let after: QueuePlace | null = null;
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    const page = await queuePage(desk.database, { filter, scope, after, limit, nowMs: 0 });
    found.push(...page.items.map(({ caseId }) => caseId));
    if (page.after === null) return found;
    after = placeOfCursor(page.after);
  }
  throw new Error("pages without an end");
}

it(`pages give what fits, each once, in order (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  const scopes: readonly Scope[] = [[""], ["33"], ["3301", "34"], ["330100"], ["11", "1101"], []];
  let cases = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const query = randomQuery(random);
    const scope = scopes[random.integer(0, scopes.length - 1)]!;
    const expected = expectedOf(filterOf(query), scope);
    const found = await followed(filterOf(query), scope, random.integer(20, 100));
    expect({ query, scope, found }).toEqual({ query, scope, found: expected });
    cases += expected.length;
  }
  expect(cases).toBeGreaterThan(500);
}, 60_000);

it("a search that ends at its bound goes on from there and leaves nothing out", async () => {
  const filter = filterOf({ rule: "R05", moneyMin: "100000" });
  const scope = [""];
  const found: string[] = [];
  let [after, cuts]: [QueuePlace | null, number] = [null, 0];
  do {
    const part = await scanQueue(desk.tables, { filter, scope, after, limit: 5, scanMax: 60 });
    found.push(...part.found.map(({ caseId }) => caseId));
    if (part.isCut) cuts++;
    after = part.after;
  } while (after !== null);
  expect(found).toEqual(expectedOf(filter, scope));
  expect(cuts).toBeGreaterThan(3);
}, 60_000);

it("counts go to 99, and say where there are or may be more", async () => {
  const count = (query: QueueQuery) => queueCount(desk.database, { filter: filterOf(query), scope: [""] });
  expect(await count({})).toEqual({ count: 99, isMore: true });
  const lins = expectedOf(filterOf({ assignee: "lin" }), [""]).length;
  expect(await count({ assignee: "lin" })).toEqual({ count: lins, isMore: false });
  expect(lins).toBeGreaterThan(0);
  expect(await count({ institution: "none-such" })).toEqual({ count: 0, isMore: false });
});

it("what of a scope lies in a region is what is searched", () => {
  expect(narrowedScope([""], "33")).toEqual(["33"]);
  expect(narrowedScope(["3301", "3302", "11"], "33")).toEqual(["3301", "3302"]);
  expect(narrowedScope(["33"], "330106")).toEqual(["330106"]);
  expect(narrowedScope(["3301"], "34")).toEqual([]);
  expect(narrowedScope(["33", "3301", "33"], null)).toEqual(["33"]);
});

it("a cursor is a place and nothing else", () => {
  const place = { severity: "high", atMs: 1_772_323_200_000, caseId: "terminal-0123456789abcdef-1" } as const;
  expect(placeOfCursor(cursorOf(place))).toEqual(place);
  for (const other of ["", "high", "worst.1.a-1", "high.1.a'b", "high.1e9.a", "high.9999999999999.a-1"])
    expect(placeOfCursor(other)).toBeNull();
});

it("the state of open cases is everything but closed", () => {
  expect(filterOf({}).states).toEqual(OPEN_STATES);
  expect(OPEN_STATES).not.toContain("closed");
});
