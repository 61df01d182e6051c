/** The queue of cases as every profile mounts it, with whoever does what was asked of many cases. */

import { randomUUID } from "node:crypto";
import type { Clock } from "../../platform/clock/clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import type { QueueAnswer } from "../../schemas/http/queue.js";
import { formatInstant } from "../../schemas/instant.js";
import {
  OperationRunner,
  type OperationRunnerOptions,
} from "../../services/alerts/queue/operation-runner.js";
import { QueueOperations } from "../../services/alerts/queue/queue-operations.js";
import { queueCount, queuePage } from "../../services/alerts/queue/queue-page.js";
import { placeOfCursor } from "../../services/alerts/queue/queue-places.js";
import { QueueViews } from "../../services/alerts/queue/queue-views.js";
import type { QueueDesk } from "../../services/console/server/queue-desk.js";
import type { InstitutionRegisterDesk } from "../../services/console/server/subjects-desk.js";
import type { ProcessPlatform } from "../platforms.js";
import type { Closers } from "./closers.js";

export interface QueueOptions extends Pick<OperationRunnerOptions, "change" | "activePeople"> {
  readonly register: Pick<InstitutionRegisterDesk, "find">;
  /** What time it is on the page. */
  readonly dayClock: Pick<Clock, "now">;
}

export function startQueue(
  { database, clock, logger }: ProcessPlatform & { readonly database: OpenDatabase },
  { register, dayClock, ...work }: QueueOptions,
  closers: Closers,
): QueueDesk {
  const stopping = new AbortController();
  const ended = new OperationRunner({ database, clock, logger, ...work }).run(stopping.signal);
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
      return named(await queuePage(database, { ...asked, after: place, nowMs: dayClock.now() }), register);
    },
    count: (asked) => queueCount(database, asked),
    views: (reader) => views.list(reader),
    saveView: (owner, view) => views.save({ ...view, owner, viewId: randomUUID(), nowMs: clock.now() }),
    removeView: (owner, viewId) => views.remove(viewId, owner),
    operations: async (actor) => ({
      operations: [...(await operations.list(actor))],
      now: formatInstant(clock.now()),
    }),
    operation: (actor, operationId) => operations.show(operationId, actor),
    operate: (asked) => operations.ask({ ...asked, operationId: randomUUID(), nowMs: clock.now() }),
    takeBack: (actor, operationId) => operations.takeBack(operationId, actor, clock.now()),
  };
}

/** Each institution of a page is looked up once: a hundred cases name some dozens. */
async function named(page: QueueAnswer, register: QueueOptions["register"]): Promise<QueueAnswer> {
  const ids = new Set(
    page.items.flatMap((item) => item.institutions.map(({ institutionId }) => institutionId)),
  );
  const found = await Promise.all(
    [...ids].map(async (id) => [id, (await register.find(id))?.name ?? null] as const),
  );
  const names = new Map(found);
  return {
    ...page,
    items: page.items.map((item) => ({
      ...item,
      institutions: item.institutions.map(({ institutionId }) => ({
        institutionId,
        name: names.get(institutionId) ?? null,
      })),
    })),
  };
}
