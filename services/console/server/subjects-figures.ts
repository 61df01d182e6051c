/** What pages of persons and institutions ask of the rows of swipes: a part that is away leaves the rest of the page. */

import { SUBJECTS_PROBLEMS, type SubjectsProblemCode } from "../../../schemas/http/subjects-problem.js";
import { ConsoleRefusal } from "./console-problem.js";
import { FiguresAway } from "./figures-desk.js";

export interface FiguresPart<Value> {
  readonly value: Value | null;
  readonly isAway: boolean;
}

export async function orAway<Value>(asked: Promise<Value>): Promise<FiguresPart<Value>> {
  try {
    return { value: await asked, isAway: false };
  } catch (error) {
    if (error instanceof FiguresAway) return { value: null, isAway: true };
    throw error;
  }
}

export function subjectsRefusal(code: SubjectsProblemCode, detail: string): ConsoleRefusal {
  return new ConsoleRefusal(code, SUBJECTS_PROBLEMS[code], detail);
}
