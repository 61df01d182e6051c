/**
 * Hands out lines so that some are under way whenever a process is killed: of what is left, each kill gets its share, most
 * of it in the time that a kill is expected to take, ever fewer behind it: one that takes long finds some too. All kills
 * done, the rest goes at once.
 */

const TICK_MS = 20;

interface Share {
  readonly lines: number;
  readonly sinceMs: number;
  given: number;
}

export class PacedLines {
  private killsLeft: number;
  /** Of the kill that comes; null: not made yet. */
  private share: Share | null = null;

  constructor(
    private readonly lines: readonly string[],
    kills: number,
    /** Of a kill with its recovery. */
    private readonly expectedMs: number,
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
    this.share ??= {
      lines: Math.floor((this.lines.length - next) / (this.killsLeft + 1)),
      sinceMs: performance.now(),
      given: 0,
    };
    const { lines, sinceMs, given } = this.share;
    this.share.given = Math.floor(
      lines * (1 - Math.exp((sinceMs - performance.now() - TICK_MS) / this.expectedMs)),
    );
    return this.share.given - given;
  }
}
