/** Error codes of the group protocol by what a member does about them. */

import { EventLogError } from "../../event-log.js";
import { eventLogErrorOfCode, eventLogErrorOfWire, KafkaWireError, kafkaErrorOf } from "../kafka-errors.js";

export const NONE = 0;
export const ILLEGAL_GENERATION = 22;
const INCONSISTENT_GROUP_PROTOCOL = 23;
export const UNKNOWN_MEMBER_ID = 25;
const INVALID_SESSION_TIMEOUT = 26;
export const REBALANCE_IN_PROGRESS = 27;
export const MEMBER_ID_REQUIRED = 79;

/** The coordinator could not be asked, or is another, or is not ready: look for it and try again. */
export class CoordinatorAway extends Error {
  override readonly name = "CoordinatorAway";
  constructor(override readonly cause: EventLogError) {
    super(cause.message, { cause });
  }
}

/** Of an error code that no state of membership explains. */
export function groupFailure(code: number, groupId: string): CoordinatorAway | EventLogError {
  const doing = `group "${groupId}"`;
  if (code === INCONSISTENT_GROUP_PROTOCOL)
    return new EventLogError(
      "FAILED",
      `${doing}: it has members that share partitions out in another way (a consumer of another program?). End those, or use another group id`,
    );
  if (code === INVALID_SESSION_TIMEOUT)
    return new EventLogError(
      "FAILED",
      `${doing}: the session time-out lies outside of the server's group.min.session.timeout.ms and group.max.session.timeout.ms`,
    );
  const error = eventLogErrorOfCode(code, doing);
  const { retryable, staleCoordinator } = kafkaErrorOf(code);
  return retryable || staleCoordinator ? new CoordinatorAway(error) : error;
}

/** Of whatever a request to the coordinator was rejected with. */
export function requestFailure(thrown: unknown, groupId: string): unknown {
  const error = thrown instanceof KafkaWireError ? eventLogErrorOfWire(thrown, `group "${groupId}"`) : thrown;
  return error instanceof EventLogError && error.retryable ? new CoordinatorAway(error) : error;
}
