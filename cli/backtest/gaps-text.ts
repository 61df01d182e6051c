/** A gap report for people at a terminal. */

import type { Gap, GapsResult } from "../../schemas/backtest.js";
import { textTable, yuan } from "./text-table.js";

export function gapsText({ source, from, to, notes, rows, total, ...result }: GapsResult): string {
  const window =
    from === null && to === null ? "" : `, from ${from ?? "the beginning"} to ${to ?? "the end"}`;
  const head = [
    `Settles on cards reported lost, ${source}${window}: ${result.settlesAfterReport} of ${result.records} records`,
    "delay: stopped if reports took effect at once; lapse: stopped if reports never lapsed",
    "let through: answered approve or review; challenged: only challenged, where it would have been rejected",
    ...notes.map((note) => `Note: ${note}`),
  ];
  const lines = rows.map(({ city, cityName, channel, policyId, delay, lapse }) => [
    cityName === null ? city : `${city} ${cityName}`,
    channel,
    policyId ?? "none",
    ...cellsOf(delay),
    ...cellsOf(lapse),
  ]);
  const foot = ["all", "", "", ...cellsOf(total.delay), ...cellsOf(total.lapse)];
  const table =
    rows.length === 0
      ? "No settle was let through or only challenged because of a delay or a lapse."
      : textTable(["city", "channel", "policy", ...columns("delay"), ...columns("lapse")], [...lines, foot]);
  const refused = result.refusedLines > 0 ? `\n${result.refusedLines} lines were refused` : "";
  return `${head.join("\n")}\n\n${table}\n\n${result.seconds} s, ${result.workers} processes${refused}`;
}

function columns(kind: string): string[] {
  return [`${kind}: let through`, "yuan", "challenged", "yuan"];
}

function cellsOf({ letThrough, letThroughFen, challenged, challengedFen }: Gap): (string | number)[] {
  return [letThrough, yuan(letThroughFen), challenged, yuan(challengedFen)];
}
