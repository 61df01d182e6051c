/** Whether the office does all of its work: it is not far behind the logs, and nothing needs a person. */

import type { Readiness } from "../../schemas/http/readiness.js";
import { reasonsOfLag } from "../process/lag-reasons.js";

type Partitions = Parameters<typeof reasonsOfLag>[0];

export interface OfficeState {
  readonly analytics: Partitions;
  readonly alerts: Partitions;
  readonly alarms: readonly string[];
}

export function officeReadiness({ analytics, alerts, alarms }: OfficeState): Readiness {
  const behind = Object.entries({ analytics, alerts }).flatMap(([service, partitions]) =>
    reasonsOfLag(partitions).reasons.map((reason) => `${service}: ${reason}`),
  );
  const reasons = [...behind, ...alarms];
  return { ready: reasons.length === 0, reasons };
}
