/** What the page of a case is refused. */

import { CASE_PAGE_PROBLEMS, type CasePageProblemCode } from "../../../schemas/http/case-page-problem.js";
import { ConsoleRefusal } from "./console-problem.js";

export function refusal(code: CasePageProblemCode, detail: string): ConsoleRefusal {
  return new ConsoleRefusal(code, CASE_PAGE_PROBLEMS[code], detail);
}
