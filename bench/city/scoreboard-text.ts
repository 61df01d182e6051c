/** The scoreboard as plain text: aligned columns, Chinese names counted as two columns a character. */
import { ACTIONS } from "../../schemas/fields.js";
import { ATTACKS } from "./labels.js";
import type { AttackScore, CountByAction, FalseAlarms, ScoreboardModel } from "./scoreboard-model.js";

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
    "Planted attacks 植入的攻击 (an incident counts once)",
    ...table([ATTACK_HEADINGS, ...model.attacks.map(attackRow), attackTotal(model.attacks)]),
    "",
    `False alarms 误报 (per 10,000 of ${whole(model.falseAlarms.honestSwipes)} honest swipes, ` +
      `${whole(model.falseAlarms.victimSwipes)} of them by victims after their incident began)`,
    ...table([ALARM_HEADINGS, ...alarmRows(model.falseAlarms)]),
    "",
    `Found again and used unreleased 找回未解挂 (counted apart): ${whole(model.foundAgain.swipes)} swipes`,
    ...table([[...ACTIONS], ACTIONS.map((action) => whole(model.foundAgain.byAction[action]))]),
    "",
  ].join("\n");
}

function totals(model: ScoreboardModel, { lines, seconds, refusedLines }: RunFacts): string[] {
  const parts = [
    ...(lines === undefined ? [] : [`${whole(lines)} lines`]),
    `${whole(model.swipes)} swipes (${whole(model.attackSwipes)} planted)`,
    `${whole(model.revisions)} revisions`,
    `${whole(model.transitions)} transitions`,
    `${whole(model.duplicates)} duplicates`,
    ...(refusedLines === undefined ? [] : [`${whole(refusedLines)} refused`]),
    ...(model.unlabelled === 0 ? [] : [`${whole(model.unlabelled)} WITHOUT A LABEL`]),
  ];
  if (lines === undefined || seconds === undefined || seconds <= 0) return [parts.join(", ")];
  return [parts.join(", "), `${whole(Math.round(lines / seconds))} lines per second`];
}

const ATTACK_HEADINGS: Row = [
  "kind",
  "种类",
  "expected",
  "planted",
  "caught",
  "strong",
  "missed",
  "other rule",
];

function attackRow(score: AttackScore): Row {
  const { chinese, expected } = ATTACKS[score.kind];
  const reasons = expected.map(({ rule, code }) => (code === undefined ? rule : `${rule} ${code}`));
  return [score.kind, chinese, reasons.join(" "), ...attackNumbers(score)];
}

function attackTotal(attacks: readonly AttackScore[]): Row {
  const sum = (value: (score: AttackScore) => number) =>
    attacks.reduce((total, score) => total + value(score), 0);
  const total = {
    planted: sum((score) => score.planted),
    caught: sum((score) => score.caught),
    caughtStrong: sum((score) => score.caughtStrong),
    missed: sum((score) => score.missed),
    missedOtherRule: sum((score) => score.missedOtherRule),
  };
  return ["total", "合计", "", ...attackNumbers(total)];
}

function attackNumbers(score: Omit<AttackScore, "kind">): Row {
  const { planted, caught, caughtStrong, missed, missedOtherRule } = score;
  return [planted, caught, caughtStrong, missed, missedOtherRule].map(whole);
}

const ALARM_HEADINGS: Row = ["rule", "per 10,000", "swipes", "of victims"];

function alarmRows(alarms: FalseAlarms): Row[] {
  const rows = [...alarms.byRule, alarms.any].map(({ rule, per10k, alarms: swipes, ofVictims }) => {
    return [rule, per10k.toFixed(1), whole(swipes), whole(ofVictims)];
  });
  return [...rows, ...actionRows(alarms.byAction, alarms.byActionPer10k)];
}

function actionRows(counts: CountByAction, per10k: CountByAction): Row[] {
  const alarming = ACTIONS.filter((action) => action !== "approve");
  return alarming.map((action) => [`= ${action}`, per10k[action].toFixed(1), whole(counts[action]), ""]);
}

/** Text columns to the left, number columns to the right; the last rows may leave a cell empty. */
function table(rows: readonly Row[]): string[] {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ""))),
  );
  const numeric = widths.map((_, column) => rows.slice(1).every((row) => isNumber(row[column] ?? "")));
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const padding = " ".repeat((widths[column] ?? 0) - widthOf(cell));
      return numeric[column] ? padding + cell : cell + padding;
    });
    return `  ${cells.join("  ")}`.trimEnd();
  });
}

function isNumber(cell: string): boolean {
  return /^[\d,.]*$/.test(cell);
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
