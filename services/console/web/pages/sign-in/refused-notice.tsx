/** Why somebody was not let in, or nothing was changed, in the reader's words. */

import { Alert } from "antd";
import { Refused } from "../../app/ask.js";
import { shellWords } from "../../words/shell.js";
import { filled, useWords } from "../../words/words.js";
import { refusedWords } from "./access-words.js";

export function RefusedNotice({ error }: { readonly error: unknown }) {
  const told = useWords(refusedWords);
  const shell = useWords(shellWords);
  if (error === null || error === undefined) return null;
  return <Alert type="error" showIcon role="alert" title={textOf(error, told, shell.away)} />;
}

function textOf(error: unknown, told: Readonly<Record<string, string>>, away: string): string {
  if (!(error instanceof Refused)) return error instanceof Error ? error.message : String(error);
  if (error.code === "AWAY") return away;
  const text = told[error.code];
  return text === undefined
    ? `${error.detail} (${error.code})`
    : filled(text, { seconds: secondsOf(error.problem) });
}

function secondsOf(problem: unknown): number | string {
  const { waitSeconds } = (problem ?? {}) as { readonly waitSeconds?: unknown };
  return typeof waitSeconds === "number" ? waitSeconds : "…";
}
