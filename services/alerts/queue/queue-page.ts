/** A page of the queue, and how many a filter has. */

import { Kysely } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { AskedFilter } from "../../../schemas/console/queue-filter.js";
import { QUEUE_COUNT_MAX, type QueueAnswer, type QueueCount } from "../../../schemas/http/queue.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { AlertsTables } from "../tables.js";
import { candidatesOf, searchCandidates } from "./queue-candidates.js";
import { queueItems } from "./queue-items.js";
import { cursorOf, narrowedScope, type QueuePlace } from "./queue-places.js";
import { type QueueAsked, type QueueFound, scanQueue } from "./queue-scan.js";

/**
 * Rows of the queue that one page looks at: some 20 ms where each has a few alerts. Who filters for what is rare presses on, and
 * sees how far it is.
 */
export const PAGE_SCAN_MAX = 1_000;
/** A dozen counts stand on one page. */
export const COUNT_SCAN_MAX = 500;

export interface QueuePageAsked {
  readonly filter: AskedFilter;
  readonly scope: Scope;
  readonly after: QueuePlace | null;
  readonly limit: number;
  readonly nowMs: number;
}

/** @throws DatabaseError. */
export async function queuePage(
  { dialect }: Pick<OpenDatabase, "dialect">,
  { nowMs, ...asked }: QueuePageAsked,
): Promise<QueueAnswer> {
  const tables = new Kysely<AlertsTables>({ dialect });
  const { found, after, isCut } = await search(tables, { ...asked, scanMax: PAGE_SCAN_MAX });
  return {
    items: [
      ...(await queueItems(
        tables,
        found.map(({ caseId }) => caseId),
        nowMs,
      )),
    ],
    after: after && cursorOf(after),
    searchedTo: isCut && after !== null ? { severity: after.severity, at: formatInstant(after.atMs) } : null,
    now: formatInstant(nowMs),
  };
}

/** @throws DatabaseError. */
export async function queueCount(
  { dialect }: Pick<OpenDatabase, "dialect">,
  asked: Pick<QueuePageAsked, "filter" | "scope">,
): Promise<QueueCount> {
  const tables = new Kysely<AlertsTables>({ dialect });
  const { found, after } = await search(tables, {
    ...asked,
    after: null,
    limit: QUEUE_COUNT_MAX,
    scanMax: COUNT_SCAN_MAX,
  });
  return { count: found.length, isMore: after !== null };
}

async function search(tables: Kysely<AlertsTables>, asked: QueueAsked): Promise<QueueFound> {
  const narrowed = { ...asked, scope: narrowedScope(asked.scope, asked.filter.region) };
  const candidates = await candidatesOf(tables, asked.filter);
  return candidates === null ? scanQueue(tables, narrowed) : searchCandidates(tables, candidates, narrowed);
}
