/**
 * Judges converted swipes the way `kadun replay` judges its lines, but in this process: a set's swipes are never
 * written anywhere, not even when the run is broken off.
 */
import { loadBundle } from "../../cli/bundle-files.js";
import { ReplayRun } from "../../cli/replay-run.js";
import type { Outcome } from "../../schemas/outcomes.js";
import type { Refusal } from "../../services/ingest/refusal.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";

/** What the figures need of a decision or a revision. */
export interface JudgedOutcome {
  readonly type: "decision" | "revision";
  readonly eventId: string;
  readonly action: string;
  readonly reasons: readonly { readonly rule: string; readonly mode: string; readonly action: string }[];
}

/**
 * Records in journal order in, decisions and revisions in the order of the replay out. `rulesetFile` null = the
 * default bundle. Throws when a record is refused or was there before: a converter that loses swipes would make
 * every figure wrong.
 */
export type Judge = (
  records: AsyncIterable<object> | Iterable<object>,
  rulesetFile: string | null,
) => AsyncIterable<JudgedOutcome>;

function refuse({ code, field, reason, eventId }: Refusal): never {
  const place = `swipe ${eventId ?? "without a readable eventId"}`;
  throw new Error(`${place}: ${code}${field === "" ? "" : ` in ${field}`}: ${reason}; correct the converter`);
}

function judgedOf(outcome: Outcome): JudgedOutcome | null {
  if (outcome.type === "decision" || outcome.type === "revision") return outcome;
  if (outcome.type === "transition") return null;
  throw new Error(
    `swipe ${outcome.eventId} came twice; expected one per eventId: give each swipe an id of its own`,
  );
}

export const replayJudge: Judge = async function* judge(records, rulesetFile) {
  const loaded = loadBundle({ rulesetFile: rulesetFile ?? undefined });
  const judged: JudgedOutcome[] = [];
  const run = new ReplayRun(
    loaded,
    { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: loaded.drugs },
    {
      outcome: (outcome) => {
        const kept = judgedOf(outcome);
        if (kept !== null) judged.push(kept);
      },
      refused: refuse,
    },
  );
  for await (const record of records) {
    run.line(Buffer.from(JSON.stringify(record)));
    yield* judged;
    judged.length = 0;
  }
};
