/**
 * What the golden journal comes to: each outcome in short with a hash of its bytes, and the hash of all that
 * `kadun replay` prints. Short, so that a change shows as a diff that can be read.
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LoadedBundle } from "../cli/bundle-files.js";
import { packageRoot } from "../cli/package-root.js";
import { ReplayRun } from "../cli/replay-run.js";
import type { Outcome } from "../schemas/outcomes.js";
import { ENGINE_VERSION } from "../services/detector/outcome.js";
import type { Refusal } from "../services/ingest/refusal.js";
import { ALL_ZERO_KEY, Tokeniser } from "../services/ingest/tokens.js";

export interface GoldenHeader {
  readonly engineVersion: string;
  readonly bundleHash: string;
  /** SHA-256 of what `kadun replay` prints to standard output. */
  readonly outcomesSha256: string;
}

export interface Golden {
  readonly header: GoldenHeader;
  /** One a line of test/golden/outcomes.ndjson, in order. */
  readonly lines: readonly string[];
  readonly outcomes: readonly Outcome[];
}

const folder = join(packageRoot, "test", "golden");
export const goldenFiles = {
  journal: join(folder, "journal.ndjson"),
  outcomes: join(folder, "outcomes.ndjson"),
  header: join(folder, "golden.json"),
} as const;

export function goldenJournal(): string[] {
  return readFileSync(goldenFiles.journal, "utf8").trimEnd().split("\n");
}

export function goldenOf(journal: readonly string[], loaded: LoadedBundle): Golden {
  const lines: string[] = [];
  const outcomes: Outcome[] = [];
  const printed = createHash("sha256");
  let line = 0;
  const run = new ReplayRun(
    loaded,
    { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: loaded.drugs },
    {
      outcome: (outcome) => {
        outcomes.push(outcome);
        printed.update(`${JSON.stringify(outcome)}\n`);
        lines.push(JSON.stringify(outcomeInShort(line, outcome)));
      },
      refused: (refused) => lines.push(JSON.stringify(refusalInShort(line, refused))),
    },
  );
  for (const text of journal) {
    line++;
    run.line(Buffer.from(text));
  }
  const header = {
    engineVersion: ENGINE_VERSION,
    bundleHash: loaded.bundle.hash,
    outcomesSha256: printed.digest("hex"),
  };
  return { header, lines, outcomes };
}

/** The first digits of a SHA-256 tell two outcomes of one line apart. */
const SHORT_HASH_LENGTH = 12;

function outcomeInShort(line: number, outcome: Outcome): object {
  const { type, eventId } = outcome;
  return { line, type, eventId, ...whatCame(outcome), sha256: hashWithoutVersions(outcome) };
}

function whatCame(outcome: Outcome): object {
  switch (outcome.type) {
    case "decision":
    case "revision":
      return {
        action: outcome.action,
        reasons: outcome.reasons.map(({ rule, action, code }) => `${rule} ${action} ${code}`),
      };
    case "transition":
      return { came: `${outcome.action}: ${outcome.from} -> ${outcome.to}`, code: outcome.code };
    case "duplicate":
      return { action: outcome.action };
    case "person-moved":
    case "forwarded":
      return { came: `to ${outcome.toPersonKey}` };
    case "person-merged":
      return { came: `with ${outcome.formerPersonKey}` };
  }
}

/** Another bundle or engine that judges alike changes the header only. */
function hashWithoutVersions(outcome: Outcome): string {
  const {
    bundleHash: _hash,
    engineVersion: _engine,
    ...body
  } = { bundleHash: "", engineVersion: "", ...outcome };
  return createHash("sha256").update(JSON.stringify(body)).digest("hex").slice(0, SHORT_HASH_LENGTH);
}

function refusalInShort(line: number, { code, field, eventId }: Refusal): object {
  return { line, type: "refused", eventId, code, field };
}
