/**
 * How long a member may believe that it is one: the session time-out from the moment at which it sent the last request
 * that the coordinator accepted. The coordinator counts from when that arrived, so it never ends the session sooner.
 */
/** By the monotonic clock, and by the machine's: the former stands still in some kinds of sleep. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export function momentNow(): Moment {
  return { monotonicMs: performance.now(), wallMs: Date.now() };
}

export class SessionTimer {
  private timer: NodeJS.Timeout | null = null;
  private endsAt: number | null = null;
  private sureUntil: Moment | null = null;

  constructor(
    private readonly timeoutMs: number,
    /** The session must have ended by now. */
    private readonly onEnd: () => void,
  ) {}

  /**
   * Surely a member: the answer holds for the moment at which it is asked for, however late the timer is. A clock that is
   * set forward makes it false until the next heartbeat.
   */
  get isSure(): boolean {
    const [until, now] = [this.sureUntil, momentNow()];
    return until !== null && now.monotonicMs < until.monotonicMs && now.wallMs < until.wallMs;
  }

  /**
   * A request sent at this moment was accepted.
   * @param from where the coordinator is thought to count from later; nothing is sure by that: the answer may have waited
   *   for this process to wake up.
   */
  accepted(sentAt: Moment, from = sentAt.monotonicMs): void {
    this.endsAt = from + this.timeoutMs;
    this.sureUntil = {
      monotonicMs: sentAt.monotonicMs + this.timeoutMs,
      wallMs: sentAt.wallMs + this.timeoutMs,
    };
    this.release();
  }

  /** No end while a join waits at the coordinator, which keeps the member so long. */
  hold(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  /** The join has been answered or failed: where nothing was accepted since, the time before counts. */
  release(): void {
    this.hold();
    if (this.endsAt === null) return;
    this.timer = setTimeout(() => this.onEnd(), Math.max(0, this.endsAt - performance.now()));
  }

  stop(): void {
    this.hold();
    this.endsAt = null;
    this.sureUntil = null;
  }
}
