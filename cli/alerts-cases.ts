/** `kadun alerts cases`: what analysts have before them, the latest first. */

import { parseArgs } from "node:util";
import { NATION } from "../schemas/console/access.js";
import { type CaseSummary, casePageAnswer } from "../schemas/http/cases.js";
import { type CasePage, casePage } from "../services/alerts/cases/case-list.js";
import { openPostgres } from "./compose/distributed.js";
import { settingsFrom } from "./distributed/read-settings.js";
import { POSTGRES_SETTINGS } from "./distributed/settings.js";
import { LocalClient, RUNNING_OPTIONS } from "./embedded/local-client.js";
import { ExitStatus, UsageError } from "./exit-status.js";
import { Closers } from "./process/closers.js";

export const ALERTS_CASES_USAGE = `kadun alerts cases [--data DIR | --postgres] [--json]

Prints the cases, the latest first: id, what it is about, alerts that stand, money at risk, the strongest action.
--data DIR     of a running embedded Kadun: its data directory (KADUN_DATA, else kadun-data)
--postgres     of a distributed one: from the database of its alerts role (KADUN_POSTGRES_URL)
--json         one JSON object a line
Exit status: 0 done, 1 failed, 64 usage.`;

export async function alertsCases(args: readonly string[]): Promise<ExitStatus> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: RUNNING_OPTIONS.data,
      postgres: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(ALERTS_CASES_USAGE);
    return ExitStatus.DONE;
  }
  if (values.postgres === true && values.data !== undefined)
    throw new UsageError("--data and --postgres name two Kaduns; give one of them");
  const print = (summary: CaseSummary) =>
    console.log(values.json === true ? JSON.stringify(summary) : caseText(summary));
  await (values.postgres === true ? fromPostgres(print) : fromOffice(values.data, print));
  return ExitStatus.DONE;
}

function caseText(summary: CaseSummary): string {
  const { caseId, subjectKind, status, openedAt, standing, moneyAtRiskFen, strongestAction } = summary;
  const money = (moneyAtRiskFen / 100).toFixed(2);
  return `${caseId}  ${subjectKind}  ${status}  ${openedAt}  ${standing} alert(s)  ${money} yuan  ${strongestAction}`;
}

async function fromPostgres(print: (summary: CaseSummary) => void): Promise<void> {
  const closers = new Closers();
  try {
    const database = await openPostgres(settingsFrom(POSTGRES_SETTINGS, {}, process.env), closers);
    await eachCase((after) => casePage(database, { after, scope: NATION }), print);
  } finally {
    await closers.close();
  }
}

async function fromOffice(data: string | undefined, print: (summary: CaseSummary) => void): Promise<void> {
  const client = LocalClient.office({ data });
  try {
    await eachCase(async (after) => {
      const query = after === null ? "" : `?after=${encodeURIComponent(after)}`;
      return casePageAnswer.parse(await client.json({ method: "GET", path: `/v1/cases${query}` }));
    }, print);
  } finally {
    client.close();
  }
}

async function eachCase(
  pageAfter: (after: string | null) => Promise<CasePage>,
  print: (summary: CaseSummary) => void,
): Promise<void> {
  let after: string | null = null;
  do {
    const page: CasePage = await pageAfter(after);
    page.cases.forEach(print);
    after = page.after;
  } while (after !== null);
}
