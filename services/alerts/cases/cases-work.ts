/**
 * People's work on cases: who has it, notes, where it goes, four eyes.
 *
 * Owns: the transaction of a change; which version of the case it is made on.
 * Does not own: what is allowed (case-change.ts), what is written (case-store.ts), who somebody is (the caller).
 *
 * 1. Every change names the version that was seen. Of two on one version the second is told what changed meanwhile.
 * 2. A change, its entry in the audit log and the records for the journal are one transaction.
 * 3. Locks are taken in one order, everywhere: the place in the decisions, the case, the audit log.
 *    Whoever applies decisions writes to a person's open call before its cases, so a call too is ended under the place.
 * 4. While everything is made again from the logs nobody changes a case: it is not what it will be.
 */

import { Kysely, type Transaction } from "kysely";
import type { Clock } from "../../../platform/clock/clock.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { AskedChange, CaseCommand, ChangeResult } from "../../../schemas/case-command.js";
import { isInScope } from "../../../schemas/console/access.js";
import type { CasesProblemCode } from "../../../schemas/http/cases-problem.js";
import { formatInstant } from "../../../schemas/instant.js";
import { partitionOf } from "../../../schemas/topics.js";
import { isRebuildMarked } from "../empty-tables.js";
import type { AlertsTables } from "../tables.js";
import { decideCase } from "./case-change.js";
import { lockedCase } from "./case-standing.js";
import { storeChange } from "./case-store.js";
import { lockPlace } from "./closings.js";

export interface CasesWorkOptions {
  readonly database: OpenDatabase;
  /** Of kadun.decisions. */
  readonly partitionCount: () => Promise<number>;
  /** Names of those who have a key that was not revoked. */
  readonly activePeople: () => Promise<ReadonlySet<string>>;
  /** Of the case, asked within the transaction; null where none is open. Where it is not given there are no appeals. */
  readonly openAppealOf?: (trx: Transaction<AlertsTables>, caseId: string) => Promise<string | null>;
  readonly clock: Clock;
}

interface Known {
  readonly people: ReadonlySet<string>;
  readonly partitions: number;
}

/** What changed meanwhile, at most; the case tells all. */
const CHANGES_TOLD_MAX = 10;
/** What may end or reopen a case, and what ends a call, which all cases of the person have in common. */
const UNDER_THE_PLACE: readonly CaseCommand["kind"][] = ["move", "approve", "phoned"];

export class CasesWork {
  private readonly tables: Kysely<AlertsTables>;

  constructor(private readonly options: CasesWorkOptions) {
    this.tables = new Kysely<AlertsTables>({ dialect: options.database.dialect });
  }

  /** @throws DatabaseError. */
  async change(asked: AskedChange): Promise<ChangeResult> {
    // Asked before the transaction: within it whoever answers would wait for this one's connection.
    const known = {
      people: await this.options.activePeople(),
      partitions: await this.options.partitionCount(),
    };
    const { command } = asked;
    if (command.kind === "assign" && !known.people.has(command.assignee))
      return refused(
        "PERSON_UNKNOWN",
        `nobody with a key is called '${command.assignee}'; 'kadun people list'`,
      );
    return this.tables.transaction().execute((trx) => this.changeIn(trx, asked, known));
  }

  private async changeIn(
    trx: Transaction<AlertsTables>,
    { caseId, actor, scope, version, command }: AskedChange,
    { people, partitions }: Known,
  ): Promise<ChangeResult> {
    const { openAppealOf = noAppeal, clock } = this.options;
    const partition = partitionOf(personOf(caseId), partitions);
    if (UNDER_THE_PLACE.includes(command.kind)) await lockPlace(trx, { partition });
    const stored = await lockedCase(trx, caseId, openAppealOf);
    if (await isRebuildMarked(trx))
      return refused("REBUILDING", "'kadun rebuild alerts' is under way; when it has ended, ask again");
    if (stored === null || !isInScope(scope, stored.region))
      return refused("NOT_FOUND", "there is no such case; 'kadun cases list' shows them");
    if (stored.version !== version) return conflict(trx, { caseId, seen: version, now: stored.version });
    const by = { actor, nowMs: clock.now() };
    const change = decideCase(command, stored.standing, by);
    if ("refused" in change) return refused(change.refused, change.detail);
    if (change.kind === "approved" && !people.has(change.proposedBy))
      return refused(
        "PROPOSER_REVOKED",
        `'${change.proposedBy}' has no key any more; reject it and propose anew`,
      );
    await storeChange(trx, { stored, found: { ...stored.found, partition }, change, ...by });
    return { kind: "changed", version: version + 1 };
  }
}

/** The id of a person's case begins with the key; of another's the place is locked for nothing. */
function personOf(caseId: string): string {
  return caseId.slice(0, caseId.lastIndexOf("-"));
}

async function noAppeal(): Promise<null> {
  return null;
}

function refused(code: CasesProblemCode, detail: string): ChangeResult {
  return { kind: "refused", code, detail };
}

interface Versions {
  readonly caseId: string;
  readonly seen: number;
  readonly now: number;
}

async function conflict(
  trx: Transaction<AlertsTables>,
  { caseId, seen, now }: Versions,
): Promise<ChangeResult> {
  const rows = await trx
    .selectFrom("case_history")
    .select(["version", "at", "actor", "action"])
    .where("case_id", "=", caseId)
    .where("version", ">", seen)
    .orderBy("version", "desc")
    .limit(CHANGES_TOLD_MAX)
    .execute();
  const told = rows
    .reverse()
    .map((row) => `${row.version}: ${row.action} by ${row.actor} at ${formatInstant(row.at.getTime())}`);
  return refused(
    "CONFLICT",
    `version ${seen} was seen, it is ${now} now (${told.join("; ") || "nothing newer"}); read it again`,
  );
}
