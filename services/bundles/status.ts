/** How activations stand, and what there is to be alarmed about. */

import type { OpenActivation, RulesStatus } from "../../schemas/http/rules.js";
import { type Activation, readStanding, type Standing, summaryOf } from "./activation.js";
import { openActivationOf, readAnswers } from "./open-activation.js";
import type { Publisher } from "./publisher.js";
import type { Reads } from "./tables.js";

/** A detector answers within a second; one that takes partitions over within half a minute. */
export const ALARM_AFTER_MS = 60_000;

interface StatusOptions {
  readonly publisher: Pick<Publisher, "trouble" | "isInConflict">;
  readonly startedAtMs: number;
  readonly nowMs: number;
  /** Alarms that are not about activations. */
  readonly others: readonly string[];
}

export async function readStatus(tables: Reads, options: StatusOptions): Promise<RulesStatus> {
  const { publisher, nowMs } = options;
  const standing = await readStanding(tables);
  const { open, running, current, lastRefused } = standing;
  const shown =
    open &&
    openActivationOf(open, await readAnswers(tables, open.sequence), { nowMs, trouble: publisher.trouble });
  return {
    running: running && summaryOf(running),
    shadowVersion: current?.shadowVersion ?? null,
    open: shown,
    lastRefused:
      lastRefused !== null && lastRefused.sequence > (running?.sequence ?? -1)
        ? summaryOf(lastRefused)
        : null,
    alarms: alarmsOf(standing, shown, options),
  };
}

function alarmsOf(
  standing: Standing,
  open: OpenActivation | null,
  { publisher, startedAtMs, nowMs, others }: StatusOptions,
): string[] {
  const alarms: string[] = [...others];
  if (standing.current?.kind === "breaker") alarms.push(breakerText(standing.current));
  if (standing.current === null && nowMs - startedAtMs >= ALARM_AFTER_MS)
    alarms.push(
      `ACTIVATION_UNKNOWN: the journal's running activation is not known here${because(publisher.trouble)}; is the gateway there?`,
    );
  if (publisher.isInConflict(standing))
    alarms.push(
      "ACTIVATION_CONFLICT: the journal holds another bundle than this database under the same number (restored from an older backup?); publish what should run",
    );
  if (open === null) return alarms;
  const refused = open.partitions.filter(({ answer }) => answer !== null && answer !== "activated");
  if (refused.length > 0)
    alarms.push(
      `ACTIVATION_REFUSED: activation ${open.sequence}: ${refused.map(({ partition, answer }) => `partition ${partition} ${answer}`).join(", ")}; publish anew with --replace`,
    );
  if (open.waitingSeconds * 1000 >= ALARM_AFTER_MS) alarms.push(partialText(open));
  return alarms;
}

/** Until people publish something: what runs is what nobody wanted. */
function breakerText({ sequence, version }: Activation): string {
  return `BREAKER_TRIPPED: activation ${sequence} (version ${version}) is the breaker's: a rule stopped too many and only reviews now; 'kadun rules show ${version}' says which and why, publish what should run`;
}

function partialText({ sequence, version, partitions, answered, waitingSeconds, trouble }: OpenActivation) {
  const silent = partitions.filter(({ answer }) => answer === null).map(({ partition }) => partition);
  const which = silent.length === 0 ? "" : `, silent for ${waitingSeconds} s: ${silent.join(", ")}`;
  return `ACTIVATION_PARTIAL: activation ${sequence} (version ${version}) is ${answered}/${partitions.length}${which}${because(trouble)}; is a detector down?`;
}

function because(trouble: string | null): string {
  return trouble === null ? "" : ` (${trouble})`;
}
