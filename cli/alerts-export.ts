/** `kadun alerts export`: the standing alerts of a Kadun, for other systems. */

import { parseArgs } from "node:util";
import * as z from "zod";
import { auditResult } from "../schemas/national/audit-result.js";
import { type AuditPage, auditPage } from "../services/alerts/audit-export.js";
import { openPostgres } from "./compose/distributed.js";
import { settingsFrom } from "./distributed/read-settings.js";
import { POSTGRES_SETTINGS } from "./distributed/settings.js";
import { LocalClient, RUNNING_OPTIONS } from "./embedded/local-client.js";
import { ExitStatus, UsageError } from "./exit-status.js";
import { Closers } from "./process/closers.js";

export const ALERTS_EXPORT_USAGE = `kadun alerts export --shape 3101 [--data DIR | --postgres]

Prints the standing alerts as audit results of the national platform, one JSON object a line, one for each rule of an
alert (docs/national-messages.md). Persons are tokens; nothing else about them is in it.
--shape 3101   the shape; there is no other yet
--data DIR     of a running embedded Kadun: its data directory (KADUN_DATA, else kadun-data)
--postgres     of a distributed one: from the database of its alerts role (KADUN_POSTGRES_URL)
Exit status: 0 done, 1 failed, 64 usage.`;

export async function alertsExport(args: readonly string[]): Promise<ExitStatus> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: RUNNING_OPTIONS.data,
      postgres: { type: "boolean" },
      shape: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(ALERTS_EXPORT_USAGE);
    return ExitStatus.DONE;
  }
  if (values.shape !== "3101")
    throw new UsageError(`--shape ${values.shape ?? "(none)"}: expected 3101\n\n${ALERTS_EXPORT_USAGE}`);
  if (values.postgres === true && values.data !== undefined)
    throw new UsageError("--data and --postgres name two Kaduns; give one of them");
  await (values.postgres === true ? fromPostgres() : fromOffice(values.data));
  return ExitStatus.DONE;
}

async function fromPostgres(): Promise<void> {
  const closers = new Closers();
  try {
    const database = await openPostgres(settingsFrom(POSTGRES_SETTINGS, {}, process.env), closers);
    await printPages((after) => auditPage(database, after));
  } finally {
    await closers.close();
  }
}

const pageShape = z.object({ results: z.array(auditResult), after: z.string().nullable() });

async function fromOffice(data: string | undefined): Promise<void> {
  const client = LocalClient.office({ data });
  try {
    await printPages(async (after) => {
      const query = after === null ? "" : `?after=${encodeURIComponent(after)}`;
      return pageShape.parse(await client.json({ method: "GET", path: `/v1/alerts/3101${query}` }));
    });
  } finally {
    client.close();
  }
}

async function printPages(pageAfter: (after: string | null) => Promise<AuditPage>): Promise<void> {
  let after: string | null = null;
  do {
    const page: AuditPage = await pageAfter(after);
    for (const result of page.results) console.log(JSON.stringify(result));
    after = page.after;
  } while (after !== null);
}
