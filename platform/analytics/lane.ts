/** Where statements wait for each other. */
export interface Queue {
  /** Runs the task when its turn has come; a failed one does not stop the next. */
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Resolves when everything called so far is over. */
  idle(): Promise<void>;
}

/**
 * One thing at a time.
 *
 * 1. Tasks run in the order of the calls.
 * 2. After a failure `cleanse` runs before the next task: chdb hands what a failed query had already put out to the
 *    next query of the connection.
 */
export class Lane implements Queue {
  private last: Promise<unknown> = Promise.resolve();
  private dirty = false;

  constructor(private readonly cleanse: () => Promise<void> = async () => {}) {}

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(() => this.cleansed(task));
    this.last = result.catch(() => {});
    return result;
  }

  async idle(): Promise<void> {
    await this.last;
  }

  private async cleansed<T>(task: () => Promise<T>): Promise<T> {
    if (this.dirty) await this.cleanse();
    this.dirty = true;
    const value = await task();
    this.dirty = false;
    return value;
  }
}
