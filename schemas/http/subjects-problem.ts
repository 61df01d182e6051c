/** What pages of persons and institutions are refused, beside what every route refuses (cases-problem.ts). */

export const SUBJECTS_PROBLEMS = {
  QUERY_INVALID: { status: 400, title: "What was asked has not the expected shape" },
  FIGURES_AWAY: { status: 503, title: "The rows of swipes cannot be had now" },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type SubjectsProblemCode = keyof typeof SUBJECTS_PROBLEMS;
