/** Readiness of a process that follows a log: it is ready while it is not far behind. */

import type { Readiness } from "../../schemas/http/readiness.js";
import { NOT_BOOTSTRAPPED } from "../../services/ingest/authorization-route.js";

/** Some seconds of a city's peak: an analyst or a cardholder notices nothing of it. */
export const LAG_RECORDS_MAX = 20_000;

/** No lost card of before is known: answers are degraded. */
export const BOOTSTRAP_REASON = `${NOT_BOOTSTRAPPED}: no snapshot of known losses yet; 'kadun import-status FILE', or 'kadun topics create --cold-start'`;

export const LOG_AWAY = "LOG_UNREACHABLE: the log does not tell how long it is; see the log of this process";

/** @param partitions lag null where the log could not be asked. */
export function reasonsOfLag(partitions: readonly { readonly lag: number | null }[]): Readiness {
  if (partitions.some(({ lag }) => lag === null))
    return {
      ready: false,
      reasons: [LOG_AWAY],
    };
  const behind = partitions.reduce((sum, { lag }) => sum + (lag ?? 0), 0);
  if (behind <= LAG_RECORDS_MAX) return { ready: true, reasons: [] };
  return {
    ready: false,
    reasons: [`CATCHING_UP: ${behind} records behind, ready from ${LAG_RECORDS_MAX} on; wait`],
  };
}
