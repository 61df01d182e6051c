/**
 * Verifies the whole chain of the audit log in the background, for whoever asks.
 *
 * Owns: the one verification that is under way or was the last; its end.
 * Does not own: the chain, the checkpoints and the keys (the desk gives them).
 *
 * 1. One at a time. It goes on when who began it leaves, and ends with this process: nothing of it is stored.
 * 2. It looks at the log as it was when it began. Entries that came behind are the next one's.
 * 3. Between two pages others are served.
 */

import { checkpointFault } from "../../../platform/audit-log/audit-checkpoint.js";
import { type AuditFault, AuditVerifier } from "../../../platform/audit-log/audit-verifier.js";
import type { Clock } from "../../../platform/clock/clock.js";
import type { Logger } from "../../../platform/logger/logger.js";
import type { SignedCheckpoint } from "../../../schemas/http/cases.js";
import type { AuditVerification } from "../../../schemas/http/system.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { AuditLogDesk } from "./system-desk.js";

export type VerificationLog = Pick<AuditLogDesk, "lines" | "checkpoints" | "head" | "keys">;

export interface VerificationOptions {
  readonly log: VerificationLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Half a megabyte; some 20 ms of hashing. */
const PAGE_LINES = 500;

type Running = Extract<AuditVerification, { state: "running" }>;
type Ended = Pick<
  Extract<AuditVerification, { state: "done" }>,
  "whole" | "checkpoints" | "unsigned" | "seq" | "fault"
>;

export class SystemAuditVerification {
  private current: AuditVerification = { state: "none" };
  private stopping = new AbortController();
  private ended: Promise<void> = Promise.resolve();

  constructor(private readonly options: VerificationOptions) {}

  get state(): AuditVerification {
    return this.current;
  }

  /** @returns false where one is under way. */
  begin(by: string): boolean {
    if (this.current.state === "running") return false;
    const { clock, logger } = this.options;
    const running: Running = {
      state: "running",
      by,
      startedAt: formatInstant(clock.now()),
      entries: 0,
      total: 0,
    };
    this.current = running;
    this.stopping = new AbortController();
    this.ended = this.run(running, this.stopping.signal).catch((error: unknown) => {
      logger.error("console.audit-verification-failed", { error });
      this.end("failed");
    });
    return true;
  }

  /** @returns false where none is under way. */
  async cancel(): Promise<boolean> {
    if (this.current.state !== "running") return false;
    this.stopping.abort();
    await this.ended;
    return true;
  }

  /** After the page under way. Idempotent. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  private async run(begun: Running, signal: AbortSignal): Promise<void> {
    const { log } = this.options;
    // Before the head: what they sign is there by then.
    const checkpoints = await allCheckpoints(log);
    const started = { ...begun, total: await log.head() };
    this.current = started;
    const verifier = new AuditVerifier(checkpoints);
    for (let whole = true; whole && verifier.entries < started.total; ) {
      if (signal.aborted) return this.end("cancelled");
      const rest = started.total - verifier.entries;
      const lines = await log.lines(verifier.entries, Math.min(PAGE_LINES, rest));
      whole = lines.length > 0 && lines.every((line) => verifier.push(line));
      this.current = { ...started, entries: verifier.entries };
    }
    this.finish({ started, verifier, checkpoints });
  }

  private finish(found: Found): void {
    const { startedAt, by } = found.started;
    const endedAt = formatInstant(this.options.clock.now());
    const entries = found.verifier.entries;
    this.current = { state: "done", by, startedAt, endedAt, entries, ...resultOf(found, this.options.log) };
  }

  private end(state: "cancelled" | "failed"): void {
    if (this.current.state !== "running") return;
    const { by, startedAt, entries } = this.current;
    this.current = { state, by, startedAt, entries, endedAt: formatInstant(this.options.clock.now()) };
  }
}

interface Found {
  readonly started: Running;
  readonly verifier: AuditVerifier;
  readonly checkpoints: readonly SignedCheckpoint[];
}

function resultOf({ started, verifier, checkpoints }: Found, log: VerificationLog): Ended {
  const keys = log.keys();
  const faults: AuditFault[] = checkpoints.flatMap((checkpoint) => {
    const fault = checkpointFault(checkpoint, keys);
    return fault === null ? [] : [{ seq: checkpoint.seq, fault: `its checkpoint: ${fault}` }];
  });
  const chain = verifier.end() ?? missing(started.total, verifier.entries);
  const first = [...faults, ...(chain === null ? [] : [chain])].sort((a, b) => a.seq - b.seq)[0];
  const signed = checkpoints.at(-1)?.seq ?? 0;
  return {
    whole: first === undefined,
    checkpoints: checkpoints.length,
    unsigned: Math.max(0, started.total - signed),
    seq: first?.seq ?? null,
    fault: first?.fault ?? null,
  };
}

/** The last entry was there when it began. */
function missing(total: number, entries: number): AuditFault | null {
  return entries < total ? { seq: entries + 1, fault: "it is missing: later ones are there" } : null;
}

/** In order. */
async function allCheckpoints(log: VerificationLog): Promise<readonly SignedCheckpoint[]> {
  const all: SignedCheckpoint[] = [];
  for (;;) {
    const page = await log.checkpoints(all.at(-1)?.seq ?? 0);
    if (page.length === 0) return all;
    all.push(...page);
  }
}
