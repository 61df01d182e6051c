/** The addresses of `/v1/console/queue`: one table for the console, its page and their tests. */
import { QUEUE_QUERY_MEANINGS } from "../console/queue-filter.js";
import type { ConsoleApiRoute } from "./console-api.js";
import * as queue from "./queue.js";

const QUEUE = "/v1/console/queue";
const VIEWS = `${QUEUE}/views`;
const OPERATIONS = `${QUEUE}/operations`;
const reading = { permission: "cases.read", key: "either", status: 200 } as const;
const keeping = { permission: "cases.read", key: "person", status: 200 } as const;
const working = { permission: "cases.work", key: "person", status: 200 } as const;

export const QUEUE_ROUTES = {
  page: {
    ...reading,
    method: "GET",
    path: QUEUE,
    summary: "Cases to be worked on, the most pressing first, some a page",
    description:
      "A page looks at a bounded number of cases: it may hold few or none and say how far it has searched; `after` goes on.",
    query: {
      ...QUEUE_QUERY_MEANINGS,
      after: "as the last page said",
      limit: `1 to ${queue.QUEUE_PAGE_MAX}; ${queue.QUEUE_PAGE_DEFAULT} where absent`,
    },
    answer: queue.queueAnswer,
    problems: ["QUERY_INVALID"],
  },
  count: {
    ...reading,
    method: "GET",
    path: `${QUEUE}/count`,
    summary: "How many cases a filter has, up to 99",
    query: QUEUE_QUERY_MEANINGS,
    answer: queue.queueCountAnswer,
    problems: ["QUERY_INVALID"],
  },
  views: {
    ...keeping,
    method: "GET",
    path: VIEWS,
    summary: "Saved views: one's own, and those that others share",
    answer: queue.queueViewsAnswer,
    problems: [],
  },
  saveView: {
    ...keeping,
    method: "POST",
    path: VIEWS,
    summary: "Saves a view of one's own under a name",
    body: queue.queueViewBody,
    answer: queue.queueViewsAnswer,
    problems: ["VIEWS_FULL", "QUERY_INVALID"],
  },
  removeView: {
    ...keeping,
    method: "DELETE",
    path: `${VIEWS}/{view}`,
    summary: "Removes a view of one's own",
    answer: queue.queueViewsAnswer,
    problems: ["VIEW_UNKNOWN"],
  },
  operations: {
    ...keeping,
    method: "GET",
    path: OPERATIONS,
    summary: "One's own operations, the latest first",
    answer: queue.queueOperationsAnswer,
    problems: [],
  },
  operate: {
    ...working,
    method: "POST",
    path: OPERATIONS,
    summary: "Does the same to several cases, a little later: until then it can be taken back",
    description:
      "Each case is named with the version that was seen; one that changed meanwhile is reported and the others are done. Survives a restart.",
    body: queue.queueOperationBody,
    answer: queue.queueOperation,
    problems: ["OPERATIONS_WAITING"],
  },
  operation: {
    ...keeping,
    method: "GET",
    path: `${OPERATIONS}/{operation}`,
    summary: "How far an operation of one's own is, and what became of each case",
    answer: queue.queueOperation,
    problems: ["OPERATION_UNKNOWN"],
  },
  takeBack: {
    ...working,
    method: "DELETE",
    path: `${OPERATIONS}/{operation}`,
    summary: "Takes an operation of one's own back that has not begun",
    answer: queue.queueOperation,
    problems: ["OPERATION_UNKNOWN", "OPERATION_BEGUN"],
  },
} as const satisfies Readonly<Record<string, ConsoleApiRoute>>;
