/** `kadun replay` as a user runs it: bad input is named with its line, the rest is judged, the status tells. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { afterAll, describe, expect, test } from "@jest/globals";
import { OUTCOME_SCHEMAS } from "../../schemas/outcomes.js";
import { kadunMain, Workplace } from "../support/kadun.js";
import { at, DAY_MS, MINUTE_MS, type RawFields, rawSwipe, START_MS } from "../support/records.js";

const place = new Workplace();
afterAll(() => place.remove());

const line = (eventId: string, fields: RawFields = {}) => JSON.stringify(rawSwipe({ eventId, ...fields }));

describe("of a file with bad lines", () => {
  const bad: [string | Buffer, string][] = [
    [line("cut").slice(0, 80), "JSON_INVALID"],
    [line("words", { totalFen: "10" }), "FIELD_INVALID: totalFen"],
    [line("negative", { totalFen: -1 }), "FIELD_INVALID: totalFen"],
    [line("pin-code", { pinCode: "123456" }), "FIELD_FORBIDDEN: pinCode"],
    [line("chinese", { items: [{ 密码: "1" }] }), "FIELD_FORBIDDEN: items.0.密码"],
    [line("1970", { occurredAt: "1970-01-01T08:00:00+08:00" }), "TIME_OUT_OF_RANGE: occurredAt"],
    [line("30-02", { occurredAt: "2026-02-30T10:00:00+08:00" }), "FIELD_INVALID: occurredAt"],
    [line("cancel", { kind: "cancel" }), "ORIGINAL_MISSING: originalEventId"],
    [Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), "UTF8_INVALID"],
    [Buffer.alloc(10_000_000, "x"), "LINE_TOO_LONG"],
    ['{"type":"refund"}', "TYPE_UNKNOWN: type"],
    [line("good-1", { totalFen: 7 }), "EVENT_ID_REUSED: eventId"],
  ];
  const content = [
    line("good-1"),
    ...bad.map(([text]) => text),
    "",
    line("good-2", { careRegion: "999999", insuredRegion: "999999" }),
    line("good-3", { occurredAt: at(START_MS + 365 * DAY_MS), receivedAt: at(START_MS) }),
    line("good-4", { occurredAt: at(START_MS + 365 * DAY_MS) }),
  ].flatMap((each) => [Buffer.from(each), Buffer.from("\n")]);
  place.file("bad.ndjson", Buffer.concat(content));
  const { status, outcomes, errors } = place.kadun(["replay", "bad.ndjson"]);

  test("the status is 2", () => {
    expect(status).toBe(2);
  });

  test("each bad line is named once, with its number and reason, in order", () => {
    expect(errors.map((error) => error.replace(/^bad\.ndjson:(\d+): line \1: /, "$1 "))).toEqual(
      bad.map(([, reason], index) => expect.stringMatching(new RegExp(`^${index + 2} ${reason}: `))),
    );
  });

  test("a message names the message it concerns and never shows what was sent", () => {
    expect(errors.find((error) => error.includes("FIELD_FORBIDDEN: pinCode"))).toContain(
      '(eventId "pin-code")',
    );
    expect(errors.join("\n")).not.toContain("123456");
    expect(errors.join("\n")).not.toContain("PERSON-1");
  });

  test("the rest is judged: unknown regions, clocks a year ahead", () => {
    expect(outcomes.map(({ eventId }) => eventId)).toEqual(["good-1", "good-2", "good-3", "good-4"]);
    expect(outcomes.map((outcome) => "clockClamped" in outcome && outcome.clockClamped)).toEqual([
      false,
      false,
      true,
      false,
    ]);
    for (const outcome of outcomes)
      expect(OUTCOME_SCHEMAS[outcome.type].safeParse(outcome).error).toBeUndefined();
  });
});

describe("lines are told apart", () => {
  const decided = (content: string | Buffer) => {
    const { status, outcomes, errors } = place.kadun(["replay", "-"], content);
    return { status, eventIds: outcomes.map(({ eventId }) => eventId), errors };
  };
  const three = ["a", "b", "c"].map((eventId) => line(eventId));
  const fine = { status: 0, eventIds: ["a", "b", "c"], errors: [] };

  test("with CRLF, without a final newline, with blank lines between, on standard input", () => {
    expect(decided(three.join("\r\n"))).toEqual(fine);
    expect(decided(`\n\r\n${three.join("\n\n\r\n")}\n\n`)).toEqual(fine);
  });

  test("with a byte order mark, at the start of the input or of a file appended to it", () => {
    expect(decided(`\ufeff${three[0]}\n${three[1]}\n\ufeff${three[2]}\n`)).toEqual(fine);
  });

  test("in an empty input there are none", () => {
    expect(decided("")).toEqual({ status: 0, eventIds: [], errors: [] });
  });

  test("numbers count from 1 in each file, blank lines too", () => {
    place.file("one.ndjson", `${three[0]}\n\n{\n`);
    place.file("two.ndjson", "\n{\n");
    const { status, errors } = place.kadun(["replay", "one.ndjson", "two.ndjson"]);
    expect(status).toBe(2);
    expect(errors.map((error) => error.split(" ").slice(0, 3).join(" "))).toEqual([
      "one.ndjson:3: line 3:",
      "two.ndjson:2: line 2:",
    ]);
  });
});

describe("the journal order is the order of lines", () => {
  test("files in the order of arguments, standard input among them", () => {
    place.file("first.ndjson", `${line("a")}\n`);
    place.file("last.ndjson", `${line("a")}\n`);
    const { outcomes } = place.kadun(["replay", "first.ndjson", "-", "last.ndjson"], line("b"));
    expect(outcomes.map(({ type, eventId }) => `${type} ${eventId}`)).toEqual([
      "decision a",
      "decision b",
      "duplicate a",
    ]);
  });
});

describe("what cannot be done is said in one line, with the next step", () => {
  place.file("fine.ndjson", `${line("a")}\n`);
  place.file("not-json.json", "{");
  place.file(
    "wrong-rules.json",
    JSON.stringify({ extends: "default", name: "x", version: "1", rules: [{ id: "R99", mode: "off" }] }),
  );
  place.file("short.key", "abc");
  symlinkSync(place.path("fine.ndjson"), place.path("same.ndjson"));
  const usage: [string, string[], RegExp][] = [
    ["no file", ["replay"], /no file given/],
    ["an unknown option", ["replay", "fine.ndjson", "--rules", "x"], /'--rules'/],
    ["an option without its value", ["replay", "fine.ndjson", "--out"], /--out/],
    ["an unknown command", ["repaly"], /unknown command 'repaly'/],
    [
      "outcomes over the input",
      ["replay", "fine.ndjson", "--out", "same.ndjson"],
      /read as fine\.ndjson too/,
    ],
  ];
  const failures: [string, string[], RegExp][] = [
    ["a missing file", ["replay", "fine.ndjson", "none.ndjson"], /none\.ndjson: cannot be read \(ENOENT\)/],
    ["a folder", ["replay", "."], /\.: is a folder/],
    ["a missing ruleset", ["replay", "fine.ndjson", "--ruleset", "none.json"], /none\.json: cannot be read/],
    ["a ruleset that is no JSON", ["replay", "fine.ndjson", "--ruleset", "not-json.json"], /not JSON/],
    [
      "an unknown rule",
      ["replay", "fine.ndjson", "--ruleset", "wrong-rules.json"],
      /wrong-rules\.json: .*R99/,
    ],
    ["a missing key", ["replay", "fine.ndjson", "--key-file", "none.key"], /none\.key: cannot be read/],
    ["a key of three bytes", ["replay", "fine.ndjson", "--key-file", "short.key"], /32 bytes/],
    [
      "a folder to write to that is missing",
      ["replay", "fine.ndjson", "--out", "no/o.ndjson"],
      /cannot be written/,
    ],
    ["a folder as output", ["replay", "fine.ndjson", "--out", "."], /cannot be written \(EISDIR\)/],
  ];

  test.each(usage)("%s: 64", (_, args, message) => {
    const { status, errors, stdout } = place.kadun(args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
    expect(errors[0]).toMatch(message);
    expect(errors[0]).toMatch(/^kadun: /);
  });

  test.each(failures)("%s: 1", (_, args, message) => {
    const { status, errors, stdout } = place.kadun(args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(errors[0]).toMatch(message);
    expect(errors.join("\n")).not.toMatch(/\n\s+at /);
  });

  test("the input is untouched where the outcomes would have replaced it", () => {
    expect(readFileSync(place.path("fine.ndjson"), "utf8")).toBe(`${line("a")}\n`);
  });

  const full = existsSync("/dev/full") ? test : test.skip;
  full("a full disk: 1, as a file and as standard output", () => {
    const byName = place.kadun(["replay", "fine.ndjson", "--out", "/dev/full"]);
    expect(byName).toMatchObject({
      status: 1,
      errors: [expect.stringMatching(/\/dev\/full: cannot be written/)],
    });
    const { status, stderr } = spawnSync(
      "/bin/sh",
      ["-c", `"${process.execPath}" "${kadunMain}" replay fine.ndjson > /dev/full`],
      { cwd: place.folder },
    );
    expect(status).toBe(1);
    expect(stderr.toString()).toMatch(/^kadun: standard output: cannot be written \(ENOSPC\)[^\n]*\n$/);
  });
});

describe("outcomes go where they should", () => {
  test("to --out the same bytes as to standard output, the summary beside them", () => {
    place.file("some.ndjson", `${line("a")}\n${line("b", { totalFen: -1 })}\n${line("c")}\n`);
    const printed = place.kadun(["replay", "some.ndjson"]);
    const written = place.kadun(["replay", "some.ndjson", "--out", "out.ndjson", "--summary-json"]);
    expect(readFileSync(place.path("out.ndjson"), "utf8")).toBe(printed.stdout);
    expect(JSON.parse(written.stdout)).toMatchObject({
      lines: 3,
      refusedLines: 1,
      persons: 1,
      decisions: 2,
      refusedByCode: { FIELD_INVALID: 1 },
    });
    expect(written.status).toBe(2);
  });

  test("to a reader that has had enough: the command ends quietly", async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => line(`s-${index}`)).join("\n");
    place.file("long.ndjson", lines);
    const child = spawn(process.execPath, [kadunMain, "replay", "long.ndjson"], { cwd: place.folder });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => {
      errors += chunk;
    });
    await once(child.stdout, "data");
    child.stdout.destroy();
    const [status] = await once(child, "exit");
    expect({ status, errors }).toEqual({ status: 0, errors: "" });
  });
});

describe("a long stream", () => {
  const HELD_MAX_MB = 120;
  const BYTES = 40_000_000;
  // What is held after a full collection, not the resident set: how far that grows before a collection is the
  // machine's affair (its memory, its allocator), not the command's.
  const REPORT = `data:text/javascript,${encodeURIComponent(`
    let held = 0;
    const look = () => {
      gc();
      const { heapUsed, external } = process.memoryUsage();
      held = Math.max(held, heapUsed + external);
    };
    setInterval(look, 1_000).unref();
    process.on("exit", () => { look(); console.error(held); });
  `)}`;

  test("of few persons, with lines far too long among them, is judged in bounded memory", async () => {
    const args = ["--expose-gc", "--import", REPORT, kadunMain, "replay", "-", "--out", "/dev/null"];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "ignore", "pipe"] });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => {
      errors += chunk;
    });
    const exit = once(child, "exit");
    let lines = 0;
    for (let bytes = 0; bytes < BYTES; ) {
      const piece = Array.from({ length: 500 }, () => nthLine(lines++)).join("");
      bytes += piece.length;
      if (!child.stdin.write(piece)) await once(child.stdin, "drain");
    }
    for (let megabytes = 0; megabytes < 64; megabytes++)
      if (!child.stdin.write(Buffer.alloc(1_000_000, "x"))) await once(child.stdin, "drain");
    child.stdin.end("\n");
    expect((await exit)[0]).toBe(2);
    const [refused, held] = errors.trim().split("\n");
    expect(refused).toContain(`-:${lines + 1}: line ${lines + 1}: LINE_TOO_LONG`);
    expect(Number(held) / 2 ** 20).toBeGreaterThan(1);
    expect(Number(held) / 2 ** 20).toBeLessThan(HELD_MAX_MB);
  }, 120_000);

  function nthLine(nth: number): string {
    const personId = `PERSON-${nth % 50}`;
    return `${line(`s-${nth}`, { personId, occurredAt: at(START_MS + nth * MINUTE_MS) })}\n`;
  }
});
