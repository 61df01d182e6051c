/** What whoever signs in or keeps accounts is refused. */

import {
  CONSOLE_ACCESS_PROBLEMS,
  type ConsoleAccessProblemCode,
} from "../../../schemas/http/console-access-problem.js";
import { ConsoleRefusal } from "../server/console-problem.js";

export function accessRefusal(code: ConsoleAccessProblemCode, detail: string): ConsoleRefusal {
  return new ConsoleRefusal(code, CONSOLE_ACCESS_PROBLEMS[code], detail);
}

/** Nothing was looked at. */
export function tooManyTries(untilMs: number, nowMs: number): ConsoleRefusal {
  const waitSeconds = Math.max(1, Math.ceil((untilMs - nowMs) / 1000));
  return new ConsoleRefusal(
    "TRIES_EXCEEDED",
    CONSOLE_ACCESS_PROBLEMS.TRIES_EXCEEDED,
    `nothing is looked at for ${waitSeconds} seconds; open sessions go on, and an administrator can give a new one-time link`,
    { waitSeconds },
  );
}
