/** What the breaker looks at in a decision. */

import { crc32c } from "../../platform/checksum/crc32c.js";
import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { decodeOutcomeBody, isBodyOfType } from "../../schemas/log-body.js";
import type { JudgedSwipe } from "./breaker-windows.js";

/**
 * Of the few that were stopped the whole; of all the others, which bundle it was, without parsing them: a quotation mark
 * inside a text of ours has a backslash before it, so these bytes are names of fields. The first `action` is the decision's, before its reasons;
 * the last `bundleHash` lies behind them. null for what is no decision. @throws LogBodyError.
 */
export function judgedSwipeOf({ value, appendedAtMs: atMs }: LoggedRecord): JudgedSwipe | null {
  if (!isBodyOfType(value, "decision")) return null;
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.length);
  const bundleHash = isStopped(bytes) ? null : hashIn(bytes);
  if (bundleHash !== null) return { bundleHash, personKey: "", atMs, stoppedBy: NOBODY };
  const outcome = decodeOutcomeBody(value, crc32c);
  if (outcome.type !== "decision") return null;
  const stoppedBy = outcome.reasons
    .filter(({ rule, mode, action }) => rule !== NO_RULE && mode === "live" && STOPS.includes(action))
    .map(({ rule }) => rule);
  const { bundleHash: hash, personKey } = outcome;
  return { bundleHash: hash, personKey, atMs, stoppedBy: [...new Set(stoppedBy)] };
}

function isStopped(bytes: Buffer): boolean {
  const at = bytes.indexOf(ACTION);
  const value = at < 0 ? "" : bytes.toString("latin1", at + ACTION.length, at + ACTION.length + LONGEST);
  return at < 0 || STOPS.some((stop) => value.startsWith(stop));
}

function hashIn(bytes: Buffer): string | null {
  const at = bytes.lastIndexOf(BUNDLE);
  const hash = bytes.toString("latin1", at + BUNDLE.length, at + BUNDLE.length + HASH_LENGTH);
  return at >= 0 && /^[0-9a-f]{64}$/.test(hash) ? hash : null;
}

const NO_RULE = "R00";
const STOPS: readonly string[] = ["challenge", "reject"];
const NOBODY: readonly string[] = [];
const ACTION = '"action":"';
const BUNDLE = '"bundleHash":"';
const HASH_LENGTH = 64;
const LONGEST = "challenge".length;
