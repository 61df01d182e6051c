/** Everything that the console's pages ask of PostgreSQL and that grows with what Kadun has seen. */

import type { AlertsQuery } from "./alerts-query.js";
import { CASE_QUERIES } from "./case-queries.js";
import { OFFICE_QUERIES } from "./office-queries.js";
import { OVERVIEW_QUERIES } from "./overview-queries.js";
import { QUEUE_QUERIES } from "./queue-queries.js";

export const ALERTS_QUERIES: readonly AlertsQuery[] = [
  ...QUEUE_QUERIES,
  ...CASE_QUERIES,
  ...OVERVIEW_QUERIES,
  ...OFFICE_QUERIES,
];
