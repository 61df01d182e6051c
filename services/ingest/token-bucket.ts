/** A rate with bursts. Whoever takes more than is there goes into debt and waits longer the next time. */

export interface RateLimit {
  readonly recordsPerSecond: number;
  /** So many may come at once after a pause. */
  readonly burst: number;
}

export class TokenBucket {
  private tokens: number;
  private refilledAtMs: number;

  constructor(
    private readonly limit: RateLimit,
    nowMs: number,
  ) {
    this.tokens = limit.burst;
    this.refilledAtMs = nowMs;
  }

  /** Seconds to wait before the next message, 0 where one may come now. */
  waitSeconds(nowMs: number): number {
    this.refill(nowMs);
    return this.tokens >= 1 ? 0 : Math.ceil((1 - this.tokens) / this.limit.recordsPerSecond);
  }

  take(records: number): void {
    this.tokens -= records;
  }

  /** A clock that steps back adds nothing. */
  private refill(nowMs: number): void {
    const passedMs = Math.max(0, nowMs - this.refilledAtMs);
    this.refilledAtMs = nowMs;
    this.tokens = Math.min(this.limit.burst, this.tokens + (passedMs * this.limit.recordsPerSecond) / 1000);
  }
}
