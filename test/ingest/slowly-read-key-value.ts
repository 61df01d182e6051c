/** A store whose entries are read before the test says, and handed out after. */

import type { KeyValueEntry } from "../../platform/key-value/key-value.js";
import { BreakableKeyValue } from "./gateway-world.js";

export class SlowlyReadKeyValue extends BreakableKeyValue {
  private held: Promise<void> | null = null;
  private hasRead = () => {};
  goOn = () => {};

  /** @returns when the next reader has read. */
  holdReading(): Promise<void> {
    this.held = new Promise((resolve) => {
      this.goOn = resolve;
    });
    return new Promise((resolve) => {
      this.hasRead = resolve;
    });
  }

  override async *entries(prefix: string) {
    const entries: KeyValueEntry[] = [];
    for await (const entry of super.entries(prefix)) entries.push(entry);
    this.hasRead();
    await this.held;
    yield* entries;
  }
}
