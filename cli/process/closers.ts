/** What was opened, closed in reverse: also where opening failed halfway. */

export interface Closable {
  close(): PromiseLike<unknown>;
}

export class Closers {
  private readonly opened: Closable[] = [];

  add<Part extends Closable>(part: Part): Part {
    this.opened.push(part);
    return part;
  }

  /** Closes everything, the last one first; the first error is thrown after all were tried. */
  async close(): Promise<void> {
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
