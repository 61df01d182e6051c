/**
 * Port: where the outbox puts its records: ingest.
 *
 * What an adapter promises
 * - **put()** resolves when every record is durable in the journal or refused for good, one answer each, in the order
 *   given. A record that is given again is the same record to whoever takes it (by its eventId).
 * - It rejects where nothing is known of any of them: no answer, no room, a key that is not let in. All of them are
 *   given again then.
 */

import type { JournalPath } from "./journal-outbox.js";

export type PutResult =
  | { readonly kind: "stored" }
  /** It will never be taken. */
  | { readonly kind: "refused"; readonly code: string; readonly reason: string };

export interface JournalIntake {
  /** @param bodies JSON texts without line breaks. */
  put(path: JournalPath, bodies: readonly string[]): Promise<readonly PutResult[]>;
}
