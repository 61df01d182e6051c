/**
 * How long a member may believe that it is one: the session time-out from the moment at which it sent the last request
 * that the coordinator accepted. The coordinator counts from when that arrived, so it never ends the session sooner.
 */
export class SessionTimer {
  private timer: NodeJS.Timeout | null = null;
  private endsAt: number | null = null;

  constructor(
    private readonly timeoutMs: number,
    /** The session must have ended by now. */
    private readonly onEnd: () => void,
  ) {}

  /** A request sent at this moment (`performance.now()`) was accepted. */
  accepted(sentAt: number): void {
    this.endsAt = sentAt + this.timeoutMs;
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
  }
}
