/** The sender of the journal's outbox as every profile starts it, where the gateway is known: office and console. */

import type { OpenDatabase } from "../../platform/database/database.js";
import { JournalSender } from "../../services/alerts/journal-outbox/journal-sender.js";
import type { ProcessPlatform } from "../platforms.js";
import type { Gateway } from "./activation-client.js";
import { HttpJournalIntake } from "./journal-intake.js";

export interface JournalOutboxProcess {
  /** Records that ingest does not have yet. */
  pending(): Promise<number>;
  /** After the request under way. Idempotent. */
  close(): Promise<void>;
}

/** @param gateway where ingest is, asked at each call. The database is migrated. */
export function startJournalOutbox(
  platform: ProcessPlatform & { readonly database: OpenDatabase },
  gateway: () => Gateway,
): JournalOutboxProcess {
  const stopping = new AbortController();
  const sender = new JournalSender({ ...platform, intake: new HttpJournalIntake(gateway) });
  const ended = sender.run(stopping.signal);
  return {
    pending: () => sender.pendingCount(),
    close: async () => {
      stopping.abort();
      await ended;
    },
  };
}
