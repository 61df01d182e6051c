/**
 * Changes appeals: the one transaction of a command and of all that follows of it.
 *
 * Owns: events, row, sealed texts, contents of documents, what papers say, reversals to ask for, records for the journal.
 * Does not own: what is allowed (decide-appeal.ts), files of papers (appeal-papers.ts), missed deadlines (appeal-rounds.ts).
 *
 * 1. All of it is one transaction: what follows of an event is there when the event is, and is not when it is not.
 * 2. Another person's appeal is UNKNOWN, as one that never was.
 * 3. What an event makes is named after it: nothing is asked for, told or taken back twice.
 */

import { Kysely, sql } from "kysely";
import type { Clock } from "../../../platform/clock/clock.js";
import { type OpenDatabase, storableText } from "../../../platform/database/database.js";
import { formatInstant, parseInstantMs } from "../../../schemas/instant.js";
import { enqueueJournalRecord, recordIdOf } from "../journal-outbox/journal-outbox.js";
import { personKeysOf } from "../person-keys.js";
import type { AlertsTables } from "../tables.js";
import { type Appeal, appealOf, NO_APPEAL, type PlacedEvent } from "./appeal.js";
import { type Deadline, isMissed, runningDeadlines } from "./appeal-deadlines.js";
import { type AppealRefusal, refused } from "./appeal-refusals.js";
import {
  type AppealsTrx,
  appendEvents,
  auditEvents,
  insertAppeal,
  type StoredAppeal,
  storedAppeal,
} from "./appeal-store.js";
import { type AppealGround, type AppealReading, groundOf } from "./appeal-view.js";
import { type AppealCommand, type AppealFacts, decideAppeal } from "./decide-appeal.js";
import { paperContent, paperKindOf } from "./paper-content.js";
import { originalInfno, ruleVerdicts } from "./reversal.js";

/** What the holder is told by SMS. */
export interface AppealNotice {
  /** Follows from what is told: the same twice is one. */
  readonly noticeId: string;
  readonly personKey: string;
  readonly caseId: string;
  readonly situation: "appeal-received" | "appeal-needs-more" | "appeal-decided" | "appeal-delayed";
  /** The end of the day that is named; null of a decision. */
  readonly dueMs: number | null;
  readonly atMs: number;
}

export interface AppealsOptions extends AppealReading {
  readonly database: OpenDatabase;
  readonly clock: Clock;
  /** Within the transaction of what is told. */
  readonly notify: (trx: AppealsTrx, notice: AppealNotice) => Promise<void>;
}

export interface AskedChange {
  readonly appealId: string;
  /** The holder who asks; null: the office. */
  readonly personKey: string | null;
  /** Name in the audit log. */
  readonly actor: string;
  /** That was seen; null: whichever there is. */
  readonly version: number | null;
  readonly command: Exclude<AppealCommand, { type: "open" }>;
  /** Written beside the events, where there are any. */
  readonly beside?: (trx: AppealsTrx) => Promise<void>;
}

/** Which events are told, and which deadline's day is named. */
const NOTICES: Readonly<
  Partial<Record<PlacedEvent["event"]["type"], readonly [AppealNotice["situation"], Deadline["kind"] | null]>>
> = {
  submitted: ["appeal-received", "acknowledge"],
  returned: ["appeal-needs-more", "supplement"],
  decided: ["appeal-decided", null],
  reconsidered: ["appeal-decided", null],
};

export class AppealChanges {
  readonly tables: Kysely<AlertsTables>;

  constructor(readonly options: AppealsOptions) {
    this.tables = new Kysely<AlertsTables>({ dialect: options.database.dialect });
  }

  /** The case's appeal that is under way, or a new one. */
  open(personKey: string, caseId: string): Promise<string | AppealRefusal> {
    return this.tables.transaction().execute(async (trx) => {
      const owner = await trx
        .selectFrom("cases")
        .select("person_key")
        .where("case_id", "=", caseId)
        .executeTakeFirst();
      if (
        owner?.person_key == null ||
        !(await personKeysOf<AlertsTables>(trx, personKey)).includes(owner.person_key)
      )
        return refused("UNKNOWN");
      // Two who open at once come one after the other.
      await sql`select pg_advisory_xact_lock(hashtext(${`kadun-appeal ${caseId}`}))`.execute(trx);
      const of = await trx
        .selectFrom("appeals")
        .select(["appeal_id", "state", "ordinal"])
        .where("case_id", "=", caseId)
        .orderBy("ordinal", "desc")
        .limit(1)
        .executeTakeFirst();
      if (of !== undefined && of.state !== "withdrawn" && of.state !== "closed") return of.appeal_id;
      return this.openNew(trx, { personKey, caseId, ordinal: (of?.ordinal ?? 0) + 1 });
    });
  }

  private async openNew(
    trx: AppealsTrx,
    opened: { readonly personKey: string; readonly caseId: string; readonly ordinal: number },
  ): Promise<string> {
    const at = formatInstant(this.options.clock.now());
    const appealId = await insertAppeal(trx, { ...opened, at });
    if (appealId === null)
      throw new Error(`case ${opened.caseId}: its appeal was opened under the lock of another`);
    const { personKey, caseId } = opened;
    const { placed } = await appendEvents(
      trx,
      { appealId, appeal: NO_APPEAL, events: [] },
      { events: [{ type: "opened", personKey, caseId }], at, terms: this.options },
    );
    await auditEvents(trx, appealId, placed, "holder");
    return appealId;
  }

  /** @returns null where it changed, or was changed so before. @throws DatabaseError. */
  change(asked: AskedChange): Promise<AppealRefusal | null> {
    return this.tables.transaction().execute(async (trx) => {
      if (asked.command.type === "submit") await holdCase(trx, asked.appealId);
      const stored = await storedAppeal(trx, asked.appealId, true);
      if (stored === null || !(await mayAsk(trx, stored, asked.personKey))) return refused("UNKNOWN");
      if (asked.version !== null && asked.version !== stored.appeal.version) return refused("CONFLICT");
      const nowMs = this.options.clock.now();
      const ground = await groundOf(trx, claimedBy(stored, asked.command), this.options);
      const decided = decideAppeal(asked.command, stored.appeal, this.factsOf(stored, ground, nowMs));
      if ("refusal" in decided) return decided;
      if (decided.length === 0) return null;
      const { actor } = asked;
      const appended = { events: decided, at: formatInstant(nowMs), terms: this.options };
      const { appeal, placed } = await appendEvents(trx, stored, appended);
      await asked.beside?.(trx);
      const after = { ...stored, appeal, events: [...stored.events, ...placed] };
      for (const one of placed) await this.follow(trx, after, one, ground);
      await auditEvents(trx, stored.appealId, placed, actor);
      return null;
    });
  }

  private factsOf(
    { events }: StoredAppeal,
    { swipes, earliestSwipeAt }: AppealGround,
    nowMs: number,
  ): AppealFacts {
    const term = runningDeadlines(events, { ...this.options, earliestSwipeAt }).find(
      ({ kind }) => kind === "reconsideration",
    );
    return {
      swipes: new Map(swipes.map(({ decisionId, occurredAt }) => [decisionId, occurredAt])),
      isReconsiderationOver: term !== undefined && isMissed(term, nowMs),
    };
  }

  private async follow(
    trx: AppealsTrx,
    after: StoredAppeal,
    placed: PlacedEvent,
    ground: AppealGround,
  ): Promise<void> {
    const { event } = placed;
    await this.writePaper(trx, after, placed, ground);
    if (event.type === "decided" || event.type === "reconsidered") {
      await askReversals(trx, after, placed, ground);
      await tellJournal(trx, after, placed, ground);
    }
    const told = NOTICES[event.type];
    if (told === undefined) return;
    const [situation, kind] = told;
    const deadlines = runningDeadlines(after.events, { ...this.options, ...ground });
    const { personKey, caseId } = after.appeal;
    await this.options.notify(trx, {
      noticeId: `${after.appealId}-${placed.version}`,
      personKey,
      caseId,
      situation,
      dueMs: deadlines.find((one) => one.kind === kind)?.dueMs ?? null,
      atMs: parseInstantMs(placed.at),
    });
  }

  /** What it says; its file is made afterwards. */
  private async writePaper(
    trx: AppealsTrx,
    after: StoredAppeal,
    placed: PlacedEvent,
    { facts, earliestSwipeAt }: AppealGround,
  ): Promise<void> {
    const kind = paperKindOf(placed);
    if (kind === null) return;
    const { appealId, number, appeal, events } = after;
    const ordinal = events.filter((one) => one.version <= placed.version && paperKindOf(one) !== null).length;
    const deadlines = runningDeadlines(events, { ...this.options, earliestSwipeAt });
    const content = paperContent(kind, placed, { number, appeal, facts, deadlines }, ordinal);
    await trx
      .insertInto("appeal_papers")
      .values({
        paper_id: `${appealId}-${placed.version}`,
        appeal_id: appealId,
        version: placed.version,
        kind,
        title: content.title,
        number: content.number,
        content: storableText(JSON.stringify(content)),
        made_at: placed.at,
        sha256: null,
        sealed: null,
      })
      .execute();
  }
}

/** A draft is checked against the swipes that it names, not those that were named before. */
function claimedBy(stored: StoredAppeal, command: AskedChange["command"]): Pick<StoredAppeal, "appeal"> {
  return command.type === "save"
    ? { appeal: { ...stored.appeal, swipes: command.draft.swipes } }
    : { appeal: stored.appeal };
}

async function mayAsk(trx: AppealsTrx, { appeal }: StoredAppeal, personKey: string | null): Promise<boolean> {
  return personKey === null || (await personKeysOf<AlertsTables>(trx, personKey)).includes(appeal.personKey);
}

/** Of the upheld ones that still stand; a reconsideration adds to those of the decision. */
async function askReversals(
  trx: AppealsTrx,
  { appealId, appeal }: StoredAppeal,
  { at }: PlacedEvent,
  { swipes }: AppealGround,
): Promise<void> {
  for (const swipe of swipes.filter(({ decisionId }) => appeal.decision?.outcomes[decisionId] === "upheld"))
    await trx
      .insertInto("appeal_reversals")
      .values({
        decision_id: swipe.decisionId,
        appeal_id: appealId,
        person_key: appeal.personKey,
        event_id: swipe.eventId,
        oinfno: originalInfno(swipe),
        total_fen: swipe.totalFen,
        account_fen: swipe.accountFen,
        asked_at: at,
        handed_over_at: null,
        handed_over_by: null,
      })
      .onConflict((conflict) => conflict.column("decision_id").doNothing())
      .execute();
}

async function tellJournal(
  trx: AppealsTrx,
  { appealId, appeal, events }: StoredAppeal,
  { at, version }: PlacedEvent,
  { swipes }: AppealGround,
): Promise<void> {
  const { outcomes, own } = appeal.decision!;
  const claimed = swipes.filter(({ decisionId }) => Object.hasOwn(outcomes, decisionId));
  const before = appealOf(events.filter((one) => one.version < version));
  const told = verdictsOf(claimed, before);
  for (const { rule, verdict } of ruleVerdicts(claimed, outcomes, own)) {
    if (told.has(`${rule} ${verdict}`)) continue;
    const recordId = recordIdOf("feedback", ["appeal", appealId, rule, verdict]);
    const { personKey } = appeal;
    const body = { type: "feedback", eventId: recordId, occurredAt: at, personKey, rule, verdict };
    await enqueueJournalRecord(trx, { recordId, path: "/v1/feedback", body });
  }
}

/** A reconsideration tells only what is new. */
function verdictsOf(claimed: AppealGround["swipes"], { decision }: Appeal): ReadonlySet<string> {
  if (decision === null) return new Set();
  const told = ruleVerdicts(claimed, decision.outcomes, decision.own);
  return new Set(told.map(({ rule, verdict }) => `${rule} ${verdict}`));
}

/** Nobody closes the case meanwhile: whoever does waits for its row and finds the appeal. */
async function holdCase(trx: AppealsTrx, appealId: string): Promise<void> {
  await sql`
    select 1 from cases where case_id = (select case_id from appeals where appeal_id = ${appealId}) for share`.execute(
    trx,
  );
}
