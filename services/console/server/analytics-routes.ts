/** Analytics: from what was asked to the figures and back. */

import * as queries from "../../../schemas/http/analytics.js";
import { OVERVIEW_ROUTES } from "../../../schemas/http/overview-routes.js";
import {
  citiesOf,
  type FiguresParts,
  institutionsOf,
  queryOf,
  rangeOf,
  rowsAsked,
  rulesOf,
  trendOf,
} from "./analytics-asked.js";
import { decisionsFile, figureFile } from "./analytics-export.js";
import type { AppealFiguresDesk } from "./appeal-figures-desk.js";
import type { ConsoleRoutes } from "./console-routes.js";
import type { PrecisionCache } from "./precision-cache.js";

export interface AnalyticsParts extends FiguresParts {
  readonly appeals: AppealFiguresDesk;
  readonly precision: PrecisionCache;
  /** zh-CN, of a division code; "" where it has none. */
  readonly regionName: (region: string) => string;
}

export function analyticsRoutes(parts: AnalyticsParts): ConsoleRoutes {
  const {
    trend,
    rules,
    cities,
    institutions,
    precision,
    appeals,
    decisions,
    exportFigures,
    exportDecisions,
  } = OVERVIEW_ROUTES;
  const { figures, clock } = parts;
  return {
    prefix: "/v1/console/analytics",
    routes: {
      trend,
      rules,
      cities,
      institutions,
      precision,
      appeals,
      decisions,
      exportFigures,
      exportDecisions,
    },
    handlers: {
      trend: async (asked) => trendOf(parts, asked),
      rules: async (asked) => rulesOf(parts, asked),
      cities: async (asked) => citiesOf(parts, asked),
      institutions: async (asked) => institutionsOf(parts, asked),
      precision: async ({ caller }) => parts.precision.answer(caller.scope),
      appeals: async (asked) =>
        parts.appeals.appealFigures({
          scope: asked.caller.scope,
          range: rangeOf(queryOf(queries.rangeQuery, asked), clock),
        }),
      decisions: async (asked) => {
        const { after, limit, ...query } = queryOf(queries.decisionsQuery, asked);
        return figures.decisions({ ...rowsAsked(asked, query, clock), after: after ?? null, limit });
      },
      exportFigures: async (asked) => figureFile(parts, asked),
      exportDecisions: async (asked) =>
        decisionsFile(parts, rowsAsked(asked, queryOf(queries.decisionsExportQuery, asked), clock)),
    },
  };
}
