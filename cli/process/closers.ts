/** What was opened, closed in reverse: also where opening failed halfway. */

export interface Closable {
  close(): PromiseLike<unknown>;
}

interface Cut {
  readonly part: Closable;
  readonly afterMs: number;
}

export class Closers {
  private readonly opened: Closable[] = [];
  private readonly cuts: Cut[] = [];

  add<Part extends Closable>(part: Part): Part {
    this.opened.push(part);
    return part;
  }

  /**
   * Closes this part out of turn when closing has taken so long: what the others wait for of it fails then, and they end.
   * For a server that does not answer. The part is added too, and closes twice without harm.
   */
  cutAfter(afterMs: number, part: Closable): void {
    this.cuts.push({ part, afterMs });
  }

  /** Closes everything, the last one first; the first error is thrown after all were tried. */
  async close(): Promise<void> {
    const timers = this.cuts
      .splice(0)
      // What it fails with is told in its turn.
      .map(({ part, afterMs }) => setTimeout(() => void part.close().then(null, () => {}), afterMs));
    try {
      await this.closeAll();
    } finally {
      for (const timer of timers) clearTimeout(timer);
    }
  }

  private async closeAll(): Promise<void> {
    let failure: { readonly error: unknown } | null = null;
    for (const part of this.opened.splice(0).reverse()) {
      try {
        await part.close();
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure !== null) throw failure.error;
  }
}
