/** Deadlines of appeals that are the holders' own and still open: what reminders are made of. */

import type { Kysely } from "kysely";
import type { Clock } from "../../../platform/clock/clock.js";
import type { AppealState } from "../../../schemas/appeal.js";
import { codesOf } from "../cases/case-code.js";
import type { AlertsTables } from "../tables.js";
import { type Deadline, type DeadlineTerms, isMissed, runningDeadlines } from "./appeal-deadlines.js";
import { eventsByAppeal } from "./appeal-store.js";

export interface OpenHolderDeadline {
  /** Of this one deadline; another when it is moved. */
  readonly deadlineId: string;
  readonly personKey: string;
  readonly caseCode: string;
  readonly dueAtMs: number;
}

/** A draft's own term is local practice; a lawsuit is no business of the bureau's reminders. */
const REMINDED: readonly Deadline["kind"][] = ["supplement", "reconsideration"];
const STATES: readonly AppealState[] = ["returned-for-more", "decided"];
const PAGE = 200;

export async function openHolderDeadlines({
  tables,
  options,
}: {
  readonly tables: Kysely<AlertsTables>;
  readonly options: DeadlineTerms & { readonly clock: Clock };
}): Promise<readonly OpenHolderDeadline[]> {
  const open: OpenHolderDeadline[] = [];
  for (let after = ""; ; ) {
    const page = await tables
      .selectFrom("appeals")
      .select(["appeal_id", "case_id", "person_key"])
      .where("state", "in", STATES)
      .where("appeal_id", ">", after)
      .orderBy("appeal_id")
      .limit(PAGE)
      .execute();
    const codes = await tables.transaction().execute((trx) =>
      codesOf(
        trx,
        page.map(({ case_id }) => case_id),
      ),
    );
    const eventsOf = await eventsByAppeal(
      tables,
      page.map(({ appeal_id }) => appeal_id),
    );
    for (const { appeal_id, case_id, person_key } of page) {
      const events = eventsOf.get(appeal_id) ?? [];
      for (const deadline of runningDeadlines(events, { ...options, earliestSwipeAt: null }))
        if (REMINDED.includes(deadline.kind) && !isMissed(deadline, options.clock.now()))
          open.push({
            deadlineId: `${appeal_id}-${deadline.kind}-${deadline.dueMs}`,
            personKey: person_key,
            caseCode: codes.get(case_id)!,
            dueAtMs: deadline.dueMs,
          });
    }
    if (page.length < PAGE) return open;
    after = page.at(-1)!.appeal_id;
  }
}
