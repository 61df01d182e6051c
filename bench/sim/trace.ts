/** Everything that happened in a run, as one hash: the same seed gives the same. Keeps the last lines for a report. */

import { createHash, type Hash } from "node:crypto";

const LINES_KEPT_MAX = 60;

export class Trace {
  private readonly hash: Hash = createHash("sha256");
  private readonly recent: string[] = [];
  lines = 0;

  /** @param heard is told every line. */
  constructor(private readonly heard: ((line: string) => void) | null = null) {}

  add(line: string): void {
    this.lines++;
    this.heard?.(line);
    this.hash.update(line);
    this.hash.update("\n");
    this.recent.push(line);
    if (this.recent.length > 2 * LINES_KEPT_MAX) this.recent.splice(0, LINES_KEPT_MAX);
  }

  addBytes(bytes: Uint8Array): void {
    this.hash.update(bytes);
  }

  get last(): readonly string[] {
    return this.recent.slice(-LINES_KEPT_MAX);
  }

  /** Ends the trace. */
  digest(): string {
    return this.hash.digest("hex");
  }
}
