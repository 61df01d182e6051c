/**
 * Hands out lines so that some are under way whenever a process is killed: of what is left, each kill gets its share,
 * spread over the time it is expected to take, however long it takes. All kills done, the rest goes at once.
 */

const TICK_MS = 20;
/** A kill with its recovery: the gap, and some seconds until the office is back. */
const RECOVERY_MS = 4000;

interface Share {
  left: number;
  readonly perTick: number;
}

export class PacedLines {
  private killsLeft: number;
  /** Of the kill that comes; null: not made yet. */
  private share: Share | null = null;

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
    this.share = null;
  }

  /** No kill comes any more. */
  letGo(): void {
    this.killsLeft = 0;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (let next = 0; next < this.lines.length; ) {
      const count = this.killsLeft === 0 ? this.lines.length - next : this.countOfTick(next);
      for (const end = next + count; next < end; next++) yield this.lines[next]!;
      if (this.killsLeft > 0) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
  }

  private countOfTick(next: number): number {
    this.share ??= this.shareOf(this.lines.length - next);
    const count = Math.min(this.share.left, this.share.perTick);
    this.share.left -= count;
    return count;
  }

  private shareOf(lines: number): Share {
    const left = Math.floor(lines / (this.killsLeft + 1));
    return { left, perTick: Math.ceil((left * TICK_MS) / (this.gapMeanMs + RECOVERY_MS)) };
  }
}
