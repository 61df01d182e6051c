/** The queue of cases as every profile mounts it, with whoever does what was asked of many cases. */

import { randomUUID } from "node:crypto";
import type { Clock } from "../../platform/clock/clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import {
  OperationRunner,
  type OperationRunnerOptions,
} from "../../services/alerts/queue/operation-runner.js";
import { QueueOperations } from "../../services/alerts/queue/queue-operations.js";
import { queueCount, queuePage } from "../../services/alerts/queue/queue-page.js";
import { placeOfCursor } from "../../services/alerts/queue/queue-places.js";
import { QueueViews } from "../../services/alerts/queue/queue-views.js";
import type { QueueDesk } from "../../services/console/server/queue-desk.js";
import type { ProcessPlatform } from "../platforms.js";
import type { Closers } from "./closers.js";

export function startQueue(
  { database, clock, logger }: ProcessPlatform & { readonly database: OpenDatabase },
  {
    dayClock,
    ...options
  }: Pick<OperationRunnerOptions, "change" | "activePeople"> & { readonly dayClock: Pick<Clock, "now"> },
  closers: Closers,
): QueueDesk {
  const stopping = new AbortController();
  const ended = new OperationRunner({ database, clock, logger, ...options }).run(stopping.signal);
  closers.add({
    close: async () => {
      stopping.abort();
      await ended;
    },
  });
  const [views, operations] = [new QueueViews(database), new QueueOperations(database)];
  return {
    page: async ({ after, ...asked }) => {
      const place = after === null ? null : placeOfCursor(after);
      if (after !== null && place === null) return null;
      return queuePage(database, { ...asked, after: place, nowMs: dayClock.now() });
    },
    count: (asked) => queueCount(database, asked),
    views: (reader) => views.list(reader),
    saveView: (owner, view) => views.save({ ...view, owner, viewId: randomUUID(), nowMs: clock.now() }),
    removeView: (owner, viewId) => views.remove(viewId, owner),
    operations: (actor) => operations.list(actor),
    operation: (actor, operationId) => operations.show(operationId, actor),
    operate: (asked) => operations.ask({ ...asked, operationId: randomUUID(), nowMs: clock.now() }),
    takeBack: (actor, operationId) => operations.takeBack(operationId, actor, clock.now()),
  };
}
