/** What the queue refuses, beside what every route refuses (cases-problem.ts). */

export const QUEUE_PROBLEMS = {
  QUERY_INVALID: { status: 400, title: "What was asked has not the expected shape" },
  VIEW_UNKNOWN: { status: 404, title: "There is no such view of yours" },
  VIEWS_FULL: { status: 409, title: "You have as many views as one keeps" },
  OPERATION_UNKNOWN: { status: 404, title: "There is no such operation of yours" },
  OPERATION_BEGUN: { status: 409, title: "It is under way or over" },
  OPERATIONS_WAITING: { status: 409, title: "Too many of your operations wait" },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type QueueProblemCode = keyof typeof QUEUE_PROBLEMS;
