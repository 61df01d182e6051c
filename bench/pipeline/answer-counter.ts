/** Counts what answers to authorizations said; anything that is no answer is counted too, never skipped. */

import type { AnswerCounts } from "./load-protocol.js";

export class AnswerCounter {
  private readonly actions: Record<string, number> = {};
  private standIns = 0;
  private degraded = 0;
  private unreadable = 0;

  readonly take = (body: Buffer): void => {
    const { action, standIn, degraded } = fieldsOf(body);
    if (typeof action !== "string") {
      this.unreadable += 1;
      return;
    }
    this.actions[action] = (this.actions[action] ?? 0) + 1;
    if (standIn === true) this.standIns += 1;
    if (degraded === true) this.degraded += 1;
  };

  counts(): AnswerCounts {
    const { actions, standIns, degraded, unreadable } = this;
    return { actions, standIns, degraded, unreadable };
  }
}

function fieldsOf(body: Buffer): { action?: unknown; standIn?: unknown; degraded?: unknown } {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
