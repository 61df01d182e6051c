/** Replays converted swipes under a ruleset file and yields what was decided. */
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as z from "zod";
import { readLines } from "./lines.js";

const anyOutcome = z.object({ type: z.string() });
const judgedOutcome = z.object({
  type: z.enum(["decision", "revision"]),
  eventId: z.string(),
  action: z.string(),
  reasons: z.array(z.object({ rule: z.string(), mode: z.string(), action: z.string() })),
});
export type JudgedOutcome = z.infer<typeof judgedOutcome>;

/**
 * Records in journal order in, decisions and revisions in the order of the replay out. `rulesetFile` null = the
 * default bundle. Throws when a record is refused: a converter that loses swipes would make every figure wrong.
 */
export type Judge = (
  records: AsyncIterable<object> | Iterable<object>,
  rulesetFile: string | null,
) => AsyncIterable<JudgedOutcome>;

/** Enough for the first refusals; the rest of a flood adds nothing. */
const MESSAGE_LENGTH_MAX = 4000;

/** The decisions and revisions among the lines that `kadun replay` writes (docs/design.md section 5). */
export function parseOutcome(line: string, place: string): JudgedOutcome | null {
  const value: unknown = JSON.parse(line);
  const { type } = anyOutcome.parse(value);
  if (type !== "decision" && type !== "revision") return null;
  const parsed = judgedOutcome.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`${place}: no outcome of docs/design.md section 5: ${z.prettifyError(parsed.error)}`);
}

async function* toLines(records: AsyncIterable<object> | Iterable<object>): AsyncGenerator<string> {
  for await (const record of records) yield `${JSON.stringify(record)}\n`;
}

function run(command: readonly string[]): Promise<{ status: number | null; messages: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, { stdio: ["ignore", "ignore", "pipe"] });
    let messages = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (messages.length < MESSAGE_LENGTH_MAX) messages += text.slice(0, MESSAGE_LENGTH_MAX);
    });
    child.on("error", reject).on("close", (status) => resolve({ status, messages }));
  });
}

/** `kadun replay` as a child process, through two files in a temporary folder that is removed at the end. */
export function replayJudge(commandFile: string): Judge {
  return async function* judge(records, rulesetFile) {
    const folder = await mkdtemp(join(tmpdir(), "kadun-bench-real-"));
    try {
      const input = join(folder, "swipes.ndjson");
      const output = join(folder, "outcomes.ndjson");
      await pipeline(Readable.from(toLines(records)), createWriteStream(input));
      const ruleset = rulesetFile === null ? [] : ["--ruleset", rulesetFile];
      const { status, messages } = await run([commandFile, "replay", input, ...ruleset, "--out", output]);
      if (status !== 0) {
        throw new Error(
          `kadun replay ended with status ${status}; expected 0, every swipe judged:\n${messages}`,
        );
      }
      let lineNumber = 0;
      for await (const line of readLines(output)) {
        const outcome = parseOutcome(line, `outcomes line ${++lineNumber}`);
        if (outcome !== null) yield outcome;
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}
