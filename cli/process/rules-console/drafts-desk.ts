/** Drafts of the editor: a ruleset beside the version it began as, with its mistakes and what it changes. */

import type { DraftDetail, DraftSummary, RuleEdit } from "../../../schemas/http/rules-console.js";
import { differences } from "../../../services/bundles/diff.js";
import { draft as draftVersion } from "../../../services/bundles/drafting.js";
import type { RuleDraft, RuleDrafts } from "../../../services/bundles/editor/rule-drafts.js";
import type { RulesRoom } from "../../../services/bundles/rules-room.js";
import type {
  Answered,
  DeskRefusal,
  DraftAddress,
} from "../../../services/console/server/rules-console-desk.js";
import { type DraftRuleset, mistakesByRule, withEditedRule } from "./edited-ruleset.js";
import type { KnownBundle, KnownBundles } from "./known-bundles.js";
import { cataloguedRules } from "./rules-catalogue.js";

export interface DraftsDeskOptions {
  readonly room: RulesRoom;
  readonly drafts: RuleDrafts;
  readonly bundles: KnownBundles;
}

const GONE: DeskRefusal = {
  refused: "NOT_FOUND",
  detail: "you have no such draft; it may have become a version: GET /v1/rules/versions",
};
const CHANGED: DeskRefusal = {
  refused: "CONFLICT",
  detail: "the draft was changed since (in another window?); read it again, then make your change on that",
};
const FULL: DeskRefusal = {
  refused: "DRAFTS_FULL",
  detail: "throw away drafts that are not needed any more, then begin another",
};

export class DraftsDesk {
  constructor(private readonly options: DraftsDeskOptions) {}

  async list(author: string): Promise<readonly DraftSummary[]> {
    const { drafts, bundles } = this.options;
    const { version } = await bundles.running();
    return (await drafts.list(author)).map((draft) => summaryOf(draft, version));
  }

  /** @throws RulesRefusal VERSION_UNKNOWN, NOT_TAKEN_OVER. */
  async start(author: string, asked: number | null): Answered<DraftDetail> {
    const { bundles, drafts } = this.options;
    const baseVersion = asked ?? (await bundles.runningVersion());
    const base = await bundles.of(baseVersion);
    const draft = await drafts.add(author, { baseVersion, ruleset: base.loaded.content.ruleset });
    return draft === null ? FULL : this.detail(draft);
  }

  async show({ author, draftId }: DraftAddress): Answered<DraftDetail> {
    const draft = await this.options.drafts.read(author, draftId);
    return draft === null ? GONE : this.detail(draft);
  }

  async editRule({
    author,
    draftId,
    rule,
    edit,
    isStored,
  }: DraftAddress & {
    readonly rule: string;
    readonly edit: RuleEdit;
    readonly isStored: boolean;
  }): Answered<DraftDetail> {
    const { drafts, bundles } = this.options;
    const draft = await drafts.read(author, draftId);
    if (draft === null) return GONE;
    const base = await bundles.of(draft.baseVersion);
    const edited = withEditedRule(rulesetOf(draft), base.loaded.content.ruleset, rule, edit);
    if (edited === null)
      return { refused: "NOT_FOUND", detail: "the draft has no such rule; its rules are in the draft" };
    if (!isStored) return this.detail({ ...draft, ruleset: edited });
    const changed = await drafts.change(author, draftId, { revision: edit.revision, ruleset: edited });
    return changed === null ? CHANGED : this.detail(changed);
  }

  async comment({
    author,
    draftId,
    ...change
  }: DraftAddress & { readonly revision: number; readonly comment: string }): Answered<DraftDetail> {
    const { drafts } = this.options;
    if ((await drafts.read(author, draftId)) === null) return GONE;
    const changed = await drafts.change(author, draftId, change);
    return changed === null ? CHANGED : this.detail(changed);
  }

  /** @throws RulesRefusal BUNDLE_INVALID. */
  async save({
    author,
    draftId,
    revision,
    comment,
  }: DraftAddress & { readonly revision: number; readonly comment: string }): Answered<{ version: number }> {
    const { drafts, bundles, room } = this.options;
    const draft = await drafts.read(author, draftId);
    if (draft === null) return GONE;
    if (draft.revision !== revision) return CHANGED;
    const base = await bundles.of(draft.baseVersion);
    const version = await draftVersion(room, author, { content: wholeOf(base, draft), comment });
    // Killed in between, the draft is there besides its version: nothing is lost.
    await drafts.drop(author, draftId, revision);
    return { version };
  }

  async drop({ author, draftId }: DraftAddress): Answered<{ readonly done: true }> {
    return (await this.options.drafts.drop(author, draftId)) ? { done: true } : GONE;
  }

  private async detail(draft: RuleDraft): Promise<DraftDetail> {
    const { bundles, room } = this.options;
    const base = await bundles.of(draft.baseVersion);
    const ruleset = rulesetOf(draft);
    const read = room.readBundle(wholeOf(base, draft));
    return {
      ...summaryOf(draft, base.isRunning ? draft.baseVersion : null),
      rules: cataloguedRules({
        ruleset,
        shipped: bundles.shipped.ruleset,
        lowered: new Set(),
      }),
      mistakes: "mistakes" in read ? mistakesByRule(read.mistakes, ruleset) : [],
      changes: differences({ ruleset: base.loaded.content.ruleset }, { ruleset }),
    };
  }
}

/** It came from a ruleset and has been edited by its shape ever since. */
function rulesetOf({ ruleset }: RuleDraft): DraftRuleset {
  return ruleset as DraftRuleset;
}

function wholeOf({ loaded }: KnownBundle, draft: RuleDraft): unknown {
  return { ...loaded.content, ruleset: draft.ruleset };
}

function summaryOf(draft: RuleDraft, running: number | null): DraftSummary {
  const { ruleset: _ruleset, ...summary } = draft;
  return { ...summary, isBaseRunning: draft.baseVersion === running };
}
