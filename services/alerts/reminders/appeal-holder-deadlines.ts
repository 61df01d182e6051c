/** Deadlines of appeals that are the holders' own: a draft to be handed in, papers to be brought, a reconsideration to be asked for. */

import type { Kysely, Transaction } from "kysely";
import type { AppealState } from "../../../schemas/appeal.js";
import type { AppealDeadlinesFile } from "../../../schemas/appeal-deadlines.js";
import type { WorkingCalendar } from "../../../schemas/working-calendar.js";
import { type Deadline, runningDeadlines } from "../appeals/appeal-deadlines.js";
import { type StoredAppeal, storedAppeal } from "../appeals/appeal-store.js";
import { settledSwipes } from "../appeals/settled-swipes.js";
import { codesOf } from "../cases/case-code.js";
import type { AlertsTables } from "../tables.js";
import type { HolderDeadline } from "./reminder-plan.js";

export interface DeadlineRules {
  readonly policy: AppealDeadlinesFile;
  readonly calendar: WorkingCalendar;
}

const WAITING_FOR_HOLDER: readonly AppealState[] = ["draft", "returned-for-more", "decided"];
/** A lawsuit is long and a lawyer's matter: the decision names its date. */
const REMINDED: readonly Deadline["kind"][] = ["appeal", "supplement", "reconsideration"];
const PAGE = 200;

export async function holderDeadlines(
  tables: Kysely<AlertsTables>,
  rules: DeadlineRules,
): Promise<readonly HolderDeadline[]> {
  const deadlines: HolderDeadline[] = [];
  for (let after = ""; ; ) {
    const page = await tables
      .selectFrom("appeals")
      .select("appeal_id")
      .where("state", "in", WAITING_FOR_HOLDER)
      .where("appeal_id", ">", after)
      .orderBy("appeal_id")
      .limit(PAGE)
      .execute();
    const ids = page.map(({ appeal_id }) => appeal_id);
    deadlines.push(...(await tables.transaction().execute((trx) => deadlinesOf(trx, ids, rules))));
    if (page.length < PAGE) return deadlines;
    after = ids.at(-1)!;
  }
}

async function deadlinesOf(
  trx: Transaction<AlertsTables>,
  appealIds: readonly string[],
  rules: DeadlineRules,
): Promise<readonly HolderDeadline[]> {
  const deadlines: HolderDeadline[] = [];
  for (const appealId of appealIds) {
    const stored = await storedAppeal(trx, appealId);
    if (stored !== null) deadlines.push(...(await ofAppeal(trx, stored, rules)));
  }
  return deadlines;
}

async function ofAppeal(
  trx: Transaction<AlertsTables>,
  stored: StoredAppeal,
  rules: DeadlineRules,
): Promise<readonly HolderDeadline[]> {
  const { appealId, appeal, events } = stored;
  const earliestSwipeAt = appeal.state === "draft" ? await earliestClaimed(trx, stored) : null;
  const running = runningDeadlines(events, { ...rules, earliestSwipeAt }).filter(({ kind }) =>
    REMINDED.includes(kind),
  );
  if (running.length === 0) return [];
  const caseCode = (await codesOf(trx, [appeal.caseId])).get(appeal.caseId)!;
  return running.map(({ kind, dueMs }) => ({
    deadlineId: `${appealId} ${kind} ${dueMs}`,
    personKey: appeal.personKey,
    caseCode,
    dueAtMs: dueMs,
  }));
}

async function earliestClaimed(
  trx: Transaction<AlertsTables>,
  { appeal }: StoredAppeal,
): Promise<string | null> {
  const swipes = await settledSwipes(trx, appeal.personKey, appeal.swipes);
  const claimed = swipes.filter(({ decisionId }) => appeal.swipes.includes(decisionId));
  return claimed.map(({ occurredAt }) => occurredAt).sort()[0] ?? null;
}
