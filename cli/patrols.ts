/** `kadun patrols list|run|findings`: what the patrols are, a round now, what they found. */

import { parseArgs } from "node:util";
import type { FindingPage } from "../services/alerts/patrol/findings-page.js";
import type { RunReport } from "../services/alerts/patrol/patrol-round.js";
import { PATROLS } from "../services/alerts/patrol/registry.js";
import { LocalClient, RUNNING_OPTIONS } from "./embedded/local-client.js";
import { ExitStatus, UsageError } from "./exit-status.js";
import { loadPatrols } from "./process/patrols-process.js";

export const PATROLS_USAGE = `kadun patrols list [--patrols FILE] [--json]
kadun patrols run [--data DIR | --url URL] [--json]
kadun patrols findings [--data DIR] [--json]

list      the patrols with their numbers: those shipped, changed by a file as an installation has it
run       one round now, of a running Kadun; says of each patrol what it did
findings  the latest findings of a running embedded Kadun: subject, window, what was counted
--data DIR      the data directory of an embedded Kadun (KADUN_DATA, else kadun-data)
--url URL       the address of an alerts process of a distributed one
--patrols FILE  such as {"patrols": {"R11": {"parameters": {"cardsMin": 4}}}} (docs/patrols.md)
--json          one JSON object a line
Exit status: 0 done, 1 a patrol or the command failed, 64 usage.`;

interface Given {
  readonly data: string | undefined;
  readonly url: string | undefined;
  readonly patrols: string | undefined;
  readonly json: boolean;
}

export async function patrols(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: RUNNING_OPTIONS.data,
      url: RUNNING_OPTIONS.url,
      patrols: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(PATROLS_USAGE);
    return ExitStatus.DONE;
  }
  const given = { data: values.data, url: values.url, patrols: values.patrols, json: values.json === true };
  switch (positionals.join(" ")) {
    case "list":
      return list(given);
    case "run":
      return run(given);
    case "findings":
      return findings(given);
    default:
      throw new UsageError(`expected 'patrols list', 'run' or 'findings'\n\n${PATROLS_USAGE}`);
  }
}

function list({ patrols: file, json }: Given): ExitStatus {
  const settings = loadPatrols(file ?? "");
  for (const { id, name, window, subjectKinds, sees, basis, next } of PATROLS) {
    const own = settings.patrols[id];
    if (json) {
      console.log(JSON.stringify({ id, name, ...own, window, subjectKinds, sees, basis, next }));
      continue;
    }
    console.log(`${id.padEnd(5)} ${name.padEnd(20)} ${own.mode.padEnd(5)} ${own.severity}`);
    for (const [parameter, value] of Object.entries(own.parameters))
      console.log(`       ${parameter} ${JSON.stringify(value)}`);
  }
  return ExitStatus.DONE;
}

async function run({ data, url, json }: Given): Promise<ExitStatus> {
  const client = LocalClient.analytics({ data, url });
  try {
    const reports = (await client.json({ method: "POST", path: "/v1/patrols/run" })) as RunReport[];
    for (const report of reports) console.log(json ? JSON.stringify(report) : runText(report));
    return reports.some(({ result }) => result === "failed") ? ExitStatus.FAILED : ExitStatus.DONE;
  } finally {
    client.close();
  }
}

function runText({ patrol, result, seconds, ...report }: RunReport): string {
  const { findingsNew, findingsAgain, behindRecords, problem } = report;
  const found = `${findingsNew} new, ${findingsAgain} again, ${behindRecords} records behind`;
  return `${patrol.padEnd(5)} ${result.padEnd(6)} ${seconds.toFixed(2)} s  ${problem ?? found}`;
}

async function findings({ data, json }: Given): Promise<ExitStatus> {
  const client = LocalClient.office({ data });
  try {
    const page = (await client.json({ method: "GET", path: "/v1/patrols/findings" })) as FindingPage;
    for (const finding of page)
      console.log(
        json
          ? JSON.stringify(finding)
          : `${finding.patrol} ${finding.subjectKind} ${finding.subject} ${finding.window}: ${finding.text["zh-CN"]}`,
      );
    return ExitStatus.DONE;
  } finally {
    client.close();
  }
}
