/** A process of its own that appends numbered entries to one partition, for tests that kill it or read beside it. */

/** What the process is to do; travels as JSON. */
export interface WritingOrder {
  readonly topic: string;
  readonly partition: number;
  readonly entriesPerAppend: number;
  readonly valueBytes: number;
  /** Ends by itself after so many entries. */
  readonly entriesMax: number;
  /** Time between appends. */
  readonly pauseMs: number;
}

/** What it tells. */
export type WritingNews =
  | { readonly type: "acknowledged"; readonly end: number }
  | { readonly type: "refused"; readonly code: string; readonly retryable: boolean; readonly message: string }
  | { readonly type: "done" };

export interface WritingProcess {
  /** Entries acknowledged so far, all of them numbered by their offset. */
  readonly acknowledged: number;
  /** Refusals so far. */
  readonly refusals: readonly {
    readonly code: string;
    readonly retryable: boolean;
    readonly message: string;
  }[];
  /** Resolves when `isTrue` holds after some news; rejects when the process has ended before. */
  until(isTrue: (writing: WritingProcess) => boolean): Promise<void>;
  /** Resolves when the process has written all and ended. */
  finished(): Promise<void>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
}
