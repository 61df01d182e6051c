import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { LogFields } from "../../../platform/logger/logger.js";
import { createPinoLogger } from "../../../platform/logger/pino/pino-logger.js";
import { scrub, scrubLine } from "../../../platform/logger/pino/scrub.js";

function logged(write: (logger: ReturnType<typeof createPinoLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createPinoLogger({ level: "info", write: (line) => lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((all) => all.join(""));
const day = fc
  .integer({ min: 0, max: 30_000 })
  .map((days) =>
    new Date(Date.UTC(1930, 0, 1) + days * 86_400_000).toISOString().slice(0, 10).replaceAll("-", ""),
  );
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** Valid by GB 11643. */
const idNumber = fc
  .tuple(fc.integer({ min: 110_101, max: 659_099 }), day, digits(3))
  .map(([region, born, serial]) => {
    const body = `${region}${born}${serial}`;
    const sum = [...body].reduce((total, digit, index) => total + Number(digit) * WEIGHTS[index]!, 0);
    return `${body}${"10X98765432"[sum % 11]}`;
  });
const mobile = fc
  .tuple(fc.integer({ min: 3, max: 9 }), digits(9))
  .map(([second, rest]) => `1${second}${rest}`);
const cardNumber = fc.oneof(
  fc.integer({ min: 12, max: 19 }).chain(digits),
  fc
    .tuple(fc.constantFrom("A", "SS", "k"), fc.integer({ min: 8, max: 16 }).chain(digits))
    .map(([a, b]) => `${a}${b}`),
);
const personal = fc.oneof(idNumber, mobile, cardNumber);
const around = fc.constantFrom(
  (number: string) => number,
  (number: string) => `card ${number} was refused`,
  (number: string) => `/data/${number}/x.json`,
  (number: string) => `{"cardNumber":"${number}"}`,
  (number: string) => `卡号${number}，已挂失`,
  (number: string) => `person=${number};`,
  (number: string) => `a${" "}${number.slice(0, 6)} ${number.slice(6)}`,
  (number: string) => `first line\n${number}\tnext`,
  (number: string) => `person${number}of`,
  (number: string) => `x\\n${number}"`,
  (number: string) =>
    `卡号${number.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))}`,
  (number: string) => `${"很".repeat(290)} ${number}`,
);
const asciiDigits = (text: string) =>
  text.replaceAll(/[\uff10-\uff19]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));

class DiskFullError extends Error {
  override readonly name = "DiskFullError";
  readonly code = "DISK_FULL";
  readonly retryable = true;
}

describe("log lines", () => {
  test("carry the event and allow-listed fields, nothing else", () => {
    const fields = { count: 3, topic: "kadun.journal", personId: "P-77" } as LogFields;
    const [line] = logged((logger) => logger.with({ service: "ingest" }).info("ingest.started", fields));
    expect(Object.keys(line!).sort()).toEqual(["count", "level", "msg", "service", "time", "topic"]);
  });

  test("have constants as events", () => {
    expect(() => logged((logger) => logger.info("Person 7 was refused"))).toThrow(
      /a log event is a constant/,
    );
  });

  test("below the level are not written", () => {
    expect(logged((logger) => logger.debug("ingest.detail"))).toEqual([]);
  });

  test("have fields of the kind that is named only", () => {
    const fields = { count: "张三", topic: { name: "张三" }, path: 7, offset: 12 } as unknown as LogFields;
    const [line] = logged((logger) => logger.info("ingest.started", fields));
    expect(Object.keys(line!).sort()).toEqual(["level", "msg", "offset", "time"]);
  });

  test("tell name, code, message and places of a failure of ours, and the same of its causes", () => {
    const cause = new DiskFullError("no room for the append; free some");
    const error = Object.assign(new DiskFullError("no append"), { cause });
    const [line] = logged((logger) => logger.error("x.failed", { error }));
    expect(line!.error).toMatchObject({
      name: "DiskFullError",
      code: "DISK_FULL",
      message: "no append",
      stack: expect.stringMatching(/^ {4}at .*pino-logger\.test\.ts:\d+:\d+/),
      cause: { code: "DISK_FULL", message: "no room for the append; free some" },
    });
  });

  test("tell no message of anybody else's error, nor a thrown text: they quote what came from outside", () => {
    const said = (error: unknown) =>
      JSON.stringify(logged((logger) => logger.error("x.failed", { error }))[0]!.error);
    const quoting = Object.assign(new SyntaxError('near "张三"\n    at 张三 (a.js:1:1)'), { code: "22P02" });
    expect(said(quoting)).toMatch(/^\{"name":"SyntaxError","code":"22P02","stack":/);
    expect(said(new DiskFullError("ours"))).toContain("ours");
    expect(said(Object.assign(new DiskFullError("ours"), { cause: quoting }))).not.toContain("张三");
    expect(said("张三")).toBe('{"name":"string"}');
  });

  test("end a chain of causes that has no end", () => {
    const error = new DiskFullError("again");
    error.cause = error;
    const [line] = logged((logger) => logger.error("x.failed", { error }));
    expect(JSON.stringify(line!.error).match(/"name"/g)).toHaveLength(6);
  });

  test("show no personal number, wherever it hides, and stay JSON", () => {
    fc.assert(
      fc.property(personal, around, (number, wrap) => {
        const error = new DiskFullError(wrap(number));
        error.cause = Object.assign(new DiskFullError(`x ${number} y`), { code: wrap(number) });
        const lines: string[] = [];
        createPinoLogger({ level: "info", write: (line) => lines.push(line) }).error("x.failed", {
          path: wrap(number),
          reason: wrap(number),
          error,
        });
        JSON.parse(lines[0]!);
        const shown = asciiDigits(lines[0]!);
        expect(shown).not.toContain(number);
        expect(shown.replaceAll(" ", "")).not.toContain(number);
      }),
      { numRuns: 1000, seed: 7 },
    );
  });

  test("are blotted as a whole too, where a number came past the fields, and stay JSON", () => {
    fc.assert(
      fc.property(personal, around, (number, wrap) => {
        const line = `${JSON.stringify({ level: 30, reason: wrap(number), list: [wrap(number)], count: 13812345678 })}\n`;
        const scrubbed = scrubLine(line);
        expect(JSON.parse(scrubbed)).toMatchObject({ level: 30, count: "***" });
        expect(asciiDigits(scrubbed).replaceAll(" ", "")).not.toContain(number);
      }),
      { numRuns: 1000, seed: 7 },
    );
  });

  test("keep numbers as they are: far offsets, large files, fractions", () => {
    const [line] = logged((logger) =>
      logger.info("x.done", {
        offset: 12_345_678_901,
        bytes: 98_765_432_109,
        durationMs: 12.5,
        pid: 4_194_304,
      }),
    );
    expect(line).toMatchObject({
      offset: 12_345_678_901,
      bytes: 98_765_432_109,
      durationMs: 12.5,
      pid: 4_194_304,
    });
  });

  test.each([
    ["C12345678", "***"],
    ["6228 4804 0256 4890 018", "***"],
    ["138-1234-5678", "***"],
    ["138.1234.5678", "***"],
    ["+86 138 1234 5678", "+***"],
    ["130503670401001", "***"],
    ["11010119900307771x", "***"],
    ["6228480402564890", "***"],
    ["a123456789012345", "***"],
    ["2026-11-26, 20261126, port 8080", "2026-11-26, 20261126, port 8080"],
    ["2026-11-26T02:44:52.123+08:00", "2026-11-26T02:44:52.123+08:00"],
  ])("%s becomes %s", (text, scrubbed) => {
    expect(scrub(text)).toBe(scrubbed);
  });

  test("keep hashes, tokens, instants and ordinary numbers", () => {
    const hex = (length: number) =>
      fc
        .array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length })
        .map((all) => all.join(""));
    const kept = fc.oneof(
      hex(32),
      hex(64),
      fc
        .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
        .map((date) => date.toISOString()),
      fc.integer({ min: 0, max: 99_999_999 }).map(String),
    );
    fc.assert(
      fc.property(kept, (text) => expect(scrub(`{"value":"${text}"}`)).toBe(`{"value":"${text}"}`)),
      { numRuns: 500, seed: 7 },
    );
  });
});
