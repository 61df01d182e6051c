/** An appeal as holder and analyst see it: events, facts as they are now, deadlines, papers; what is sealed is opened or masked. */

import type { Kysely } from "kysely";
import type { SealedBox } from "../../../platform/sealed-box/sealed-box.js";
import type { AppealView } from "../../../schemas/appeal.js";
import type { AppealDeadlinesFile } from "../../../schemas/appeal-deadlines.js";
import type { CardReport } from "../../../schemas/card-report.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { WorkingCalendar } from "../../../schemas/working-calendar.js";
import type { AlertsTables } from "../tables.js";
import { appealOf, resultOf } from "./appeal.js";
import { isMissed, runningDeadlines } from "./appeal-deadlines.js";
import type { StoredAppeal } from "./appeal-store.js";
import type { SecretKind } from "./appeal-tables.js";
import { remediesOf, STATE_NOTES } from "./paper-content.js";
import { type AppealableSwipe, settledSwipes } from "./settled-swipes.js";
import { type SwipeFact, swipeFact } from "./swipe-facts.js";

type Reading = Kysely<AlertsTables>;

export interface AppealReading {
  readonly box: SealedBox;
  readonly policy: AppealDeadlinesFile;
  readonly calendar: WorkingCalendar;
  /** Within the transaction: of the person and the person's former keys. */
  readonly reportsOf: (database: Reading, personKey: string) => Promise<readonly CardReport[]>;
}

/** What an appeal is judged by, as it is now. */
export interface AppealGround {
  /** All that stand; the claimed ones are among them unless they were taken back. */
  readonly swipes: readonly AppealableSwipe[];
  /** Of the claimed ones, in their order in time. */
  readonly facts: readonly SwipeFact[];
  readonly notClaimed: readonly AppealableSwipe[];
  readonly earliestSwipeAt: string | null;
}

export async function groundOf(
  database: Reading,
  { appeal }: Pick<StoredAppeal, "appeal">,
  { policy, reportsOf }: AppealReading,
): Promise<AppealGround> {
  const swipes = await settledSwipes(database, appeal.personKey, appeal.swipes);
  const reports = await reportsOf(database, appeal.personKey);
  const claimed = swipes
    .filter(({ decisionId }) => appeal.swipes.includes(decisionId))
    .sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
  return {
    swipes,
    facts: claimed.map((swipe) => swipeFact(swipe, reports, policy)),
    notClaimed: swipes.filter(({ decisionId }) => !appeal.swipes.includes(decisionId)),
    earliestSwipeAt: claimed[0]?.occurredAt ?? null,
  };
}

export function secretContext(appealId: string, kind: SecretKind): string {
  return `appeal ${appealId} ${kind}`;
}

export async function secretOf(
  database: Reading,
  box: SealedBox,
  appealId: string,
  kind: SecretKind,
): Promise<string | null> {
  const row = await database
    .selectFrom("appeal_secrets")
    .select("sealed")
    .where("appeal_id", "=", appealId)
    .where("kind", "=", kind)
    .executeTakeFirst();
  return row === undefined
    ? null
    : Buffer.from(box.open(row.sealed, secretContext(appealId, kind))).toString("utf8");
}

export async function viewOf(
  database: Reading,
  stored: StoredAppeal,
  reading: AppealReading,
  nowMs: number,
): Promise<AppealView> {
  const { appealId, number, appeal, events } = stored;
  const ground = await groundOf(database, stored, reading);
  const deadlines = runningDeadlines(events, { ...reading, earliestSwipeAt: ground.earliestSwipeAt });
  const { decision } = appeal;
  return {
    appealId,
    number,
    caseId: appeal.caseId,
    version: appeal.version,
    state: appeal.state,
    statement: (await secretOf(database, reading.box, appealId, "statement")) ?? "",
    swipes: ground.facts.map(({ swipe, position, bearer, because }) => ({
      decisionId: swipe.decisionId,
      occurredAt: swipe.occurredAt,
      totalFen: swipe.totalFen,
      accountFen: swipe.accountFen,
      position,
      bearer,
      because,
      outcome: decision?.outcomes[swipe.decisionId] ?? null,
    })),
    documents: [...appeal.documents],
    bankAccountTail: appeal.bankAccountTail,
    hasAgent: appeal.hasAgent,
    steps: stepsOf(stored),
    deadlines: deadlines.map(({ kind, whose, dueMs, isUncertain }) => ({
      kind,
      whose,
      dueAt: formatInstant(dueMs),
      isUncertain,
      isMissed: isMissed({ dueMs }, nowMs),
    })),
    papers: await papersOf(database, appealId),
    decision:
      decision === null
        ? null
        : {
            result: resultOf(decision.outcomes),
            reasons: decision.reasons,
            decidedAt: decision.at,
            remedies: [...remediesOf({ deadlines })],
          },
  };
}

/** A line each time that the state changed. */
function stepsOf({ events }: StoredAppeal): AppealView["steps"] {
  const steps: AppealView["steps"] = [];
  events.forEach(({ at, event }, index) => {
    const { state } = appealOf(events.slice(0, index + 1));
    if (state === steps.at(-1)?.state) return;
    const note = event.type === "returned" ? event.what : STATE_NOTES[state];
    steps.push({ state, at, note });
  });
  return steps;
}

/** Those whose file is made. */
async function papersOf(database: Reading, appealId: string): Promise<AppealView["papers"]> {
  const rows = await database
    .selectFrom("appeal_papers")
    .select(["paper_id", "title", "number", "made_at", "sha256"])
    .where("appeal_id", "=", appealId)
    .where("sha256", "is not", null)
    .orderBy("version")
    .execute();
  return rows.map(({ paper_id, title, number, made_at, sha256 }) => ({
    paperId: paper_id,
    title,
    number,
    madeAt: formatInstant(made_at.getTime()),
    sha256: sha256!,
  }));
}
