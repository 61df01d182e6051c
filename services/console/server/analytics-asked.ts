/** What is asked of the figures, from an address: ranges, regions, kinds. */

import type * as z from "zod";
import type { Clock } from "../../../platform/clock/clock.js";
import * as queries from "../../../schemas/http/analytics.js";
import { parseInstantMs } from "../../../schemas/instant.js";
import { casesRefusal } from "./console-problem.js";
import type { Asked } from "./console-routes.js";
import {
  type DecisionsFilter,
  type FiguresDesk,
  type FiguresFilter,
  RANGE_DAYS_MAX,
  type Range,
} from "./figures-desk.js";

export interface FiguresParts {
  readonly figures: FiguresDesk;
  readonly clock: Clock;
}

/** Where nothing is said. */
const RANGE_MS = 30 * 86_400_000;

export function trendOf({ figures, clock }: FiguresParts, asked: Asked) {
  const { bucket, rule, ...query } = queryOf(queries.trendQuery, asked);
  return figures.trend({ ...figuresAsked(asked, query, clock), bucket, ...(rule !== undefined && { rule }) });
}

export function rulesOf({ figures, clock }: FiguresParts, asked: Asked) {
  return figures.rules(figuresAsked(asked, queryOf(queries.rulesQuery, asked), clock));
}

export function citiesOf({ figures, clock }: FiguresParts, asked: Asked) {
  const { by, ...query } = queryOf(queries.citiesQuery, asked);
  return figures.cities({ ...figuresAsked(asked, query, clock), by });
}

export function institutionsOf({ figures, clock }: FiguresParts, asked: Asked) {
  const { by, limit, ...query } = queryOf(queries.institutionsQuery, asked);
  return figures.institutions({ ...figuresAsked(asked, query, clock), by, limit });
}

function figuresAsked({ caller, gone }: Asked, query: queries.FilterQuery, clock: Clock) {
  return { scope: caller.scope, range: rangeOf(query, clock), filter: filterOf(query), signal: gone };
}

export function rowsAsked(asked: Asked, query: z.infer<typeof queries.decisionsExportQuery>, clock: Clock) {
  const { action, rule, institution, terminal } = query;
  if (terminal !== undefined && institution === undefined)
    throw casesRefusal(
      "BODY_INVALID",
      "terminal: the same number stands at many institutions; give institution too",
    );
  const filter: DecisionsFilter = {
    ...filterOf(query),
    ...(action !== undefined && { actions: action }),
    ...(rule !== undefined && { rule }),
    ...(institution !== undefined && { institutionId: institution }),
    ...(terminal !== undefined && { terminalId: terminal }),
  };
  return { scope: asked.caller.scope, range: rangeOf(query, clock), filter, signal: asked.gone };
}

function filterOf({ insured, care, institutionKind, kind }: queries.FilterQuery): FiguresFilter {
  return {
    ...(insured !== undefined && { insuredRegion: insured }),
    ...(care !== undefined && { careRegion: care }),
    ...(institutionKind !== undefined && { institutionKind }),
    ...(kind !== undefined && { kind }),
  };
}

/** @throws ConsoleRefusal BODY_INVALID. */
export function rangeOf(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  clock: Clock,
): Range {
  const to = query.to === undefined ? clock.now() : parseInstantMs(query.to);
  const from = query.from === undefined ? to - RANGE_MS : parseInstantMs(query.from);
  const days = (to - from) / 86_400_000;
  if (!(days > 0))
    throw casesRefusal("BODY_INVALID", "from, to: expected two days that exist, the earlier first");
  if (days > RANGE_DAYS_MAX)
    throw casesRefusal(
      "BODY_INVALID",
      `from, to: at most ${RANGE_DAYS_MAX} days lie between; ask for a shorter range`,
    );
  return { from, to };
}

/** @throws ConsoleRefusal BODY_INVALID: names each field. */
export function queryOf<Shape extends z.ZodType>(shape: Shape, { query }: Asked): z.output<Shape> {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ""));
  const parsed = shape.safeParse(given);
  if (parsed.success) return parsed.data;
  const told = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "(query)"}: ${message}`);
  throw casesRefusal("BODY_INVALID", told.join("; "));
}
