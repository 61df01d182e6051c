/** `kadun audit verify`: is every entry what it was, and which is the first that is not. */

import { readFileSync } from "node:fs";
import type * as z from "zod";
import { checkpointFault } from "../../platform/audit-log/audit-checkpoint.js";
import { AuditVerifier } from "../../platform/audit-log/audit-verifier.js";
import { type PublishedKeys, publishedKeys } from "../../schemas/evidence/keys.js";
import { auditCheckpointsAnswer, type SignedCheckpoint } from "../../schemas/http/cases.js";
import { brokenKey } from "../../services/evidence/keys/key-ring.js";
import type { ConsoleClient } from "../embedded/console-client.js";
import { ExitStatus, OperatingError } from "../exit-status.js";
import { allCheckpoints, eachLine } from "./lines.js";

interface VerifyGiven {
  readonly keys?: string | undefined;
  readonly checkpoints?: string | undefined;
  readonly json?: boolean | undefined;
}

interface Verified {
  readonly whole: boolean;
  /** Entries that are whole. */
  readonly entries: number;
  readonly checkpoints: number;
  /** Behind the last checkpoint: what is cut off there, nobody can tell. */
  readonly unsigned: number;
  /** The first that is broken; null where none is. */
  readonly seq: number | null;
  readonly fault: string | null;
}

export async function verifyAudit(client: ConsoleClient, given: VerifyGiven): Promise<ExitStatus> {
  const { keys } =
    given.keys === undefined
      ? await client.get("/v1/evidence/keys", publishedKeys)
      : readFile(given.keys, publishedKeys);
  const broken = brokenKey({ keys } as PublishedKeys);
  if (broken !== null) throw new OperatingError(`the public keys are not what they were: ${broken}`);
  const kept =
    given.checkpoints === undefined ? [] : readFile(given.checkpoints, auditCheckpointsAnswer).checkpoints;
  const checkpoints = [...(await allCheckpoints(client)), ...kept];
  const verified = await verify(client, { checkpoints, keys });
  console.log(given.json === true ? JSON.stringify(verified) : textOf(verified));
  return verified.whole ? ExitStatus.DONE : ExitStatus.FAILED;
}

interface Against {
  readonly checkpoints: readonly SignedCheckpoint[];
  readonly keys: PublishedKeys["keys"];
}

async function verify(client: ConsoleClient, { checkpoints, keys }: Against): Promise<Verified> {
  const faults = checkpoints.flatMap((checkpoint) => {
    const fault = checkpointFault(checkpoint, keys);
    return fault === null ? [] : [{ seq: checkpoint.seq, fault: `its checkpoint: ${fault}` }];
  });
  const verifier = new AuditVerifier(checkpoints);
  await eachLine(client, 0, (line) => verifier.push(line));
  const chain = verifier.end();
  const first = [...faults, ...(chain === null ? [] : [chain])].sort((a, b) => a.seq - b.seq)[0];
  const signed = Math.max(0, ...checkpoints.map(({ seq }) => seq));
  return {
    whole: first === undefined,
    entries: verifier.entries,
    checkpoints: checkpoints.length,
    unsigned: Math.max(0, verifier.entries - signed),
    seq: first?.seq ?? null,
    fault: first?.fault ?? null,
  };
}

function textOf({ whole, entries, checkpoints, unsigned, seq, fault }: Verified): string {
  if (!whole) return `broken at entry ${seq}: ${fault}`;
  const open = unsigned === 0 ? "" : `; the last ${unsigned} are behind the last checkpoint`;
  return `whole: ${entries} entries, ${checkpoints} checkpoint(s) signed${open}`;
}

function readFile<Shape>(path: string, shape: z.ZodType<Shape>): Shape {
  try {
    const parsed = shape.safeParse(JSON.parse(readFileSync(path, "utf8")));
    if (parsed.success) return parsed.data;
    throw new Error(parsed.error.issues[0]?.message ?? "not of the expected shape");
  } catch (error) {
    throw new OperatingError(
      `${path}: ${(error as Error).message}; expected what 'kadun audit export' or 'kadun evidence keys export' wrote`,
    );
  }
}
