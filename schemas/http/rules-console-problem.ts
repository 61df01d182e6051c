/** What `/v1/console/rules` and `/v1/console/policies` refuse beside what every route of the console does. */

export const RULES_CONSOLE_PROBLEMS = {
  BODY_INVALID: { status: 400, title: "The body has not the expected shape" },
  BUNDLE_INVALID: { status: 400, title: "The draft has mistakes" },
  NOT_FOUND: { status: 404, title: "There is nothing at this address" },
  VERSION_UNKNOWN: { status: 404, title: "There is no such version" },
  CONFLICT: { status: 409, title: "The draft has changed since it was read" },
  DRAFTS_FULL: { status: 409, title: "You have too many drafts" },
  JOB_RUNNING: { status: 409, title: "Work of this kind is under way" },
  JOB_ENDED: { status: 409, title: "The work has ended already" },
  NOT_TAKEN_OVER: { status: 503, title: "The running rules are not known yet" },
  NO_FIGURES: { status: 503, title: "This process has no figures" },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type RulesConsoleProblemCode = keyof typeof RULES_CONSOLE_PROBLEMS;
