/** A backtest for people at a terminal. */

import type { BacktestResult } from "../../schemas/backtest.js";
import { ACTIONS } from "../../schemas/fields.js";
import { percent, textTable, yuan } from "./text-table.js";

const HASH_SHOWN = 12;

export function backtestText(result: BacktestResult): string {
  return [
    headText(result),
    transitionsText(result),
    sharesText(result),
    rulesText(result),
    peopleText(result),
    examplesText(result),
    footText(result),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

function headText({
  source,
  from,
  to,
  baselineBundleHash,
  draftBundleHash,
  notes,
  ...result
}: BacktestResult): string {
  const baseline =
    baselineBundleHash === null ? "the bundles as activated" : `bundle ${short(baselineBundleHash)}`;
  const window =
    from === null && to === null ? "" : `, counted from ${from ?? "the beginning"} to ${to ?? "the end"}`;
  return [
    `Draft ${short(draftBundleHash)} against ${baseline}, ${source}${window}`,
    `${result.swipes} swipes of ${result.persons} persons; ${result.stronger} answered more strictly (${result.peopleStronger} persons), ${result.weaker} less (${result.peopleWeaker} persons)`,
    ...notes.map((note) => `Note: ${note}`),
  ].join("\n");
}

function transitionsText({ transitions, swipes }: BacktestResult): string {
  if (swipes === 0) return "No swipe lies in this stretch.";
  const rows = ACTIONS.map((from) => [from, ...ACTIONS.map((to) => transitions[from][to].swipes)]);
  return textTable(["baseline \\ draft", ...ACTIONS], rows);
}

function sharesText({ shares, days }: BacktestResult): string {
  const row = (name: string, swipes: number | string, each: BacktestResult["shares"]) => [
    name,
    swipes,
    percent(each.baseline.challengeShare),
    percent(each.draft.challengeShare),
    percent(each.baseline.rejectShare),
    percent(each.draft.rejectShare),
  ];
  const total = days.reduce((sum, { swipes }) => sum + swipes, 0);
  return textTable(
    ["day", "swipes", "challenged", "draft", "rejected", "draft"],
    [...days.map((day) => row(day.day, day.swipes, day)), row("all", total, shares)],
  );
}

function rulesText({ rules }: BacktestResult): string {
  const rows = Object.entries(rules).map(([rule, each]) => [
    rule,
    each.baselineHits,
    each.draftHits,
    each.newHit,
    each.stronger,
    each.weaker,
    each.noHit,
    yuan(each.gainedFen),
    yuan(each.lostFen),
    each.shadowHits,
  ]);
  if (rows.length === 0) return "";
  return textTable(
    ["rule", "hits", "draft", "new", "stronger", "weaker", "gone", "gained yuan", "lost yuan", "in shadow"],
    rows,
  );
}

function peopleText({ rules }: BacktestResult): string {
  const lines = Object.entries(rules).flatMap(([rule, { cleared, confirmed }]) => [
    ...(cleared.gained > 0
      ? [`${rule} stops people who were cleared: ${cleared.gained} swipes of ${cleared.peopleGained} more`]
      : []),
    ...(cleared.lost > 0
      ? [`${rule} leaves people alone who were cleared: ${cleared.lost} swipes of ${cleared.peopleLost}`]
      : []),
    ...(confirmed.lost > 0
      ? [`${rule} misses people who were confirmed: ${confirmed.lost} swipes of ${confirmed.peopleLost}`]
      : []),
    ...(confirmed.gained > 0
      ? [
          `${rule} finds people who were confirmed: ${confirmed.gained} swipes of ${confirmed.peopleGained} more`,
        ]
      : []),
  ]);
  return lines.join("\n");
}

function examplesText({ rules }: BacktestResult): string {
  const rows = Object.entries(rules).flatMap(([rule, { examples }]) =>
    examples.map((each) => [
      rule,
      each.decisionId,
      each.occurredAt,
      `${each.from ?? "no hit"} → ${each.to ?? "no hit"}`,
      `${each.baselineAction} → ${each.draftAction}`,
      yuan(each.atRiskFen),
    ]),
  );
  return rows.length === 0 ? "" : textTable(["rule", "decision", "at", "rule asks", "answer", "yuan"], rows);
}

function footText({
  money,
  revisions,
  bodies,
  borrowedStates,
  refusedLines,
  ...result
}: BacktestResult): string {
  return [
    `Money in alerts: ${yuan(money.alertedFen.baseline)} yuan, draft ${yuan(money.alertedFen.draft)}; gained ${yuan(money.gainedFen)}, lost ${yuan(money.lostFen)}`,
    `Revisions: ${revisions.baseline}, draft ${revisions.draft}`,
    ...(result.onlyBaseline + result.onlyDraft > 0
      ? [
          `Taken for repeats by one side only: ${result.onlyDraft} by the baseline, ${result.onlyBaseline} by the draft`,
        ]
      : []),
    ...(borrowedStates > 0
      ? [`${borrowedStates} persons moved with the state of the live judge, for want of the draft's`]
      : []),
    ...(refusedLines > 0 ? [`${refusedLines} lines were refused`] : []),
    `${bodies.count} outcomes of the draft, sum ${bodies.sum}`,
    `${result.seconds} s, ${result.workers} processes, ${result.swipesPerSecond} swipes a second, each judged by both`,
  ].join("\n");
}

function short(hash: string): string {
  return hash.slice(0, HASH_SHOWN);
}
