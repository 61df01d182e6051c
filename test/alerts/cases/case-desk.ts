/** Work on cases for tests: one clock that stands, three people. */

import type { AskedChange, CaseCommand, ChangeResult } from "../../../schemas/case-command.js";
import { NATION } from "../../../schemas/console/access.js";
import { CasesWork } from "../../../services/alerts/cases/cases-work.js";
import { START_MS } from "../../support/records.js";
import type { AlertsDesk } from "../alerts-desk.js";

export class CaseDesk {
  nowMs = START_MS;
  active = new Set(["lin", "wang", "zhao"]);
  openAppealId: string | null = null;
  readonly work: CasesWork;

  constructor(readonly desk: AlertsDesk) {
    this.work = new CasesWork({
      database: desk.database,
      partitionCount: async () => 1,
      activePeople: async () => this.active,
      openAppealOf: async () => this.openAppealId,
      clock: { now: () => this.nowMs, sleep: () => Promise.resolve() },
    });
  }

  change(asked: Omit<AskedChange, "scope">): Promise<ChangeResult> {
    return this.work.change({ scope: NATION, ...asked });
  }

  /** On the version there is. @returns its code where it was refused, else the new version. */
  async does(caseId: string, actor: string, command: CaseCommand): Promise<string | number> {
    const row = await this.desk.tables
      .selectFrom("case_work")
      .select("version")
      .where("case_id", "=", caseId)
      .executeTakeFirst();
    const result = await this.change({ caseId, actor, version: row?.version ?? 0, command });
    return result.kind === "changed" ? result.version : result.code;
  }

  take(caseId: string, actor = "lin") {
    return this.does(caseId, actor, { kind: "assign", assignee: actor, reason: null });
  }

  move(caseId: string, to: Extract<CaseCommand, { kind: "move" }>["to"], actor = "lin") {
    return this.does(caseId, actor, { kind: "move", to, reason: "looked into", rules: null });
  }

  approve(caseId: string, proposalId = 1, actor = "wang") {
    return this.does(caseId, actor, { kind: "approve", proposalId, reason: null });
  }

  /** With four eyes where it has money at risk. */
  async close(caseId: string): Promise<void> {
    for (const done of [
      await this.take(caseId),
      await this.move(caseId, "triage"),
      await this.move(caseId, "closed"),
    ])
      if (typeof done === "string") throw new Error(`closing ${caseId}: ${done}`);
    const [open] = await this.desk.tables
      .selectFrom("case_proposals")
      .select("proposal_id")
      .where("case_id", "=", caseId)
      .where("status", "=", "open")
      .execute();
    if (open !== undefined) await this.approve(caseId, open.proposal_id);
  }
}
