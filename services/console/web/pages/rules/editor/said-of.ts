/** What stands against a field of the form. */

import type { DraftMistake } from "../../../../../../schemas/http/rules-console.js";

export interface Said {
  readonly validateStatus?: "error";
  readonly help?: string;
}

/** What stands against a field, as its form item takes it. */
export function saidOf(mistakes: readonly DraftMistake[], path: string): Said {
  const found = mistakes.filter((one) => one.path === path);
  if (found.length === 0) return {};
  return { validateStatus: "error", help: found.map(({ expected }) => expected).join("; ") };
}
