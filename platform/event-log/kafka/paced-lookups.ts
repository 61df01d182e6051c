/** Many who ask for the same at once cause one question; those who ask again soon wait a little. */

/** An election takes some hundred milliseconds: asking more often finds the old answer. */
const PAUSE_MS = 250;

export class PacedLookups {
  readonly #running = new Map<string, Promise<void>>();
  readonly #lastAtMs = new Map<string, number>();

  /** Runs `look` once for all keys that nobody looks for yet; settles when all keys have been looked for. */
  async run(keys: readonly string[], look: (keys: readonly string[]) => Promise<void>): Promise<void> {
    const fresh = [...new Set(keys)].filter((key) => !this.#running.has(key));
    const joined = keys.flatMap((key) => this.#running.get(key) ?? []);
    if (fresh.length > 0) joined.push(this.#start(fresh, look));
    await Promise.all(joined);
  }

  #start(keys: readonly string[], look: (keys: readonly string[]) => Promise<void>): Promise<void> {
    const lookup = this.#lookAfterPause(keys, look).finally(() => {
      for (const key of keys) this.#running.delete(key);
    });
    for (const key of keys) this.#running.set(key, lookup);
    return lookup;
  }

  async #lookAfterPause(
    keys: readonly string[],
    look: (keys: readonly string[]) => Promise<void>,
  ): Promise<void> {
    const last = Math.max(...keys.map((key) => this.#lastAtMs.get(key) ?? Number.NEGATIVE_INFINITY));
    const pauseMs = last + PAUSE_MS - performance.now();
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    for (const key of keys) this.#lastAtMs.set(key, performance.now());
    await look(keys);
  }
}
