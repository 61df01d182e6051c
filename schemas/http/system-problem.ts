/** What system and audit pages are refused, beside what every route refuses (cases-problem.ts). */

export const SYSTEM_PROBLEMS = {
  QUERY_INVALID: { status: 400, title: "What was asked has not the expected shape" },
  VERIFYING: { status: 409, title: "The audit log is being verified already" },
  NOT_VERIFYING: { status: 409, title: "Nothing is being verified" },
  GATEWAY_AWAY: { status: 503, title: "The process that takes swipes does not answer" },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type SystemProblemCode = keyof typeof SYSTEM_PROBLEMS;
