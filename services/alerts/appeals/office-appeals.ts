/** What the office sees of appeals and does with them; the console's port is met by its shape. */

import { appendAudit } from "../../../platform/audit-log/audit-log.js";
import type { AppealDocument } from "../../../schemas/appeal.js";
import type { AppealChangeResult, AskedAppealChange } from "../../../schemas/appeal-command.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { AppealDetail, AppealFile } from "../../../schemas/http/appeals.js";
import { APPEALS_PROBLEMS, type AppealsProblemCode } from "../../../schemas/http/appeals-problem.js";
import { formatInstant } from "../../../schemas/instant.js";
import { type NationalAppeal, nationalAppealOf } from "../../../schemas/national/appeal-out.js";
import { seenCases } from "../cases/seen-cases.js";
import type { AppealEvent } from "./appeal.js";
import type { AppealChanges } from "./appeal-changes.js";
import { type AppealPage, type AppealPageAsked, appealPage } from "./appeal-list.js";
import type { AppealPapers } from "./appeal-papers.js";
import { type StoredAppeal, storedAppeal } from "./appeal-store.js";
import { groundOf, secretOf, viewOf } from "./appeal-view.js";
import { documentContext } from "./holder-appeals.js";
import { handOverReversals, type ListedReversal, type ReversalPage, reversalPage } from "./reversal-list.js";
import { sumsOf } from "./swipe-facts.js";

export class OfficeAppealsDesk {
  constructor(
    private readonly changes: AppealChanges,
    private readonly papers: AppealPapers,
  ) {}

  list(asked: AppealPageAsked): Promise<AppealPage> {
    return appealPage(this.changes.tables, asked);
  }

  async show(appealId: string, scope: Scope): Promise<AppealDetail | null> {
    const { tables, options } = this.changes;
    const stored = await this.submitted(appealId, scope);
    if (stored === null) return null;
    const { facts, notClaimed } = await groundOf(tables, stored, options);
    const { proposal } = stored.appeal;
    return {
      ...(await viewOf(tables, stored, options, options.clock.now())),
      reconsiderationReasons: await secretOf(tables, options.box, appealId, "reconsideration"),
      sums: sumsOf(facts, notClaimed),
      sources: facts.map(({ swipe, source }) => ({ decisionId: swipe.decisionId, source })),
      proposal:
        proposal === null
          ? null
          : { by: proposal.by, outcomes: { ...proposal.outcomes }, reasons: proposal.reasons },
      history: stored.events.map(({ version, at, event }) => ({
        version,
        at,
        type: event.type,
        by: byOf(event),
        text: textOf(event),
      })),
    };
  }

  /** Whoever opens what the holder gave is in the audit log. */
  async document(
    appealId: string,
    documentId: string,
    { reader, scope }: { readonly reader: string; readonly scope: Scope },
  ): Promise<AppealFile | null> {
    const { tables, options } = this.changes;
    const stored = await this.submitted(appealId, scope);
    const document = stored?.appeal.documents.find((one) => one.documentId === documentId);
    if (document === undefined) return null;
    const sealed = await tables.transaction().execute(async (trx) => {
      const row = await trx
        .selectFrom("appeal_documents")
        .select("sealed")
        .where("appeal_id", "=", appealId)
        .where("document_id", "=", documentId)
        .executeTakeFirst();
      await appendAudit(trx, formatInstant(options.clock.now()), {
        actor: reader,
        action: "appeal.document-opened",
        subject: `appeal:${appealId}`,
        detail: { documentId },
      });
      return row?.sealed ?? null;
    });
    return sealed === null
      ? null
      : fileOf(document, options.box.open(sealed, documentContext(appealId, documentId)));
  }

  async paper(appealId: string, paperId: string, scope: Scope): Promise<AppealFile | null> {
    const { tables } = this.changes;
    if ((await this.submitted(appealId, scope)) === null) return null;
    const content = await this.papers.file(appealId, paperId);
    if (content === null) return null;
    const { number, sha256 } = await tables
      .selectFrom("appeal_papers")
      .select(["number", "sha256"])
      .where("paper_id", "=", paperId)
      .executeTakeFirstOrThrow();
    return fileOf({ name: `${number}.pdf`, mediaType: "application/pdf", sha256: sha256! }, content);
  }

  async national(appealId: string, scope: Scope): Promise<NationalAppeal | null> {
    const { tables, options } = this.changes;
    const stored = await this.submitted(appealId, scope);
    if (stored === null) return null;
    const view = await viewOf(tables, stored, options, options.clock.now());
    return nationalAppealOf(view, stored.appeal.personKey);
  }

  async change({
    appealId,
    version,
    command,
    scope,
  }: AskedAppealChange & { readonly scope: Scope }): Promise<AppealChangeResult> {
    if ((await this.submitted(appealId, scope)) === null)
      return { code: "NOT_FOUND", detail: "no such appeal" };
    const asked = { appealId, personKey: null, actor: command.by, version, command };
    const refusal = await this.changes.change(asked);
    return refusal === null ? null : { code: problemOf(refusal.refusal), detail: refusal.analyst };
  }

  reversals(asked: Parameters<typeof reversalPage>[1]): Promise<ReversalPage> {
    return reversalPage(this.changes.tables, asked);
  }

  handOver({
    by,
    scope,
  }: {
    readonly by: string;
    readonly scope: Scope;
  }): Promise<readonly ListedReversal[]> {
    const { tables, options } = this.changes;
    return handOverReversals(tables, { at: formatInstant(options.clock.now()), by, scope });
  }

  /** In the scope. */
  private async submitted(appealId: string, scope: Scope): Promise<StoredAppeal | null> {
    const { tables, options } = this.changes;
    const stored = await storedAppeal(tables, appealId);
    if (stored === null || stored.appeal.state === "draft") return null;
    const { caseId } = stored.appeal;
    return (await seenCases(options.database, [caseId], scope)).has(caseId) ? stored : null;
  }
}

/** Of those the office's commands meet; another would be a mistake of the program. */
function problemOf(refusal: string): AppealsProblemCode {
  if (refusal === "UNKNOWN") return "NOT_FOUND";
  if (Object.hasOwn(APPEALS_PROBLEMS, refusal)) return refusal as AppealsProblemCode;
  throw new Error(`'${refusal}' is no refusal of the office's commands`);
}

function byOf(event: AppealEvent): string[] {
  if (!("by" in event)) return [];
  return typeof event.by === "string" ? [event.by] : [...event.by];
}

/** What the office wrote; the holder's words are in the view. */
function textOf(event: AppealEvent): string | null {
  if ("opinion" in event) return event.opinion;
  if ("findings" in event) return event.findings;
  if ("reasons" in event) return event.reasons;
  if ("what" in event) return event.what;
  return "reason" in event ? event.reason : null;
}

function fileOf(
  { name, mediaType, sha256 }: Pick<AppealDocument, "name" | "sha256"> & { readonly mediaType: string },
  content: Uint8Array,
): AppealFile {
  return { name, mediaType, sha256, base64: Buffer.from(content).toString("base64") };
}
