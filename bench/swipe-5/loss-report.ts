/** The job's losses as the product's: a card-status record of each lost person. */

import { formatInstant } from "../../schemas/instant.js";
import type { CanonicalCardStatus } from "../../schemas/journal.js";
import { BASE_MS } from "./generator.js";

/** Before every swipe of a stream. */
const LOST_SINCE = formatInstant(BASE_MS - 365 * 86_400_000);

/** A formal report of the person's card: in effect at once, without an end. */
export function lossReportOf(psnNo: string): CanonicalCardStatus {
  return {
    type: "card-status",
    eventId: `lost-${psnNo}`,
    occurredAt: LOST_SINCE,
    personKey: psnNo.padStart(32, "0"),
    credential: "card",
    action: "confirm-loss",
    region: psnNo.slice(0, 6),
    acceptedAt: LOST_SINCE,
    effectiveAt: LOST_SINCE,
    verified: true,
    contentHash: psnNo.slice(2),
  };
}
