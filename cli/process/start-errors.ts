/** What can go wrong when a process opens its parts, as one message with the fix; anything else is a fault of ours. */

import { AnalyticsError } from "../../platform/analytics/analytics-database.js";
import { DatabaseError } from "../../platform/database/database.js";
import { EventLogError } from "../../platform/event-log/event-log.js";
import { KeyValueError } from "../../platform/key-value/key-value.js";
import { DataDirectoryError } from "../../platform/lifecycle/data-directory.js";
import { KeyFileError } from "../../platform/lifecycle/key-file.js";
import { OwnerLockError } from "../../platform/lifecycle/owner-lock.js";
import { SmsGatewayError } from "../../platform/sms-gateway/sms-gateway.js";
import { StateStoreError } from "../../platform/state-store/state-store.js";
import { MigrationError } from "../../services/analytics/migrations.js";
import { DetectorError } from "../../services/detector/detector-error.js";
import { PartitionStateError } from "../../services/detector/partition-state.js";
import { NetworksError } from "../../services/ingest/networks.js";
import { OperatingError } from "../exit-status.js";

const EXPECTED = [
  AnalyticsError,
  DatabaseError,
  DataDirectoryError,
  DetectorError,
  EventLogError,
  KeyFileError,
  KeyValueError,
  MigrationError,
  NetworksError,
  OwnerLockError,
  PartitionStateError,
  SmsGatewayError,
  StateStoreError,
] as const;

/** The error to end with: an operating error where somebody outside can mend it. */
export function startError(
  error: unknown,
  listening: { readonly port: number; readonly option: string },
): unknown {
  if (EXPECTED.some((type) => error instanceof type)) return new OperatingError((error as Error).message);
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (syscall === "listen") return listenError(error, code, listening);
  // A file or folder: the same codes mean something else there.
  if (code !== undefined && path !== undefined)
    return new OperatingError(
      `${path}: ${syscall} failed (${code}); give the user that runs this program the right to, free the disk, or name another directory with --data`,
    );
  return error;
}

function listenError(
  error: unknown,
  code: string | undefined,
  { port, option }: { readonly port: number; readonly option: string },
): unknown {
  switch (code) {
    case "EADDRINUSE":
      return new OperatingError(
        `port ${port}: another program listens on it; end that one, or name another port with ${option}`,
      );
    case "EACCES":
      return new OperatingError(
        `port ${port}: not allowed to listen on it; name one above 1023 with ${option}`,
      );
    case "EADDRNOTAVAIL":
      return new OperatingError(
        "--host: not an address of this machine; name one that is, 127.0.0.1 for callers on this machine only",
      );
    default:
      return error;
  }
}
