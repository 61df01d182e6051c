/**
 * Texts that are being typed, on their way to the office.
 *
 * Owns: the latest text of each field that the office does not have yet, and when it is sent.
 * Does not own: how it is sent (given with each text), what the page shows of it.
 *
 * 1. Of a field there is one request at a time; what was typed meanwhile goes next.
 * 2. What a passing trouble stopped (a restart of the office) is sent again by itself, also where its field was closed.
 * 3. A refusal is not repeated; the next key tries again.
 */

/** Between two keys of a slow typist; a request a sentence. */
export const KEEP_AFTER_MS = 700;
/** An office that restarts is back after some seconds. */
export const AGAIN_MS = 3_000;

/** empty: there is nothing to keep. */
export type DraftState = "empty" | "typing" | "kept" | "not-kept";
export type Keep = (text: string) => Promise<unknown>;
/** Runs it once, so much later. @returns what calls it off. */
export type Later = (run: () => void, afterMs: number) => () => void;

interface Sending {
  text: string;
  keep: Keep;
  state: DraftState;
  isUnderWay: boolean;
  callOff: () => void;
}

export interface DraftOutboxOptions {
  /** May it be well when it is tried again? */
  readonly isPassing: (error: unknown) => boolean;
  readonly later: Later;
}

export class DraftOutbox {
  private readonly fields = new Map<string, Sending>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: DraftOutboxOptions) {}

  /** @param field names it among all. @param afterMs 0: at once. */
  put(field: string, text: string, keep: Keep, afterMs = KEEP_AFTER_MS): void {
    const before = this.fields.get(field);
    before?.callOff();
    const sending = before ?? { text, keep, state: "typing", isUnderWay: false, callOff: () => {} };
    Object.assign(sending, { text, keep, state: "typing" });
    this.fields.set(field, sending);
    this.sendLater(sending, afterMs);
    this.tell();
  }

  /** Nobody sees the field any more: what waits is sent now, what the office has is forgotten here. */
  close(field: string): void {
    const sending = this.fields.get(field);
    if (sending?.state === "typing") this.sendLater(sending, 0);
    else if (sending?.state !== "not-kept") this.fields.delete(field);
  }

  stateOf(field: string): DraftState {
    return this.fields.get(field)?.state ?? "empty";
  }

  /** The latest that was typed; null where nothing was since the page was loaded. */
  textOf(field: string): string | null {
    return this.fields.get(field)?.text ?? null;
  }

  /** Is something on this page only? */
  get isHolding(): boolean {
    return [...this.fields.values()].some(({ state }) => state === "typing" || state === "not-kept");
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private sendLater(sending: Sending, afterMs: number): void {
    sending.callOff();
    sending.callOff = this.options.later(() => void this.send(sending), afterMs);
  }

  private async send(sending: Sending): Promise<void> {
    if (sending.isUnderWay) return;
    sending.isUnderWay = true;
    const { text, keep } = sending;
    const error = await keep(text).then(
      () => null,
      (reason: unknown) => ({ reason }),
    );
    sending.isUnderWay = false;
    if (sending.text !== text) this.sendLater(sending, 0);
    else if (error === null) sending.state = text === "" ? "empty" : "kept";
    else {
      sending.state = "not-kept";
      if (this.options.isPassing(error.reason)) this.sendLater(sending, AGAIN_MS);
    }
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
