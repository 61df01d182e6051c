/** Day proofs as every profile starts them. */

import type { OpenDatabase } from "../../platform/database/database.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { type DayProofs, startDayProofs } from "../../services/evidence/day-proofs/day-proofs-service.js";
import type { ProcessPlatform } from "../platforms.js";
import type { EvidenceKeys } from "./evidence-keys.js";

export interface ProofsPlatform extends ProcessPlatform {
  readonly log: EventLog;
  /** With the topic of day proofs. */
  readonly proofsLog: EventLog;
  readonly database: OpenDatabase;
}

export interface ProofsOptions {
  readonly folder: string;
  readonly keys: EvidenceKeys;
}

/** @throws EventLogError. */
export function startProofs(platform: ProofsPlatform, options: ProofsOptions): Promise<DayProofs> {
  const { proofsLog: publication } = platform;
  const { folder, keys } = options;
  return startDayProofs({ ...platform, publication, folder, signer: () => keys.signer() });
}
