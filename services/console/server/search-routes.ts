/** `/v1/console/search`: everything that a text can be, looked up by keys and indexes only. */

import type { Scope } from "../../../schemas/console/access.js";
import type { SearchAnswer, SearchHit, SearchKind } from "../../../schemas/http/subjects.js";
import { SEARCH_ROUTES } from "../../../schemas/http/subjects-routes.js";
import type { ConsoleRoutes, Handler } from "./console-routes.js";
import { caseCodeOf, searchKinds, TYPED_LENGTH_MAX } from "./search-kinds.js";
import { orAway, subjectsRefusal } from "./subjects-figures.js";
import type { SubjectsParts } from "./subjects-routes.js";

const INSTITUTIONS_SHOWN_MAX = 20;

interface Found {
  readonly hits: readonly SearchHit[];
  readonly isCut?: boolean;
  readonly isAway?: boolean;
}

type SearchParts = Omit<SubjectsParts, "clock">;

export function searchRoutes(parts: SearchParts): ConsoleRoutes {
  const handlers = {
    search: async ({ query, caller }) => search(parts, typedOf(query.q), caller.scope),
  } satisfies Readonly<Record<keyof typeof SEARCH_ROUTES, Handler>>;
  return { prefix: "/v1/console/search", routes: SEARCH_ROUTES, handlers };
}

async function search(parts: SearchParts, typed: string, scope: Scope): Promise<SearchAnswer> {
  const looksLike = searchKinds(typed);
  const found = await Promise.all(looksLike.map((kind) => lookUp(parts, { kind, typed, scope })));
  return {
    looksLike: [...looksLike],
    hits: found.flatMap(({ hits }) => hits),
    isCut: found.some(({ isCut }) => isCut === true),
    figuresAway: found.some(({ isAway }) => isAway === true),
  };
}

interface Asked {
  readonly kind: SearchKind;
  readonly typed: string;
  readonly scope: Scope;
}

async function lookUp(parts: SearchParts, { kind, typed, scope }: Asked): Promise<Found> {
  const { desk, register } = parts;
  switch (kind) {
    case "case-code": {
      const found = await desk.caseOfCode(caseCodeOf(typed), scope);
      return { hits: found === null ? [] : [{ kind: "case", by: kind, found }] };
    }
    case "case": {
      const found = await desk.caseOfId(typed, scope);
      return { hits: found === null ? [] : [{ kind, by: kind, found }] };
    }
    case "card-tail": {
      const { cases, isCut } = await desk.casesOfCardTail(typed, scope);
      return { hits: cases.map((found) => ({ kind: "case", by: kind, found })), isCut };
    }
    case "appeal": {
      const found = await desk.appealOfNumber(typed.toUpperCase(), scope);
      return { hits: found === null ? [] : [{ kind, found }] };
    }
    case "person": {
      const personKey = typed.toLowerCase();
      const found = await desk.person(personKey, scope);
      return { hits: found === null ? [] : [{ kind, found: { personKey, isWhole: found.isWhole } }] };
    }
    case "institution": {
      const found = await register.search(typed, scope, INSTITUTIONS_SHOWN_MAX + 1);
      const hits = found.slice(0, INSTITUTIONS_SHOWN_MAX).map((one) => ({ kind, found: one }));
      return { hits, isCut: found.length > INSTITUTIONS_SHOWN_MAX };
    }
    case "event":
      return eventOf(parts, typed, scope);
    default:
      return kind satisfies never;
  }
}

async function eventOf({ desk, figures }: SearchParts, eventId: string, scope: Scope): Promise<Found> {
  const { value: found, isAway } = await orAway(figures.findEvent({ scope, eventId }));
  if (found === null) return { hits: [], isAway };
  const caseId = await desk.caseIdOfDecision(found.decisionId, scope);
  return { hits: [{ kind: "event", found, caseId }] };
}

function typedOf(text: string | undefined): string {
  const typed = (text ?? "").trim();
  if (typed !== "" && typed.length <= TYPED_LENGTH_MAX) return typed;
  throw subjectsRefusal("QUERY_INVALID", `q: expected 1 to ${TYPED_LENGTH_MAX} characters`);
}
