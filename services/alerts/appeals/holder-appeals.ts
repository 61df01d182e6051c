/**
 * What the cardholder does with appeals; the pages' interface (services/console/citizen) is met by its shape.
 *
 * 1. What is another person's is not there.
 * 2. Statement, bank account and the contents of documents are sealed before they come to the database.
 */

import { hash, randomUUID } from "node:crypto";
import { storableText } from "../../../platform/database/database.js";
import {
  type AppealDocument,
  type AppealDraft,
  type AppealView,
  type DocumentKind,
  STATEMENT_LENGTH_MAX,
} from "../../../schemas/appeal.js";
import { formatInstant } from "../../../schemas/instant.js";
import { personKeysOf } from "../person-keys.js";
import type { AppealChanges } from "./appeal-changes.js";
import type { AppealPapers } from "./appeal-papers.js";
import type { AppealRefusal } from "./appeal-refusals.js";
import { type AppealsTrx, type StoredAppeal, storedAppeal } from "./appeal-store.js";
import type { SecretKind } from "./appeal-tables.js";
import { secretContext, viewOf } from "./appeal-view.js";
import type { HolderCommand } from "./decide-appeal.js";

/** `text` is zh-CN for the holder. */
export interface HolderProblem {
  readonly problem: string;
  readonly text: string;
}

const NAME_LENGTH = 64;
const TAIL_LENGTH = 4;
/** Of one person: a page of them. */
const APPEALS_MAX = 50;
const ACTOR = "holder";

export class HolderAppealsDesk {
  constructor(
    private readonly changes: AppealChanges,
    private readonly papers: AppealPapers,
  ) {}

  async list(personKey: string): Promise<readonly AppealView[]> {
    const { tables } = this.changes;
    const rows = await tables
      .selectFrom("appeals")
      .select("appeal_id")
      .where("person_key", "in", await personKeysOf(tables, personKey))
      .orderBy("opened_at", "desc")
      .limit(APPEALS_MAX)
      .execute();
    const views: AppealView[] = [];
    for (const { appeal_id } of rows) {
      const view = await this.find(personKey, appeal_id);
      if (view !== null) views.push(view);
    }
    return views;
  }

  async find(personKey: string, appealId: string): Promise<AppealView | null> {
    const stored = await this.own(personKey, appealId);
    if (stored === null) return null;
    const { tables, options } = this.changes;
    return viewOf(tables, stored, options, options.clock.now());
  }

  async open(personKey: string, caseId: string): Promise<AppealView | HolderProblem> {
    const opened = await this.changes.open(personKey, caseId);
    return typeof opened === "string" ? this.viewed(personKey, opened) : problemOf(opened);
  }

  /** What is not given stays as it is. */
  async save(personKey: string, appealId: string, draft: AppealDraft): Promise<AppealView | HolderProblem> {
    const stored = await this.own(personKey, appealId);
    const before = stored?.appeal;
    const { statement, bankAccount } = draft;
    const command = {
      type: "save",
      draft: {
        swipes: [...new Set(draft.swipes ?? before?.swipes ?? [])],
        hasAgent: draft.hasAgent ?? before?.hasAgent ?? false,
        hasStatement: statement === undefined ? (before?.hasStatement ?? false) : statement.trim() !== "",
        bankAccountTail: bankAccount?.slice(-TAIL_LENGTH) ?? before?.bankAccountTail ?? null,
      },
    } as const;
    return this.changed(personKey, appealId, command, async (trx) => {
      if (statement !== undefined) await this.seal(trx, appealId, "statement", statement);
      if (bankAccount !== undefined) await this.seal(trx, appealId, "bank-account", bankAccount);
    });
  }

  addDocument(
    personKey: string,
    appealId: string,
    given: {
      readonly kind: DocumentKind;
      readonly name: string;
      readonly mediaType: AppealDocument["mediaType"];
      readonly content: Uint8Array;
    },
  ): Promise<AppealView | HolderProblem> {
    const { options } = this.changes;
    const { kind, mediaType, content } = given;
    const document: AppealDocument = {
      documentId: randomUUID(),
      kind,
      name: storableText([...given.name].slice(0, NAME_LENGTH).join("")),
      mediaType,
      bytes: content.length,
      sha256: hash("sha256", content),
      addedAt: formatInstant(options.clock.now()),
    };
    const context = documentContext(appealId, document.documentId);
    return this.changed(personKey, appealId, { type: "add-document", document }, async (trx) => {
      await trx
        .insertInto("appeal_documents")
        .values({
          appeal_id: appealId,
          document_id: document.documentId,
          sealed: Buffer.from(options.box.seal(content, context)),
        })
        .execute();
    });
  }

  removeDocument(
    personKey: string,
    appealId: string,
    documentId: string,
  ): Promise<AppealView | HolderProblem> {
    return this.changed(personKey, appealId, { type: "remove-document", documentId }, async (trx) => {
      await trx
        .deleteFrom("appeal_documents")
        .where("appeal_id", "=", appealId)
        .where("document_id", "=", documentId)
        .execute();
    });
  }

  submit(personKey: string, appealId: string, requestId: string): Promise<AppealView | HolderProblem> {
    return this.changed(personKey, appealId, { type: "submit", requestId });
  }

  supplement(personKey: string, appealId: string, requestId: string): Promise<AppealView | HolderProblem> {
    return this.changed(personKey, appealId, { type: "supplement", requestId });
  }

  withdraw(personKey: string, appealId: string, requestId: string): Promise<AppealView | HolderProblem> {
    return this.changed(personKey, appealId, { type: "withdraw", requestId });
  }

  askReconsideration(
    personKey: string,
    appealId: string,
    { requestId, reasons }: { readonly requestId: string; readonly reasons: string },
  ): Promise<AppealView | HolderProblem> {
    const command = { type: "ask-reconsideration", requestId } as const;
    return this.changed(personKey, appealId, command, (trx) =>
      this.seal(trx, appealId, "reconsideration", reasons.slice(0, STATEMENT_LENGTH_MAX)),
    );
  }

  /** A PDF; null where the paper is not this person's, or not made yet. */
  async paper(personKey: string, appealId: string, paperId: string): Promise<Uint8Array | null> {
    return (await this.own(personKey, appealId)) === null ? null : this.papers.file(appealId, paperId);
  }

  private async own(personKey: string, appealId: string): Promise<StoredAppeal | null> {
    const { tables } = this.changes;
    const stored = await storedAppeal(tables, appealId);
    if (stored === null) return null;
    return (await personKeysOf(tables, personKey)).includes(stored.appeal.personKey) ? stored : null;
  }

  private async changed(
    personKey: string,
    appealId: string,
    command: Exclude<HolderCommand, { type: "open" }>,
    beside?: (trx: AppealsTrx) => Promise<void>,
  ): Promise<AppealView | HolderProblem> {
    const asked = { appealId, personKey, actor: ACTOR, version: null, command };
    const refusal = await this.changes.change(beside === undefined ? asked : { ...asked, beside });
    return refusal === null ? this.viewed(personKey, appealId) : problemOf(refusal);
  }

  private async viewed(personKey: string, appealId: string): Promise<AppealView> {
    const view = await this.find(personKey, appealId);
    if (view === null) throw new Error(`appeal ${appealId}: it changed and is not there`);
    return view;
  }

  private async seal(trx: AppealsTrx, appealId: string, kind: SecretKind, text: string): Promise<void> {
    const sealed = Buffer.from(
      this.changes.options.box.seal(Buffer.from(text, "utf8"), secretContext(appealId, kind)),
    );
    await trx
      .insertInto("appeal_secrets")
      .values({ appeal_id: appealId, kind, sealed })
      .onConflict((conflict) => conflict.columns(["appeal_id", "kind"]).doUpdateSet({ sealed }))
      .execute();
  }
}

export function documentContext(appealId: string, documentId: string): string {
  return `appeal ${appealId} document ${documentId}`;
}

function problemOf({ refusal, holder }: AppealRefusal): HolderProblem {
  return { problem: refusal, text: holder };
}
