/** Bodies of `/v1/console/system` and `/v1/console/audit`. */
import * as z from "zod";
import { instant } from "../fields.js";
import { auditCheckpoint } from "./cases.js";

const count = z.number().int().min(0);
const lag = count.nullable().describe("records that are not taken yet; null where that is not known here");

export const systemCheck = z.object({
  name: z.string(),
  verdict: z.enum(["ok", "warn", "fail"]),
  detail: z.string().describe("what was seen"),
  next: z.string().nullable().describe("what to do; null where all is well"),
});

const readinessSeen = z.object({ ready: z.boolean(), reasons: z.array(z.string()) });

export const systemAnswer = z.object({
  at: instant,
  office: readinessSeen.describe("this process"),
  gateway: readinessSeen.nullable().describe("the process that takes swipes; null where it does not answer"),
  checks: z.array(systemCheck),
  alerts: z.array(z.object({ partition: count, nextOffset: count, lag })),
  analytics: z
    .array(z.object({ topic: z.string(), partition: count, nextOffset: count, lag }))
    .nullable()
    .describe("null where another process writes the rows"),
  feeds: z
    .array(z.object({ feed: z.string(), lastAt: instant }))
    .nullable()
    .describe("the latest heartbeat of each within a week; null where the rows cannot be asked"),
  outbox: z.object({
    pending: count.describe("of records for the journal; 1000 stands for more"),
    refused: z
      .array(z.object({ recordId: z.string(), path: z.string(), refusal: z.string() }))
      .describe("by ingest: the journal does not have them; the latest 50"),
  }),
  sms: z.object({ queued: count, waiting: count, unknown: count, toResolve: count, calls: count }),
  proofs: z
    .array(
      z.object({
        partition: count,
        lines: count,
        provenOffset: count.nullable(),
        lag,
        failure: z.string().nullable(),
      }),
    )
    .describe("none where another process makes them"),
  rebuilding: z.boolean().describe("cases and alerts are being made again"),
  versions: z.object({
    program: z.string(),
    engine: z.string(),
    node: z.string(),
    schema: z.object({ number: count, name: z.string() }).nullable(),
    bundle: z
      .object({ version: count, bundleHash: z.string(), activatedAt: instant })
      .nullable()
      .describe("the rules that were activated last; null before the first"),
  }),
});

export const deadLetter = z.object({
  offset: count,
  source: z.string().describe("network it came from, or place in a topic"),
  position: z.number().int().describe("line in its message"),
  expects: z.string().describe("type of record of the address it was sent to"),
  code: z.string(),
  field: z.string(),
  reason: z.string(),
  receivedAt: instant,
  bytes: count.describe("of the original, which is never shown"),
  isCut: z.boolean(),
  isRedriven: z.boolean(),
});
export const deadLettersAnswer = z.object({
  letters: z.array(deadLetter).describe("in the order of arrival"),
  from: count.nullable().describe("for the next page; null where there is none"),
});
export const redriveAnswer = z.object({
  redriven: count,
  skipped: count.describe("driven again before"),
  stillRefused: z.array(z.object({ offset: count, code: z.string(), field: z.string(), reason: z.string() })),
});

export const auditFoundAnswer = z.object({
  lines: z.array(z.string()).describe("entries as they are hashed, the latest first"),
  before: count
    .nullable()
    .describe("for the next page; null at the beginning of the log. A page may be empty and have one"),
});

export const checkedCheckpoint = z.object({
  ...auditCheckpoint.shape,
  fault: z.string().nullable().describe("what is wrong with its signatures; null where nothing is"),
});
export const checkedCheckpointsAnswer = z.object({
  checkpoints: z.array(checkedCheckpoint).describe("the latest first, at most 100"),
  entries: count.describe("of the log"),
  keys: z.array(z.string()).describe("ids of the published keys"),
});

const startedBy = { by: z.string(), startedAt: instant };
export const auditVerification = z.discriminatedUnion("state", [
  z.object({ state: z.literal("none").describe("not since this process began") }),
  z.object({ state: z.literal("running"), ...startedBy, entries: count, total: count }),
  z.object({ state: z.literal("cancelled"), ...startedBy, endedAt: instant, entries: count }),
  z.object({ state: z.literal("failed"), ...startedBy, endedAt: instant, entries: count }),
  z.object({
    state: z.literal("done"),
    ...startedBy,
    endedAt: instant,
    whole: z.boolean(),
    entries: count.describe("that are whole"),
    checkpoints: count,
    unsigned: count.describe("behind the last checkpoint: what is cut off there, nobody can tell"),
    seq: z.number().int().nullable().describe("of the first that is broken"),
    fault: z.string().nullable(),
  }),
]);

export type SystemAnswer = z.infer<typeof systemAnswer>;
export type SystemCheck = z.infer<typeof systemCheck>;
export type DeadLettersAnswer = z.infer<typeof deadLettersAnswer>;
export type RedriveAnswer = z.infer<typeof redriveAnswer>;
export type CheckedCheckpoints = z.infer<typeof checkedCheckpointsAnswer>;
export type AuditVerification = z.infer<typeof auditVerification>;
