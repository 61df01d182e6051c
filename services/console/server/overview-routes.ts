/** Today: from what was asked to the desks and back. */

import type { Clock } from "../../../platform/clock/clock.js";
import { NEED_KINDS, NEED_PERMISSIONS } from "../../../schemas/http/overview.js";
import { OVERVIEW_ROUTES } from "../../../schemas/http/overview-routes.js";
import { formatInstant } from "../../../schemas/instant.js";
import { casesRefusal } from "./console-problem.js";
import type { ConsoleRoutes, Handler } from "./console-routes.js";
import { type LiveRooms, STREAMS_MAX, STREAMS_OF_PERSON_MAX } from "./live-rooms.js";
import { liveAnswer } from "./live-stream.js";
import type { OverviewDesk } from "./overview-desk.js";
import type { OverviewReader } from "./overview-reader.js";
import type { Reconciliations } from "./reconciliations.js";

export interface OverviewParts {
  readonly reader: OverviewReader;
  readonly desk: OverviewDesk;
  readonly live: LiveRooms;
  readonly reconciliations: Reconciliations;
  readonly clock: Clock;
}

const { overview, needs, live, reconcile, reconciliation } = OVERVIEW_ROUTES;

export function overviewRoutes(parts: OverviewParts): readonly ConsoleRoutes[] {
  const { reader, desk, reconciliations, clock } = parts;
  return [
    {
      prefix: "/v1/console/overview",
      routes: { overview, needs },
      handlers: {
        overview: ({ caller }) => reader.read(caller.scope),
        needs: async ({ caller }) => {
          const { name, scope, permissions } = caller;
          const kinds = NEED_KINDS.filter((kind) => permissions.has(NEED_PERMISSIONS[kind]));
          return { asOf: formatInstant(clock.now()), needs: await desk.needs({ name, scope, kinds }) };
        },
      },
    },
    { prefix: live.path, routes: { live }, handlers: { live: listening(parts.live) } },
    {
      prefix: reconcile.path,
      routes: { reconcile, reconciliation },
      handlers: {
        reconcile: async ({ caller }) => reconciliations.begin(caller.name),
        reconciliation: async () => reconciliations.current,
      },
    },
  ];
}

function listening(rooms: LiveRooms): Handler {
  return async ({ caller, gone, readmitted, lastEventId }) => {
    const events = rooms.listen({ caller, gone, readmitted, lastId: lastEventId });
    if (events !== null) return liveAnswer(events);
    throw casesRefusal(
      "STREAMS_FULL",
      `at most ${STREAMS_OF_PERSON_MAX} of one person and ${STREAMS_MAX} of all are open at a time; close others, or ask for /v1/console/overview now and then`,
    );
  };
}
