/** What is typed reaches the office: once a sentence, the latest last, and again after a restart there. */

import { describe, expect, it } from "@jest/globals";
import {
  AGAIN_MS,
  DraftOutbox,
  KEEP_AFTER_MS,
} from "../../../services/console/web/pages/case/draft-outbox.js";

class AwayError extends Error {}

/** An office that keeps what it is sent, and a clock that is moved by hand. */
class Typing {
  readonly kept: string[] = [];
  trouble: Error | null = null;
  private waiting: { readonly atMs: number; readonly run: () => void }[] = [];
  private nowMs = 0;
  readonly outbox = new DraftOutbox({
    isPassing: (error) => error instanceof AwayError,
    later: (run, afterMs) => {
      const one = { atMs: this.nowMs + afterMs, run };
      this.waiting.push(one);
      return () => {
        this.waiting = this.waiting.filter((other) => other !== one);
      };
    },
  });

  type(text: string): void {
    this.outbox.put("note", text, this.keep);
  }

  async pass(ms: number): Promise<void> {
    this.nowMs += ms;
    const due = this.waiting.filter(({ atMs }) => atMs <= this.nowMs);
    this.waiting = this.waiting.filter((one) => !due.includes(one));
    for (const { run } of due) run();
    await new Promise(setImmediate);
  }

  readonly keep = async (text: string): Promise<void> => {
    if (this.trouble !== null) throw this.trouble;
    this.kept.push(text);
  };
}

describe("a text that is typed", () => {
  it("is kept a moment after the last key", async () => {
    const typing = new Typing();
    typing.type("a");
    await typing.pass(KEEP_AFTER_MS - 1);
    typing.type("ab");
    await typing.pass(KEEP_AFTER_MS - 1);
    expect([typing.kept, typing.outbox.stateOf("note")]).toEqual([[], "typing"]);
    await typing.pass(1);
    expect([typing.kept, typing.outbox.stateOf("note")]).toEqual([["ab"], "kept"]);
    expect(typing.outbox.isHolding).toBe(false);
  });

  it("is kept by itself when an office that was away is back", async () => {
    const typing = new Typing();
    typing.trouble = new AwayError();
    typing.type("half a sentence");
    await typing.pass(KEEP_AFTER_MS);
    expect([typing.outbox.stateOf("note"), typing.outbox.isHolding]).toEqual(["not-kept", true]);
    await typing.pass(AGAIN_MS);
    expect(typing.outbox.stateOf("note")).toBe("not-kept");
    typing.trouble = null;
    await typing.pass(AGAIN_MS);
    expect([typing.kept, typing.outbox.stateOf("note")]).toEqual([["half a sentence"], "kept"]);
  });

  it("is still there, and sent, where its field was closed meanwhile", async () => {
    const typing = new Typing();
    typing.trouble = new AwayError();
    typing.type("half a sentence");
    typing.outbox.close("note");
    await typing.pass(0);
    expect(typing.outbox.textOf("note")).toBe("half a sentence");
    typing.trouble = null;
    await typing.pass(AGAIN_MS);
    expect(typing.kept).toEqual(["half a sentence"]);
    typing.outbox.close("note");
    expect(typing.outbox.textOf("note")).toBeNull();
  });

  it("that is refused is sent again with the next key only", async () => {
    const typing = new Typing();
    typing.trouble = new Error("too long");
    typing.type("a");
    await typing.pass(KEEP_AFTER_MS);
    typing.trouble = null;
    await typing.pass(10 * AGAIN_MS);
    expect([typing.kept, typing.outbox.stateOf("note")]).toEqual([[], "not-kept"]);
    typing.type("b");
    await typing.pass(KEEP_AFTER_MS);
    expect(typing.kept).toEqual(["b"]);
  });

  it("that changes while it is sent is sent after it, never at once", async () => {
    const typing = new Typing();
    let [underWay, most] = [0, 0];
    const ends: (() => void)[] = [];
    const slow = async (text: string) => {
      most = Math.max(most, ++underWay);
      await new Promise<void>((resolve) => ends.push(resolve));
      underWay--;
      typing.kept.push(text);
    };
    typing.outbox.put("note", "first", slow);
    await typing.pass(KEEP_AFTER_MS);
    typing.outbox.put("note", "second", slow);
    await typing.pass(KEEP_AFTER_MS);
    ends.shift()!();
    await typing.pass(0);
    expect(typing.outbox.stateOf("note")).toBe("typing");
    await typing.pass(0);
    ends.shift()!();
    await typing.pass(0);
    expect([typing.kept, most, typing.outbox.stateOf("note")]).toEqual([["first", "second"], 1, "kept"]);
  });

  it("that was sent as a note is forgotten", async () => {
    const typing = new Typing();
    typing.type("a note");
    await typing.pass(KEEP_AFTER_MS);
    typing.outbox.put("note", "", typing.keep, 0);
    await typing.pass(0);
    expect([typing.kept, typing.outbox.stateOf("note"), typing.outbox.textOf("note")]).toEqual([
      ["a note", ""],
      "empty",
      "",
    ]);
  });
});
