/** What `/v1/console/…` refuses, of whichever part, as application/problem+json. A code's title may differ from part to part. */
import * as z from "zod";
import { CASE_PAGE_PROBLEMS } from "./case-page-problem.js";
import { CASES_PROBLEMS } from "./cases-problem.js";
import { CONSOLE_ACCESS_PROBLEMS, consoleAccessProblem } from "./console-access-problem.js";
import { QUEUE_PROBLEMS } from "./queue-problem.js";
import { RULES_CONSOLE_PROBLEMS } from "./rules-console-problem.js";
import { SUBJECTS_PROBLEMS } from "./subjects-problem.js";
import { SYSTEM_PROBLEMS } from "./system-problem.js";

/** By part; those of cases stand behind what a part has of its own. */
export const CONSOLE_PROBLEMS = {
  access: CONSOLE_ACCESS_PROBLEMS,
  overview: CASES_PROBLEMS,
  queue: { ...CASES_PROBLEMS, ...QUEUE_PROBLEMS },
  casePage: { ...CASES_PROBLEMS, ...CASE_PAGE_PROBLEMS },
  subjects: { ...CASES_PROBLEMS, ...SUBJECTS_PROBLEMS },
  rules: { ...CASES_PROBLEMS, ...RULES_CONSOLE_PROBLEMS },
  system: { ...CASES_PROBLEMS, ...SYSTEM_PROBLEMS },
} as const;

const codes = [...new Set(Object.values(CONSOLE_PROBLEMS).flatMap((part) => Object.keys(part)))].sort();

export const consoleProblem = consoleAccessProblem.extend({ code: z.enum(codes) });
