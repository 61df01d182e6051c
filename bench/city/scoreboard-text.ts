/** The scoreboard as plain text: aligned columns, Chinese names counted as two columns a character. */
import { ACTIONS } from "../../schemas/fields.js";
import { ATTACK_GROUPS, ATTACKS, RINGS } from "./labels.js";
import type {
  AttackScore,
  CountByAction,
  FalseAlarms,
  PatrolScore,
  ScoreboardModel,
} from "./scoreboard-model.js";
import { type Interval, wilsonInterval } from "./wilson.js";

/** What the caller knows besides the model. */
export interface RunFacts {
  readonly seed?: number;
  /** Raw lines judged, of all types, and how long that took: lines per second. */
  readonly lines?: number;
  readonly seconds?: number;
  readonly refusedLines?: number;
}

type Row = readonly string[];

export function renderScoreboard(model: ScoreboardModel, facts: RunFacts = {}): string {
  return [
    `Seeded city 种子城市${facts.seed === undefined ? "" : ` (seed ${facts.seed})`}`,
    ...totals(model, facts),
    "",
    "Decisions by action 决定",
    ...table([[...ACTIONS], ACTIONS.map((action) => whole(model.byAction[action]))]),
    "",
    "Planted attacks 植入的攻击 (an incident counts once; inline: caught by a decision, not a revision)",
    ...table([ATTACK_HEADINGS, ...attackRows(model.attacks)]),
    "",
    `False alarms 误报 (per 10,000 of ${whole(model.falseAlarms.honestSwipes)} honest swipes, ` +
      `${whole(model.falseAlarms.victimSwipes)} by victims after their incident began)`,
    ...table([ALARM_HEADINGS, ...alarmRows(model.falseAlarms)]),
    `  challenged or rejected ${percent(model.falseAlarms.challengeRejectShare)} of honest swipes (bar 0.2 %), ` +
      `rejected ${percent(model.falseAlarms.rejectShare)} (bar 0.01 %)`,
    "",
    ...ringLines(model),
    "",
    `Found again and used unreleased 找回未解挂 (counted apart): ${whole(model.foundAgain.swipes)} swipes`,
    ...table([[...ACTIONS], ACTIONS.map((action) => whole(model.foundAgain.byAction[action]))]),
    "",
  ].join("\n");
}

function totals(model: ScoreboardModel, { lines, seconds, refusedLines }: RunFacts): string[] {
  const swipes =
    `${whole(model.swipes)} swipes: ${whole(model.historySwipes)} history, ` +
    `${whole(model.attackSwipes)} planted, ${whole(model.ringSwipes)} of rings`;
  const others = [
    `${whole(model.revisions)} revisions`,
    `${whole(model.transitions)} transitions`,
    `${whole(model.duplicates)} duplicates`,
    ...(refusedLines === undefined ? [] : [`${whole(refusedLines)} refused`]),
    ...(model.unlabelled === 0 ? [] : [`${whole(model.unlabelled)} WITHOUT A LABEL`]),
  ];
  const read = lines === undefined ? [] : [`${whole(lines)} lines${speedOf(lines, seconds)}`];
  return [...read, swipes, others.join(", ")];
}

function speedOf(lines: number, seconds: number | undefined): string {
  if (seconds === undefined || seconds <= 0) return "";
  return `, ${whole(Math.round(lines / seconds))} lines per second`;
}

const ATTACK_HEADINGS: Row = [
  "kind",
  "种类",
  "rule",
  "planted",
  "recall",
  "95 %",
  "inline",
  "strong",
  "other",
];

/** The kinds of a group below its name. */
function attackRows(attacks: readonly AttackScore[]): Row[] {
  const groups = Object.entries(ATTACK_GROUPS).map(([group, name]): [string, AttackScore[]] => [
    name,
    attacks.filter(({ kind }) => ATTACKS[kind].group === group),
  ]);
  const rows = groups.flatMap(([name, scores]) => [[`- ${name}`], ...scores.map(attackRow)]);
  return [...rows, totalRow(attacks.filter(({ kind }) => ATTACKS[kind].group !== "evasive"))];
}

/** All kinds with a bar; inline over those that a decision can catch. */
function totalRow(attacks: readonly AttackScore[]): Row {
  const sum = (of: readonly AttackScore[], value: (score: AttackScore) => number) =>
    of.reduce((total, score) => total + value(score), 0);
  const planted = sum(attacks, (score) => score.planted);
  const caught = sum(attacks, (score) => score.caught);
  const inline = attacks.filter(({ kind }) => ATTACKS[kind].isInline);
  const inlinePlanted = sum(inline, (score) => score.planted);
  const ofPlanted = (count: number, base: number) => share(base === 0 ? null : count / base);
  return [
    "total",
    "合计（不含规避型）",
    "",
    whole(planted),
    ofPlanted(caught, planted),
    intervalText(wilsonInterval(caught, planted)),
    ofPlanted(
      sum(inline, (score) => score.caughtInline),
      inlinePlanted,
    ),
    whole(sum(attacks, (score) => score.caughtStrong)),
    whole(sum(attacks, (score) => score.missedOtherRule)),
  ];
}

function attackRow(score: AttackScore): Row {
  const { chinese, group, expected } = ATTACKS[score.kind];
  const rules = group === "evasive" ? "-" : expected.map(({ rule }) => rule).join(" ");
  const { planted, recall, recallInterval, inlineRecall, caughtStrong, missedOtherRule } = score;
  return [
    score.kind,
    chinese,
    rules,
    whole(planted),
    share(recall),
    intervalText(recallInterval),
    share(inlineRecall),
    whole(caughtStrong),
    whole(missedOtherRule),
  ];
}

function share(value: number | null): string {
  return value === null ? "-" : value.toFixed(2);
}

export function intervalText(interval: Interval | null): string {
  return interval === null ? "-" : `${interval[0].toFixed(2)}-${interval[1].toFixed(2)}`;
}

export function percent(value: number): string {
  return `${(value * 100).toFixed(3)} %`;
}

const ALARM_HEADINGS: Row = ["rule", "per 10,000", "swipes", "of victims", "strong", "alone", "strongest"];

function alarmRows(alarms: FalseAlarms): Row[] {
  const rows = alarms.byRule.map(({ rule, per10k, alarms: swipes, ofVictims, ...strong }) => [
    rule,
    per10k.toFixed(1),
    whole(swipes),
    whole(ofVictims),
    whole(strong.strong),
    whole(strong.strongAlone),
    strong.strongest,
  ]);
  const { per10k, alarms: swipes, ofVictims } = alarms.any;
  const any = ["any", per10k.toFixed(1), whole(swipes), whole(ofVictims), "", "", ""];
  return [...rows, any, ...actionRows(alarms.byAction, alarms.byActionPer10k)];
}

function actionRows(counts: CountByAction, per10k: CountByAction): Row[] {
  const alarming = ACTIONS.filter((action) => action !== "approve");
  return alarming.map((action) => [`= ${action}`, per10k[action].toFixed(1), whole(counts[action])]);
}

function ringLines({ rings, patrols }: ScoreboardModel): string[] {
  const patrolled = rings.some(({ found }) => found !== null);
  return [
    `Planted rings 植入的团伙 (${patrolled ? "found by a patrol" : "patrols do not run in replay: not looked for"})`,
    ...table([
      RING_HEADINGS,
      ...rings.map(({ kind, planted, found, inlineAlarms }) => [
        kind,
        RINGS[kind].chinese,
        RINGS[kind].patrol,
        whole(planted),
        found === null ? "-" : whole(found),
        whole(inlineAlarms),
      ]),
    ]),
    ...(patrols.length === 0 ? [] : [`  findings (of no ring): ${patrols.map(patrolText).join(", ")}`]),
  ];
}

function patrolText({ patrol, findings, ofNoRing }: PatrolScore): string {
  return `${patrol} ${whole(findings)} (${whole(ofNoRing)})`;
}

const RING_HEADINGS: Row = ["kind", "种类", "patrol", "planted", "found", "inline alarms"];

/** Text columns to the left, number columns to the right; the last rows may leave a cell empty. */
function table(rows: readonly Row[]): string[] {
  const columns = rows[0]?.length ?? 0;
  // A row of one cell is a heading across the columns.
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.filter((row) => row.length > 1).map((row) => widthOf(row[column] ?? ""))),
  );
  const numeric = widths.map((_, column) =>
    rows.slice(1).every((row) => isNumber(row[column] ?? "", row.length)),
  );
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const padding = " ".repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell)));
      return numeric[column] ? padding + cell : cell + padding;
    });
    return `  ${cells.join("  ")}`.trimEnd();
  });
}

function isNumber(cell: string, cells: number): boolean {
  return cells === 1 || /^(-|[\d,.]*(-[\d.]+)?)$/.test(cell);
}

/** Columns on a terminal: CJK characters and full-width forms take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]/.test(character) ? 2 : 1;
  return width;
}

function whole(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
