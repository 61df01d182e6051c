/** What can go wrong when a process opens its parts, as one message with the fix; anything else is a fault of ours. */

import { AnalyticsError } from "../../platform/analytics/analytics-database.js";
import { DatabaseError } from "../../platform/database/database.js";
import { EventLogError } from "../../platform/event-log/event-log.js";
import { DataDirectoryError } from "../../platform/lifecycle/data-directory.js";
import { KeyFileError } from "../../platform/lifecycle/key-file.js";
import { OwnerLockError } from "../../platform/lifecycle/owner-lock.js";
import { StateStoreError } from "../../platform/state-store/state-store.js";
import { DetectorError } from "../../services/detector/detector-error.js";
import { PartitionStateError } from "../../services/detector/partition-state.js";
import { OperatingError } from "../exit-status.js";

const EXPECTED = [
  AnalyticsError,
  DatabaseError,
  DataDirectoryError,
  DetectorError,
  EventLogError,
  KeyFileError,
  OwnerLockError,
  PartitionStateError,
  StateStoreError,
] as const;

/** The error to end with: an operating error where somebody outside can mend it. */
export function startError(
  error: unknown,
  listening: { readonly port: number; readonly option: string },
): unknown {
  if (EXPECTED.some((type) => error instanceof type)) return new OperatingError((error as Error).message);
  switch ((error as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return new OperatingError(
        `port ${listening.port}: another program listens on it; end that one, or name another port with ${listening.option}`,
      );
    case "EACCES":
      return new OperatingError(
        `port ${listening.port}: not allowed to listen on it; name one above 1023 with ${listening.option}`,
      );
    default:
      return error;
  }
}
