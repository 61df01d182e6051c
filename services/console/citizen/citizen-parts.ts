/** What the pages are made of, once: handed to every route. */

import type { Clock } from "../../../platform/clock/clock.js";
import type { Logger } from "../../../platform/logger/logger.js";
import type { CitizenDesk } from "./citizen-desk.js";
import type { Door } from "./door/door.js";
import type { DoorHash } from "./door/door-hash.js";
import type { Sessions } from "./door/sessions.js";
import type { Tallies } from "./door/tallies.js";

export interface CitizenParts {
  readonly desk: CitizenDesk;
  readonly door: Door;
  readonly sessions: Sessions;
  readonly tallies: Tallies;
  readonly hash: DoorHash;
  readonly clock: Clock;
  readonly logger: Logger;
  /** `https://yb.example.cn`; null: whatever host is asked, without TLS (tests, one machine). */
  readonly origin: string | null;
}
