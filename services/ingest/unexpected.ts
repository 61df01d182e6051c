/**
 * An exception while one record was looked at: a defect of ours, never expected. It must stop no other record, so it
 * ends as a refusal; what the log or a store throws is none of these and is thrown on by whoever writes there.
 */
import type { JournalRecord } from "../../schemas/journal.js";
import { type Refusal, refusal } from "./refusal.js";

/** Runs what only looks at one record, and never waits for anything. */
export function judgedAlone(
  accept: () => JournalRecord | Refusal,
  onUnexpected: (error: unknown) => void = () => {},
): JournalRecord | Refusal {
  try {
    return accept();
  } catch (error) {
    onUnexpected(error);
    return unexpected(error);
  }
}

/** Names the kind of error; its message may hold what was sent. */
export function unexpected(error: unknown): Refusal {
  const kind = error instanceof Error ? error.name : typeof error;
  const { reason, ...rest } = refusal("RECORD_FAILED");
  return { ...rest, reason: `${reason} (${kind})` };
}
