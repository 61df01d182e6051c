/** Live figures: one reading for all who look at the same regions, and no stream that outlives who may see it. */

import { describe, expect, it } from "@jest/globals";
import { silentLogger } from "../../../platform/logger/logger.js";
import { PERMISSIONS, type Scope } from "../../../schemas/console/access.js";
import {
  BEAT_MS,
  type LiveEvent,
  LiveRooms,
  READ_EVERY_MS,
  SESSION_LOOK_MS,
  STREAMS_MAX,
  STREAMS_OF_PERSON_MAX,
} from "../../../services/console/server/live-rooms.js";
import { linesOfEvent } from "../../../services/console/server/live-stream.js";
import { StandingClock } from "../../ingest/gateway-world.js";

class Office {
  readonly clock = new StandingClock();
  readonly readings: string[] = [];
  figures = 1;
  readonly rooms = new LiveRooms({
    read: async (scope) => {
      this.readings.push(scope.join());
      const json = `{"figures":${this.figures}}`;
      return { fingerprint: json, json };
    },
    clock: this.clock,
    logger: silentLogger,
  });

  listen(name: string, scope: Scope = [""], lastId: string | null = null) {
    const going = new AbortController();
    const caller = callerOf(name, scope);
    const session = { caller: caller as ReturnType<typeof callerOf> | null };
    const events = this.rooms.listen({
      caller,
      gone: going.signal,
      readmitted: async () => session.caller,
      lastId,
    });
    return { events, going, session };
  }

  /** Lets what waits go on, then moves the clock. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += READ_EVERY_MS) {
      await settled();
      this.clock.advance(READ_EVERY_MS);
    }
    await settled();
  }
}

function callerOf(name: string, scope: Scope) {
  return { name, isLocal: false, roles: [], permissions: new Set(PERMISSIONS), scope, session: null };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** The next event, with the clock moved on until it comes. */
async function next(office: Office, events: AsyncGenerator<LiveEvent> | null): Promise<LiveEvent | null> {
  const asked = events!.next();
  let found: IteratorResult<LiveEvent> | null = null;
  asked.then((result) => {
    found = result;
  });
  for (let turn = 0; found === null && turn < 40; turn++) await office.pass(READ_EVERY_MS);
  const result = await asked;
  return result.done === true ? null : result.value;
}

describe("a stream", () => {
  it("begins with what there is, tells what changed, and beats while nothing does", async () => {
    const office = new Office();
    const { events, going } = office.listen("lin");
    const first = await next(office, events);
    expect(first).toMatchObject({ kind: "figures", snapshot: { json: '{"figures":1}' } });
    office.figures = 2;
    expect(await next(office, events)).toMatchObject({
      kind: "figures",
      snapshot: { json: '{"figures":2}' },
    });
    const before = office.clock.now();
    expect(await next(office, events)).toMatchObject({ kind: "beat" });
    expect(office.clock.now() - before).toBeGreaterThanOrEqual(BEAT_MS);
    going.abort();
    expect(await next(office, events)).toBeNull();
    await office.rooms.close();
  });

  it("that is taken up again does not repeat figures that are known", async () => {
    const office = new Office();
    const held = office.listen("wang");
    const first = await next(office, held.events);
    const id = first?.kind === "figures" ? first.snapshot.id : "";
    const again = office.listen("lin", [""], id);
    expect(await next(office, again.events)).toMatchObject({ kind: "beat" });
    again.going.abort();
    held.going.abort();
    await office.rooms.close();
  });

  it("is lines that a browser understands, with the figures in one of them", () => {
    const snapshot = { id: "7", asOfMs: 0, json: '{"a":"\\n"}', fingerprint: "" };
    expect(linesOfEvent({ kind: "figures", snapshot })).toBe('id: 7\nevent: figures\ndata: {"a":"\\n"}\n\n');
    expect(linesOfEvent({ kind: "ended", reason: "session" })).toBe(
      'event: ended\ndata: {"reason":"session"}\n\n',
    );
    expect(linesOfEvent({ kind: "beat", asOfMs: 0 })).toBe(
      ':\nevent: beat\ndata: {"asOf":"1970-01-01T08:00:00.000+08:00"}\n\n',
    );
  });
});

describe("the databases", () => {
  it("are read once a second for all who look at the same regions, and no more when nobody does", async () => {
    const office = new Office();
    const streams = [office.listen("lin"), office.listen("wang"), office.listen("zhao", ["33"])];
    for (const { events } of streams) await next(office, events);
    const [readBefore, atMs] = [office.readings.length, office.clock.now()];
    await office.pass(5_000);
    const seconds = (office.clock.now() - atMs) / READ_EVERY_MS;
    expect(office.readings.length - readBefore).toBe(2 * seconds);
    for (const { going, events } of streams) {
      going.abort();
      await events!.return();
    }
    await office.pass(2_000);
    const left = office.readings.length;
    await office.pass(5_000);
    expect(office.readings.length).toBe(left);
    await office.rooms.close();
  });

  it("that give an error leave the figures as they were, with their age", async () => {
    const clock = new StandingClock();
    let isAway = false;
    const rooms = new LiveRooms({
      read: async () => {
        if (isAway) throw new Error("away");
        return { fingerprint: "1", json: "1" };
      },
      clock,
      logger: silentLogger,
    });
    const going = new AbortController();
    const caller = callerOf("lin", [""]);
    const office = Object.assign(Object.create(Office.prototype) as Office, { clock });
    const events = rooms.listen({ caller, gone: going.signal, readmitted: async () => caller, lastId: null });
    await next(office, events);
    isAway = true;
    const awayAtMs = clock.now();
    const event = await next(office, events);
    expect(event?.kind).toBe("beat");
    expect(event?.kind === "beat" && event.asOfMs).toBeLessThanOrEqual(awayAtMs);
    expect(clock.now()).toBeGreaterThan(awayAtMs);
    going.abort();
    await rooms.close();
  });
});

describe("a stream ends", () => {
  it("with its session, within the time of a look", async () => {
    const office = new Office();
    const { events, session } = office.listen("lin");
    await next(office, events);
    session.caller = null;
    const endedAtMs = office.clock.now();
    let event = await next(office, events);
    while (event?.kind === "beat") event = await next(office, events);
    expect(event).toEqual({ kind: "ended", reason: "session" });
    expect(office.clock.now() - endedAtMs).toBeLessThanOrEqual(SESSION_LOOK_MS + READ_EVERY_MS);
    expect(await next(office, events)).toBeNull();
    await office.rooms.close();
  });

  it.each([
    ["other regions", callerOf("lin", ["33"])],
    ["fewer permissions", { ...callerOf("lin", [""]), permissions: new Set(["audit.read"] as const) }],
  ])("when its caller has %s by now", async (_, caller) => {
    const office = new Office();
    const { events, session } = office.listen("lin");
    await next(office, events);
    session.caller = caller as ReturnType<typeof callerOf>;
    let event = await next(office, events);
    while (event?.kind === "beat") event = await next(office, events);
    expect(event).toEqual({ kind: "ended", reason: "session" });
    await office.rooms.close();
  });

  it("with the process, and none begins after that", async () => {
    const office = new Office();
    const { events } = office.listen("lin");
    await next(office, events);
    const closed = office.rooms.close();
    expect(await next(office, events)).toEqual({ kind: "ended", reason: "closing" });
    await closed;
    expect(office.listen("lin").events).toBeNull();
  });
});

describe("there are at most", () => {
  it("so many of one person; one that is gone makes room, also where it was never begun", async () => {
    const office = new Office();
    const streams = Array.from({ length: STREAMS_OF_PERSON_MAX }, () => office.listen("lin"));
    expect(office.listen("lin").events).toBeNull();
    expect(office.listen("wang").events).not.toBeNull();
    streams[0]!.going.abort();
    expect(office.listen("lin").events).not.toBeNull();
    expect(office.listen("lin").events).toBeNull();
    await office.rooms.close();
  });

  it("so many of all", async () => {
    const office = new Office();
    for (let n = 0; n < STREAMS_MAX; n++) expect(office.listen(`person-${n}`).events).not.toBeNull();
    expect(office.listen("one-more").events).toBeNull();
    await office.rooms.close();
  });
});
