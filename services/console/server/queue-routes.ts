/** `/v1/console/queue`: from what was asked to the desk and back. */

import { type AskedFilter, readQueueFilter } from "../../../schemas/console/queue-filter.js";
import {
  QUEUE_PAGE_DEFAULT,
  QUEUE_PAGE_MAX,
  type QueueOperationBody,
  type QueueViewBody,
} from "../../../schemas/http/queue.js";
import { QUEUE_PROBLEMS, type QueueProblemCode } from "../../../schemas/http/queue-problem.js";
import { QUEUE_ROUTES } from "../../../schemas/http/queue-routes.js";
import { ConsoleRefusal } from "./console-problem.js";
import type { Asked, ConsoleRoutes, Handler } from "./console-routes.js";
import type { QueueDesk } from "./queue-desk.js";

export function queueRoutes(desk: QueueDesk): ConsoleRoutes {
  const ownViews = async ({ caller }: Asked) => ({ views: await desk.views(caller.name) });
  const ownOperation = async ({ caller, path }: Asked) => {
    const found = await desk.operation(caller.name, path.operation!);
    if (found === null) throw refusal("OPERATION_UNKNOWN", "GET …/operations lists yours");
    return found;
  };
  const handlers = {
    page: async (asked) => {
      const { query, caller } = asked;
      const page = await desk.page({
        filter: filterOf(asked),
        scope: caller.scope,
        after: query.after ?? null,
        limit: limitOf(query.limit),
      });
      if (page === null) throw refusal("QUERY_INVALID", "after: expected what the last page said");
      return page;
    },
    count: async (asked) => desk.count({ filter: filterOf(asked), scope: asked.caller.scope }),
    views: ownViews,
    saveView: async (asked) => {
      const view = asked.body as QueueViewBody;
      const read = readQueueFilter(Object.fromEntries(new URLSearchParams(view.query)));
      if (read.kind === "invalid") throw refusal("QUERY_INVALID", `query: ${read.detail}`);
      if (!(await desk.saveView(asked.caller.name, view)))
        throw refusal("VIEWS_FULL", "remove one, or save it under the name of one");
      return ownViews(asked);
    },
    removeView: async (asked) => {
      if (!(await desk.removeView(asked.caller.name, asked.path.view!)))
        throw refusal("VIEW_UNKNOWN", "GET …/views lists yours");
      return ownViews(asked);
    },
    operations: ({ caller }) => desk.operations(caller.name),
    operate: async ({ caller, body }) => {
      const { name: actor, scope } = caller;
      const operation = await desk.operate({ ...(body as QueueOperationBody), actor, scope });
      if (operation === null) throw refusal("OPERATIONS_WAITING", "wait until one of them is done");
      return operation;
    },
    operation: ownOperation,
    takeBack: async (asked) => {
      const operation = await ownOperation(asked);
      if (!(await desk.takeBack(asked.caller.name, operation.operationId)))
        throw refusal("OPERATION_BEGUN", "what it did stands in each case; work there goes on");
      return ownOperation(asked);
    },
  } satisfies Readonly<Record<keyof typeof QUEUE_ROUTES, Handler>>;
  return { prefix: "/v1/console/queue", routes: QUEUE_ROUTES, handlers };
}

function filterOf({ query, caller }: Asked): AskedFilter {
  const read = readQueueFilter(query);
  if (read.kind === "invalid") throw refusal("QUERY_INVALID", read.detail);
  const { assignee, ...filter } = read.filter;
  if (assignee.kind !== "person") return { ...filter, assignee };
  return { ...filter, assignee: { kind: "person", name: assignee.name ?? caller.name } };
}

function limitOf(given: string | undefined): number {
  if (given === undefined) return QUEUE_PAGE_DEFAULT;
  const limit = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  if (limit < 1 || limit > QUEUE_PAGE_MAX)
    throw refusal("QUERY_INVALID", `limit: expected 1 to ${QUEUE_PAGE_MAX}`);
  return limit;
}

function refusal(code: QueueProblemCode, detail: string): ConsoleRefusal {
  return new ConsoleRefusal(code, QUEUE_PROBLEMS[code], detail);
}
