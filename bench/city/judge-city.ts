/** One seeded city judged in this process, the way `kadun replay` judges its lines, and scored by its labels. */
import type { LoadedBundle } from "../../cli/bundle-files.js";
import { ReplayRun } from "../../cli/replay-run.js";
import type { Refusal } from "../../services/ingest/refusal.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { type CityOptions, generateCity } from "./city.js";
import { createScoreboard } from "./scoreboard.js";
import type { ScoreboardModel } from "./scoreboard-model.js";

/** @throws Error when a line is refused: a generator whose lines do not count would make every figure wrong. */
export function judgeCity(options: CityOptions, loaded: LoadedBundle): ScoreboardModel {
  const scoreboard = createScoreboard();
  const run = new ReplayRun(
    loaded,
    { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: loaded.drugs },
    { outcome: (outcome) => scoreboard.outcome(outcome), refused: refuse },
  );
  for (const { raw, label } of generateCity(options)) {
    scoreboard.label(raw.eventId, label);
    run.line(Buffer.from(JSON.stringify(raw)));
  }
  return scoreboard.model();
}

function refuse({ code, field, reason, eventId }: Refusal): never {
  const place = `line ${eventId ?? "without a readable eventId"}`;
  throw new Error(`${place}: ${code}${field === "" ? "" : ` in ${field}`}: ${reason}; correct the generator`);
}
