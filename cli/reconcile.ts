/** `kadun reconcile`: are journal, outcomes and rows the same? Names what is missing. */

import { parseArgs } from "node:util";
import type { Reconciliation } from "../services/analytics/reconciliation.js";
import { reconciliationText } from "../services/analytics/reconciliation-text.js";
import { LocalClient, RUNNING_OPTIONS } from "./embedded/local-client.js";
import { ExitStatus } from "./exit-status.js";

export const RECONCILE_USAGE = `kadun reconcile [--data DIR | --url URL] [--json]

Compares the journal, the decisions log and the analysts' rows of a running Kadun by count and hash.
--data DIR   the data directory of an embedded Kadun (KADUN_DATA, else kadun-data)
--url URL    the address of an analytics process of a distributed one
--json       as one JSON object
Exit status: 0 equal, 1 something is missing or different, or failed, 64 usage.`;

export async function reconcileCommand(args: readonly string[]): Promise<ExitStatus> {
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
    console.log(RECONCILE_USAGE);
    return ExitStatus.DONE;
  }
  const client = LocalClient.analytics(values);
  try {
    const result = (await client.json({ method: "POST", path: "/v1/reconcile" })) as Reconciliation;
    console.log(values.json === true ? JSON.stringify(result) : reconciliationText(result));
    return result.isEqual ? ExitStatus.DONE : ExitStatus.FAILED;
  } finally {
    client.close();
  }
}
