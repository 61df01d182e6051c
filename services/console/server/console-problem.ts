/** What a caller of the console is refused: expected, changes nothing, and says what stands against it and the next step. */

import { CASES_PROBLEMS, type CasesProblemCode } from "../../../schemas/http/cases-problem.js";

export class ConsoleRefusal extends Error {
  override readonly name = "ConsoleRefusal";
  readonly retryable = false;
  constructor(
    readonly code: string,
    /** Of the code, from the table of whoever refuses. */
    readonly kind: { readonly status: number; readonly title: string },
    detail: string,
    /** Told beside it. */
    readonly more: { readonly waitSeconds?: number } = {},
  ) {
    super(detail);
  }
}

export function casesRefusal(code: CasesProblemCode, detail: string): ConsoleRefusal {
  return new ConsoleRefusal(code, CASES_PROBLEMS[code], detail);
}

export function problemBody({ code, kind: { status, title }, message, more }: ConsoleRefusal) {
  const type = `urn:kadun:problem:${code.toLowerCase().replaceAll("_", "-")}`;
  return { type, title, status, code, detail: message, ...more };
}
