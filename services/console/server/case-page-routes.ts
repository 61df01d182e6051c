/** `/v1/console/cases/…`: from what was asked to the desks and back. */

import type * as z from "zod";
import type { draftBody, unmaskBody } from "../../../schemas/http/case-page.js";
import { CASE_PAGE_ROUTES, type CasePageRouteName } from "../../../schemas/http/case-page-routes.js";
import type { CasePageDesk, CaseSubject } from "./case-page-desk.js";
import { refusal } from "./case-page-refusal.js";
import { caseTimeline, type TimelineParts, timelineKinds } from "./case-page-timeline.js";
import type { Asked, ConsoleRoutes, Handler } from "./console-routes.js";
import { FiguresAway, NEIGHBOURS_DAYS_MAX } from "./figures-desk.js";

export interface CasePageParts extends TimelineParts {
  readonly desk: CasePageDesk;
  readonly now: () => number;
}

const DAY_MS = 86_400_000;

export function casePageRoutes(parts: CasePageParts): ConsoleRoutes {
  const { desk } = parts;
  const ofCase =
    (answer: (subject: CaseSubject, asked: Asked) => Promise<unknown>): Handler =>
    async (asked) => {
      const subject = await desk.subject(asked.path.id!, asked.caller.scope);
      if (subject === null) throw refusal("NOT_FOUND", "there is no such case; GET /v1/cases lists them");
      return answer(subject, asked);
    };
  const draftsOf = async ({ caseId }: CaseSubject, { caller }: Asked) => ({
    drafts: await desk.drafts(caseId, caller.name),
  });
  const handlers = {
    timeline: ofCase((subject, { query, caller }) => {
      const kinds = timelineKinds(query.kinds);
      if (kinds === null) throw refusal("BODY_INVALID", `kinds: ${CASE_PAGE_ROUTES.timeline.query.kinds}`);
      return caseTimeline(parts, { subject, scope: caller.scope, kinds, after: query.after ?? null });
    }),
    graph: ofCase((subject, asked) => graphOf(parts, subject, asked)),
    drafts: ofCase(draftsOf),
    keepDraft: ofCase(async (subject, asked) => {
      const { field, text } = asked.body as z.infer<typeof draftBody>;
      await desk.keepDraft({ caseId: subject.caseId, person: asked.caller.name, field, text });
      return draftsOf(subject, asked);
    }),
    unmask: ofCase(async (subject, { caller, body }) => {
      const { caseId } = subject;
      const { reason } = body as z.infer<typeof unmaskBody>;
      const result = await desk.unmask({ caseId, personKey: personOf(subject), actor: caller.name, reason });
      if (result.kind === "refused") throw refusal(result.code, result.detail);
      return result.unmasked;
    }),
    colleagues: ofCase(async () => ({ names: await desk.colleagues() })),
  } satisfies Readonly<Record<CasePageRouteName, Handler>>;
  return { prefix: "/v1/console/cases", routes: CASE_PAGE_ROUTES, handlers };
}

async function graphOf({ figures, now }: CasePageParts, subject: CaseSubject, { query, caller }: Asked) {
  const days = Number(query.days ?? NEIGHBOURS_DAYS_MAX);
  if (!Number.isInteger(days) || days < 1 || days > NEIGHBOURS_DAYS_MAX)
    throw refusal("BODY_INVALID", `days: expected a whole number from 1 to ${NEIGHBOURS_DAYS_MAX}`);
  const to = now();
  try {
    return await figures.neighbours({
      scope: caller.scope,
      personKey: personOf(subject),
      range: { from: to - days * DAY_MS, to },
    });
  } catch (error) {
    if (error instanceof FiguresAway) throw refusal("FIGURES_AWAY", error.message);
    throw error;
  }
}

function personOf({ personKey }: CaseSubject): string {
  if (personKey === null)
    throw refusal(
      "NO_PERSON",
      "the case is of an institution, a terminal or the like; open the person's own case",
    );
  return personKey;
}
