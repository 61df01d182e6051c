/** `/v1/console/rules` and `/v1/console/policies`: from what was asked to the desk and back. */

import type * as z from "zod";
import { CREDENTIALS, INSTANT_PATTERN, region as regionShape } from "../../../schemas/fields.js";
import type { draftComment, draftSave, draftStart, ruleEdit } from "../../../schemas/http/rules-console.js";
import { RULES_CONSOLE_PROBLEMS } from "../../../schemas/http/rules-console-problem.js";
import {
  RULES_CONSOLE_ROUTES,
  type RulesConsoleRouteName,
} from "../../../schemas/http/rules-console-routes.js";
import { JOB_KINDS, type JobStart } from "../../../schemas/http/rules-jobs.js";
import { parseInstantMs } from "../../../schemas/instant.js";
import { ConsoleRefusal, casesRefusal } from "./console-problem.js";
import type { Asked, ConsoleRoutes, Handler } from "./console-routes.js";
import type { Answered, DeskRefusal, DraftAddress, RulesConsoleDesk } from "./rules-console-desk.js";

const DAYS_DEFAULT = 7;
/** Figures of more are on the pages of analytics. */
const DAYS_MAX = 31;
/** As PostgreSQL's integer holds it. */
const NUMBER = /^[1-9]\d{0,8}$/;

export function rulesConsoleRoutes(desk: RulesConsoleDesk): readonly ConsoleRoutes[] {
  const { policies, policyLookup, ...routes } = RULES_CONSOLE_ROUTES;
  return [
    {
      prefix: "/v1/console/rules",
      routes,
      handlers: { ...readers(desk), ...editors(desk), ...workers(desk) },
    },
    {
      prefix: "/v1/console/policies",
      routes: { policies, policyLookup },
      handlers: policyReaders(desk),
    },
  ];
}

type Handlers<Name extends RulesConsoleRouteName> = Readonly<Record<Name, Handler>>;

function readers(desk: RulesConsoleDesk): Handlers<"catalogue" | "figures" | "breaker"> {
  return {
    catalogue: async ({ query }) => given(desk.catalogue(versionOf(query.version))),
    figures: async ({ query, caller }) =>
      given(desk.figures({ days: daysOf(query.days), scope: caller.scope })),
    breaker: async () => desk.breaker(),
  };
}

function editors(
  desk: RulesConsoleDesk,
): Handlers<
  "drafts" | "startDraft" | "draft" | "editRule" | "lintRule" | "commentDraft" | "saveDraft" | "dropDraft"
> {
  const editing =
    (isStored: boolean): Handler =>
    async (asked) =>
      given(
        desk.editRule({
          ...addressOf(asked),
          rule: asked.path.rule!,
          edit: asked.body as z.infer<typeof ruleEdit>,
          isStored,
        }),
      );
  return {
    drafts: async ({ caller }) => ({ drafts: await desk.drafts(caller.name) }),
    startDraft: async ({ caller, body }) =>
      given(desk.startDraft(caller.name, (body as z.infer<typeof draftStart>).baseVersion)),
    draft: async (asked) => given(desk.draft(addressOf(asked))),
    editRule: editing(true),
    lintRule: editing(false),
    commentDraft: async (asked) =>
      given(desk.commentDraft({ ...addressOf(asked), ...(asked.body as z.infer<typeof draftComment>) })),
    saveDraft: async (asked) =>
      given(desk.saveDraft({ ...addressOf(asked), ...(asked.body as z.infer<typeof draftSave>) })),
    dropDraft: async (asked) => given(desk.dropDraft(addressOf(asked))),
  };
}

function workers(desk: RulesConsoleDesk): Handlers<"jobs" | "startJob" | "job" | "cancelJob"> {
  return {
    jobs: async ({ query }) => ({ jobs: await desk.jobs(kindOf(query.kind)) }),
    startJob: async ({ body, caller }) => given(desk.startJob(body as JobStart, caller.name)),
    job: async ({ path, caller }) => given(desk.job(path.job!, caller.scope)),
    cancelJob: async ({ path }) => given(desk.cancelJob(path.job!)),
  };
}

function policyReaders(desk: RulesConsoleDesk): Handlers<"policies" | "policyLookup"> {
  return {
    policies: async () => desk.policies(),
    policyLookup: async ({ query }) => desk.policyLookup(lookupOf(query)),
  };
}

async function given<Answer extends object>(answer: Answered<Answer>): Promise<Answer> {
  const answered = await answer;
  if (!isRefusal(answered)) return answered;
  throw new ConsoleRefusal(answered.refused, RULES_CONSOLE_PROBLEMS[answered.refused], answered.detail);
}

function isRefusal(answer: object): answer is DeskRefusal {
  return "refused" in answer;
}

function addressOf({ caller, path }: Asked): DraftAddress {
  return { author: caller.name, draftId: path.draft! };
}

function versionOf(text: string | undefined): number | null {
  if (text === undefined || text === "") return null;
  if (NUMBER.test(text)) return Number(text);
  throw casesRefusal("BODY_INVALID", `version: expected the number of a version`);
}

function daysOf(text: string | undefined): number {
  if (text === undefined) return DAYS_DEFAULT;
  const days = NUMBER.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= DAYS_MAX) return days;
  throw casesRefusal("BODY_INVALID", `days: expected a whole number from 1 to ${DAYS_MAX}`);
}

function kindOf(text: string | undefined) {
  if (text === undefined || text === "") return null;
  const kind = JOB_KINDS.find((one) => one === text);
  if (kind !== undefined) return kind;
  throw casesRefusal("BODY_INVALID", `kind: expected one of ${JOB_KINDS.join(", ")}`);
}

function lookupOf({ region, credential = "card", acceptedAt }: Asked["query"]) {
  const asked = regionShape.safeParse(region);
  if (!asked.success)
    throw casesRefusal("BODY_INVALID", "region: expected a division code of 2, 4 or 6 digits");
  const known = CREDENTIALS.find((one) => one === credential);
  if (known === undefined)
    throw casesRefusal("BODY_INVALID", `credential: expected one of ${CREDENTIALS.join(", ")}`);
  return { region: asked.data, credential: known, acceptedAtMs: instantOf(acceptedAt) };
}

function instantOf(text: string | undefined): number | null {
  if (text === undefined || text === "") return null;
  const ms = INSTANT_PATTERN.test(text) ? parseInstantMs(text) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw casesRefusal("BODY_INVALID", "acceptedAt: expected an instant such as 2026-03-01T10:00:00+08:00");
}
