/** `kadun demo`: a seeded city of honest people and planted attacks, judged like any file, scored by its labels. */

import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { DAYS_DEFAULT, DAYS_MIN, PERSONS_DEFAULT, PERSONS_MIN, writeCity } from "../bench/city/city.js";
import type { CityLabel } from "../bench/city/labels.js";
import { createScoreboard } from "../bench/city/scoreboard.js";
import { renderScoreboard } from "../bench/city/scoreboard-text.js";
import { LINE_BYTES_MAX } from "../services/ingest/accept.js";
import { ALL_ZERO_KEY, Tokeniser } from "../services/ingest/tokens.js";
import { loadBundle } from "./bundle-files.js";
import { ByteLines } from "./byte-lines.js";
import { ExitStatus, UsageError } from "./exit-status.js";
import { refusalLine } from "./replay.js";
import { ReplayRun } from "./replay-run.js";
import { TextOutput } from "./text-output.js";

export const DEMO_USAGE = `kadun demo [--seed N] [--persons N] [--days N] [--seconds N] [--keep DIR] [--json]

Writes a seeded city as raw NDJSON, judges it as 'kadun replay' does and prints who was caught and who was bothered.
--seed N      which city (1)
--persons N   how many live in it (${PERSONS_DEFAULT}; at least ${PERSONS_MIN})
--days N      how long (${DAYS_DEFAULT}; at least ${DAYS_MIN})
--seconds N   judge for so long at most
--keep DIR    keep city.ndjson, labels.ndjson and outcomes.ndjson there (else they are removed)
--json        the table as one JSON object
Exit status: 0 done, 1 failed, 2 done with refused lines, 64 usage.`;

const SEED_DEFAULT = 1;

export async function demo(args: readonly string[]): Promise<ExitStatus> {
  const options = parseDemoArgs(args);
  if (options === null) return ExitStatus.DONE;
  const folder = options.keep ?? mkdtempSync(join(tmpdir(), "kadun-demo-"));
  if (options.keep !== undefined) mkdirSync(folder, { recursive: true });
  try {
    return await runDemo(folder, options);
  } finally {
    if (options.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

type DemoOptions = NonNullable<ReturnType<typeof parseDemoArgs>>;

async function runDemo(folder: string, options: DemoOptions): Promise<ExitStatus> {
  const paths = {
    raw: join(folder, "city.ndjson"),
    labels: join(folder, "labels.ndjson"),
    outcomes: join(folder, "outcomes.ndjson"),
  };
  process.stderr.write(`building a city of ${options.persons} persons and ${options.days} days …\n`);
  await writeCity(
    { seed: options.seed, persons: options.persons, days: options.days },
    { raw: createWriteStream(paths.raw), labels: createWriteStream(paths.labels) },
  );
  const judged = await judgeCity(paths, options.seconds);
  const model = judged.scoreboard.model();
  const facts = {
    seed: options.seed,
    lines: judged.lines,
    seconds: judged.seconds,
    refusedLines: judged.refused,
  };
  console.log(options.json ? JSON.stringify({ ...facts, ...model }) : renderScoreboard(model, facts));
  if (options.keep !== undefined) process.stderr.write(`kept in ${folder}\n`);
  return judged.refused > 0 ? ExitStatus.REFUSED_INPUT : ExitStatus.DONE;
}

async function judgeCity(
  paths: { raw: string; labels: string; outcomes: string },
  secondsMax: number | null,
) {
  const labels = await readLabels(paths.labels);
  const scoreboard = createScoreboard();
  const loaded = loadBundle();
  const output = await TextOutput.open(paths.outcomes);
  let line = 0;
  const run = new ReplayRun(
    loaded,
    { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: loaded.drugs },
    {
      outcome: (outcome) => {
        output.write(`${JSON.stringify(outcome)}\n`);
        // Only now, behind the judge, is the label looked up: of what was judged in time.
        const label = labels.get(outcome.eventId);
        if (label !== undefined) scoreboard.label(outcome.eventId, label);
        scoreboard.outcome(outcome);
      },
      refused: (refused) => process.stderr.write(`${refusalLine({ file: "city.ndjson", line }, refused)}\n`),
    },
  );
  const startedMs = performance.now();
  const secondsSpent = () => (performance.now() - startedMs) / 1000;
  const lines = new ByteLines(LINE_BYTES_MAX, (bytes, lineNumber) => {
    line = lineNumber;
    run.line(bytes);
  });
  for await (const chunk of createReadStream(paths.raw, { highWaterMark: 1 << 18 })) {
    lines.push(chunk as Buffer);
    await output.drain();
    if (secondsMax !== null && secondsSpent() >= secondsMax) break;
  }
  lines.end();
  const seconds = secondsSpent();
  await output.close();
  return { scoreboard, lines: run.summary.lines, refused: run.summary.refusedLines, seconds };
}

async function readLabels(path: string): Promise<Map<string, CityLabel>> {
  const labels = new Map<string, CityLabel>();
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const { eventId, ...label } = JSON.parse(text) as CityLabel & { eventId: string };
    labels.set(eventId, label);
  }
  return labels;
}

function parseDemoArgs(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string" },
      persons: { type: "string" },
      days: { type: "string" },
      seconds: { type: "string" },
      keep: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(DEMO_USAGE);
    return null;
  }
  return {
    seed: wholeNumber("--seed", values.seed, 0) ?? SEED_DEFAULT,
    persons: wholeNumber("--persons", values.persons, PERSONS_MIN) ?? PERSONS_DEFAULT,
    days: wholeNumber("--days", values.days, DAYS_MIN) ?? DAYS_DEFAULT,
    seconds: wholeNumber("--seconds", values.seconds, 1),
    keep: values.keep,
    json: values.json === true,
  };
}

function wholeNumber(name: string, text: string | undefined, min: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < min)
    throw new UsageError(`${name} ${text}: expected a whole number of at least ${min}`);
  return value;
}
