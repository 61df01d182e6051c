/** What `/v1/console/cases/…` refuses beside what every route does, as application/problem+json. */
import { CASES_PROBLEMS } from "./cases-problem.js";

const { BODY_INVALID, NOT_FOUND, STORE_AWAY } = CASES_PROBLEMS;
export const CASE_PAGE_PROBLEMS = {
  BODY_INVALID,
  NOT_FOUND,
  STORE_AWAY,
  NO_PERSON: { status: 409, title: "The case is of no person" },
  UNMASKED_TOO_OFTEN: { status: 429, title: "Personal data was shown too often" },
  FIGURES_AWAY: { status: 503, title: "The analytics database does not answer; ask again" },
} as const satisfies Readonly<Record<string, { status: number; title: string }>>;

export type CasePageProblemCode = keyof typeof CASE_PAGE_PROBLEMS;
