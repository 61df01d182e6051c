/** Day proofs as every profile starts them. */

import type { OpenDatabase } from "../../platform/database/database.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { type DayProofs, startDayProofs } from "../../services/evidence/day-proofs/day-proofs-service.js";
import { KeyRing } from "../../services/evidence/keys/key-ring.js";
import type { ProcessPlatform } from "../platforms.js";

export interface ProofsPlatform extends ProcessPlatform {
  readonly log: EventLog;
  /** With the topic of day proofs. */
  readonly proofsLog: EventLog;
  readonly database: OpenDatabase;
}

export interface ProofsOptions {
  readonly folder: string;
  /** The key ring; made where there is none. */
  readonly keysFile: string;
}

/** @throws KeyRingError, EventLogError. */
export function startProofs(platform: ProofsPlatform, options: ProofsOptions): Promise<DayProofs> {
  const { proofsLog: publication, clock } = platform;
  // Now, and not at the first line.
  KeyRing.open(options.keysFile, clock.now());
  // Read for each line: a rotation is another process's.
  const signer = () => KeyRing.open(options.keysFile, clock.now()).signer();
  return startDayProofs({ ...platform, publication, folder: options.folder, signer });
}
