/** The audit log of a running Kadun, page by page. */

import {
  type AuditPage,
  auditCheckpointsAnswer,
  auditPageAnswer,
  type SignedCheckpoint,
} from "../../schemas/http/cases.js";
import type { ConsoleClient } from "../embedded/console-client.js";

export async function eachLine(
  client: ConsoleClient,
  afterSeq: number,
  take: (line: string) => void,
): Promise<void> {
  for (let after: number | null = afterSeq; after !== null; ) {
    const page: AuditPage = await client.get(`/v1/audit?after=${after}`, auditPageAnswer);
    page.lines.forEach(take);
    after = page.after;
  }
}

export async function allCheckpoints(client: ConsoleClient): Promise<readonly SignedCheckpoint[]> {
  const all: SignedCheckpoint[] = [];
  for (;;) {
    const path = `/v1/audit/checkpoints?after=${all.at(-1)?.seq ?? 0}`;
    const { checkpoints } = await client.get(path, auditCheckpointsAnswer);
    if (checkpoints.length === 0) return all;
    all.push(...checkpoints);
  }
}
