/**
 * Hands out lines so that some are under way whenever a process is killed: of what is left, each kill gets its share,
 * spread over the time it is expected to take. All kills done, the rest goes at once.
 */

const TICK_MS = 20;
/** A kill with its recovery: the gap, and some seconds until the office is back. */
const RECOVERY_MS = 4000;

export class PacedLines {
  private killsLeft: number;

  constructor(
    private readonly lines: readonly string[],
    kills: number,
    private readonly gapMeanMs: number,
  ) {
    this.killsLeft = kills;
  }

  /** A kill happened and was recovered from. */
  killDone(): void {
    this.killsLeft -= 1;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (let next = 0; next < this.lines.length; ) {
      const count = this.killsLeft === 0 ? this.lines.length - next : this.countOfTick(next);
      for (const end = next + count; next < end; next++) yield this.lines[next]!;
      if (this.killsLeft > 0) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
  }

  /** At least one a tick, and never the last lines before the last kill. */
  private countOfTick(next: number): number {
    const left = this.lines.length - next;
    if (left <= this.killsLeft) return 0;
    const ticksPerKill = (this.gapMeanMs + RECOVERY_MS) / TICK_MS;
    return Math.ceil(left / (this.killsLeft + 1) / ticksPerKill);
  }
}
