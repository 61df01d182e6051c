/** `kadun rules precision`: what people said of what the rules found. */

import { parseArgs } from "node:util";
import { precisionReport, type RulePrecision } from "../../schemas/precision.js";
import { percent, textTable, yuan } from "../backtest/text-table.js";
import { LocalClient, RUNNING_OPTIONS } from "../embedded/local-client.js";
import { ExitStatus } from "../exit-status.js";

const USAGE = `kadun rules precision [--data DIR | --url URL] [--json]

Of each rule and region of insurance: whom it found, what feedback said of them (confirmed, honest), the precision that
follows, how much of what was stopped concerned people who were found honest, their money, and challenges for each 1000 yuan
of confirmed fraud that were stopped (docs/operations.md, "Feedback").
--data DIR   the data directory of an embedded Kadun (KADUN_DATA, else kadun-data)
--url URL    the address of an analytics process of a distributed one
--json       one JSON object
Exit status: 0 done, 1 failed, 64 usage.`;

const FEN_PER_1000_YUAN = 100_000;

export async function precision(args: readonly string[]): Promise<ExitStatus> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: RUNNING_OPTIONS.data,
      url: RUNNING_OPTIONS.url,
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(USAGE);
    return ExitStatus.DONE;
  }
  const client = LocalClient.analytics(values);
  try {
    const report = precisionReport.parse(await client.json({ method: "GET", path: "/v1/precision" }));
    console.log(values.json === true ? JSON.stringify(report) : precisionText(report.rules));
    return ExitStatus.DONE;
  } finally {
    client.close();
  }
}

function precisionText(rules: readonly RulePrecision[]): string {
  if (rules.length === 0) return "no live rule has found anything yet";
  const head = [
    ...["rule", "region", "findings", "people", "confirmed", "honest", "precision"],
    ...[
      "challenged",
      "rejected",
      "honest stopped",
      "false blocks",
      "honest yuan",
      "prevented yuan",
      "challenges/1000",
    ],
  ];
  const rows = rules.map((each) => [
    ...[each.rule, each.region || "–", each.findings, each.people, each.peopleConfirmed, each.peopleHonest],
    shown(each.precision, percent),
    ...[each.challenged, each.rejected, each.stoppedHonest, shown(each.falseBlockRate, percent)],
    ...[yuan(each.honestStoppedFen), yuan(each.preventedFen)],
    shown(each.challengesPerPreventedFen, (perFen) => (perFen * FEN_PER_1000_YUAN).toFixed(1)),
  ]);
  return textTable(head, rows);
}

function shown(value: number | null, text: (value: number) => string): string {
  return value === null ? "–" : text(value);
}
