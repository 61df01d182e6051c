/**
 * Live figures: whoever looks at the same regions shares one reading of the databases.
 *
 * Owns: the rooms (one a scope), their reading loops, who listens.
 * Does not own: what is read (given), the connections (whoever iterates a stream).
 *
 * 1. At most `STREAMS_MAX` listen, `STREAMS_OF_PERSON_MAX` of one person.
 * 2. A scope is read at most once a second, never twice at a time, and only while somebody listens.
 * 3. Nothing queues up: a listener that is slow gets the newest when it takes again.
 * 4. A stream ends with its caller's connection, key or session, with a change of roles or regions, and with `close`. No
 *    stream outlives `SESSION_LOOK_MS` after its session.
 */

import type { Clock } from "../../../platform/clock/clock.js";
import type { Logger } from "../../../platform/logger/logger.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { Caller } from "../../../schemas/console/caller.js";

/** Sockets, and at most as many scopes that are read each second. An office has fewer desks. */
export const STREAMS_MAX = 64;
/** Windows and machines of one person; a browser opens six connections to one address at most. */
export const STREAMS_OF_PERSON_MAX = 6;
export const READ_EVERY_MS = 1_000;
/** Proxies cut what is silent for a minute; a page calls figures old that it has not heard of for twice as long. */
export const BEAT_MS = 10_000;
export const SESSION_LOOK_MS = 10_000;

export interface Reading {
  /** Equal as long as the figures are the same. */
  readonly fingerprint: string;
  readonly json: string;
}

export interface Snapshot extends Reading {
  /** The same as long as the figures are the same; begun anew with the process. */
  readonly id: string;
  readonly asOfMs: number;
}

export type LiveEvent =
  | { readonly kind: "figures"; readonly snapshot: Snapshot }
  /** Nothing is new; the figures were read again at that time. */
  | { readonly kind: "beat"; readonly asOfMs: number | null }
  | { readonly kind: "ended"; readonly reason: "session" | "closing" };

export interface LiveRoomsOptions {
  readonly read: (scope: Scope) => Promise<Reading>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Listener {
  readonly caller: Caller;
  readonly gone: AbortSignal;
  readonly readmitted: () => Promise<Caller | null>;
  /** What the listener has already; null for none. */
  readonly lastId: string | null;
}

export class LiveRooms {
  private readonly rooms = new Map<string, Room>();
  private readonly closing = new AbortController();
  private readonly listening = new Map<string, number>();

  constructor(private readonly options: LiveRoomsOptions) {}

  /** null where one more is too many. Counted from now on until the stream has ended. */
  listen(listener: Listener): AsyncGenerator<LiveEvent, void, void> | null {
    const { name } = listener.caller;
    const ofPerson = this.listening.get(name) ?? 0;
    const all = [...this.listening.values()].reduce((sum, count) => sum + count, 0);
    if (this.closing.signal.aborted || all >= STREAMS_MAX || ofPerson >= STREAMS_OF_PERSON_MAX) return null;
    this.listening.set(name, ofPerson + 1);
    const room = this.roomOf(listener.caller.scope);
    let hasLeft = false;
    const leave = () => {
      if (!hasLeft) this.leave(room, name);
      hasLeft = true;
    };
    // Also of a stream that was never begun.
    listener.gone.addEventListener("abort", leave, { once: true });
    if (listener.gone.aborted) leave();
    return this.stream(listener, room, leave);
  }

  /** Streams end with their next turn; readings under way are waited for. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([...this.rooms.values()].map((room) => room.ended));
  }

  private async *stream(
    listener: Listener,
    room: Room,
    leave: () => void,
  ): AsyncGenerator<LiveEvent, void, void> {
    const { gone } = listener;
    try {
      yield* this.events(listener, room, AbortSignal.any([gone, this.closing.signal]));
      if (this.closing.signal.aborted && !gone.aborted) yield { kind: "ended", reason: "closing" };
    } finally {
      leave();
    }
  }

  private async *events(
    { caller, readmitted, lastId }: Listener,
    room: Room,
    over: AbortSignal,
  ): AsyncGenerator<LiveEvent, void, void> {
    const { clock } = this.options;
    let [seen, toldAtMs, lookedAtMs] = [lastId, clock.now(), clock.now()];
    while (!over.aborted) {
      if (clock.now() - lookedAtMs >= SESSION_LOOK_MS) {
        if (!isSame(caller, await readmitted().catch(() => null)))
          return yield { kind: "ended", reason: "session" };
        lookedAtMs = clock.now();
      }
      const { snapshot } = room;
      if (snapshot !== null && snapshot.id !== seen) {
        [seen, toldAtMs] = [snapshot.id, clock.now()];
        yield { kind: "figures", snapshot };
      } else if (clock.now() - toldAtMs >= BEAT_MS) {
        toldAtMs = clock.now();
        yield { kind: "beat", asOfMs: snapshot?.asOfMs ?? null };
      } else await room.nextReading(over);
    }
  }

  private roomOf(scope: Scope): Room {
    const key = JSON.stringify(scope);
    const found = this.rooms.get(key) ?? new Room(key, scope, this.options, this.closing.signal);
    this.rooms.set(key, found);
    found.listeners++;
    return found;
  }

  private leave(room: Room, name: string): void {
    const left = (this.listening.get(name) ?? 1) - 1;
    if (left === 0) this.listening.delete(name);
    else this.listening.set(name, left);
    room.listeners--;
    if (room.listeners > 0) return;
    room.stop();
    this.rooms.delete(room.key);
  }
}

/** Roles or regions that changed meanwhile: whoever still may opens a new stream. */
function isSame(before: Caller, now: Caller | null): boolean {
  return (
    now !== null &&
    now.name === before.name &&
    now.permissions.has("overview.read") &&
    JSON.stringify(now.scope) === JSON.stringify(before.scope)
  );
}

class Room {
  listeners = 0;
  snapshot: Snapshot | null = null;
  readonly ended: Promise<void>;
  private readonly stopping = new AbortController();
  private wake: () => void = () => {};
  private reading: Promise<void> = Promise.resolve();

  constructor(
    readonly key: string,
    private readonly scope: Scope,
    private readonly options: LiveRoomsOptions,
    closing: AbortSignal,
  ) {
    this.nextTurn();
    this.ended = this.run(AbortSignal.any([closing, this.stopping.signal]));
  }

  stop(): void {
    this.stopping.abort();
  }

  /** Resolves when the figures were read once more, or it is over. */
  async nextReading(over: AbortSignal): Promise<void> {
    if (over.aborted) return;
    let end: () => void = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
      over.addEventListener("abort", end, { once: true });
    });
    await Promise.race([this.reading, ended]);
    over.removeEventListener("abort", end);
  }

  private async run(over: AbortSignal): Promise<void> {
    const { read, clock, logger } = this.options;
    while (!over.aborted) {
      const asOfMs = clock.now();
      const reading = await read(this.scope).catch((error: unknown) => {
        logger.warn("console.live-reading-failed", { error });
        return null;
      });
      if (reading !== null) this.snapshot = snapshotAfter(this.snapshot, reading, asOfMs);
      const { wake } = this;
      this.nextTurn();
      wake();
      await clock.sleep(READ_EVERY_MS, over);
    }
    this.wake();
  }

  private nextTurn(): void {
    this.reading = new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}

function snapshotAfter(before: Snapshot | null, reading: Reading, asOfMs: number): Snapshot {
  const isSame = before !== null && before.fingerprint === reading.fingerprint;
  return { ...reading, id: isSame ? before.id : String(asOfMs), asOfMs };
}
