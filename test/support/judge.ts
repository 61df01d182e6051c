/** Judges raw records in process, as `kadun replay` does. */

import { type LoadedBundle, loadBundle } from "../../cli/bundle-files.js";
import { ReplayRun } from "../../cli/replay-run.js";
import type { Outcome } from "../../schemas/outcomes.js";
import type { Refusal } from "../../services/ingest/refusal.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";

export const defaultBundle: LoadedBundle = loadBundle();

export interface JudgedLine {
  readonly line: number;
  readonly outcome: Outcome | Refusal;
}

/** Everything that came of the records, in order, with the line (from 1) that caused it. */
export function judgeRecords(records: readonly object[], loaded = defaultBundle): JudgedLine[] {
  return judgeLines(
    records.map((record) => JSON.stringify(record)),
    loaded,
  ).judged;
}

export function judgeLines(lines: readonly string[], loaded = defaultBundle) {
  const judged: JudgedLine[] = [];
  let line = 0;
  const run = new ReplayRun(
    loaded,
    { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: loaded.drugs },
    {
      outcome: (outcome) => judged.push({ line, outcome }),
      refused: (refused) => judged.push({ line, outcome: refused }),
    },
  );
  for (const text of lines) {
    line++;
    run.line(Buffer.from(text));
  }
  return { judged, run };
}

/**
 * Judges one history after another, each with a person of its own, in one partition: for properties, where a
 * partition for every history would cost more than the judging. Outcomes come without the person's key.
 */
export function historyJudge(loaded = defaultBundle): (records: readonly object[]) => (Outcome | Refusal)[] {
  let outcomes: (Outcome | Refusal)[] = [];
  const run = new ReplayRun(
    loaded,
    { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: loaded.drugs },
    {
      outcome: (outcome) => outcomes.push(withoutPerson(outcome)),
      refused: (refused) => outcomes.push(refused),
    },
  );
  let histories = 0;
  return (records) => {
    outcomes = [];
    const personId = `HISTORY-${histories++}`;
    for (const record of records) run.line(Buffer.from(JSON.stringify({ ...record, personId })));
    return outcomes;
  };
}

function withoutPerson(outcome: Outcome): Outcome {
  const known = { ...outcome, personKey: "", decisionId: "", revisionId: "" };
  return Object.fromEntries(Object.entries(known).filter(([field]) => field in outcome)) as Outcome;
}
