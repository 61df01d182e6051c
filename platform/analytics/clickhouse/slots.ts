import type { Queue } from "../lane.js";

/** So many things at a time, the others in the order of their calls. */
export class Slots implements Queue {
  private readonly waiting: (() => void)[] = [];
  private readonly called = new Set<Promise<unknown>>();
  private free: number;

  constructor(count: number) {
    this.free = count;
  }

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.taken(task);
    const settled = result.catch(() => {}).finally(() => this.called.delete(settled));
    this.called.add(settled);
    return result;
  }

  async idle(): Promise<void> {
    await Promise.all(this.called);
  }

  private async taken<T>(task: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free++;
      else next();
    }
  }
}
