import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { LogFields } from "../../../platform/logger/logger.js";
import { createPinoLogger } from "../../../platform/logger/pino/pino-logger.js";
import { scrub } from "../../../platform/logger/pino/scrub.js";

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
);

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

  test("tell name, code, places and causes of an error", () => {
    const cause = Object.assign(new Error("disk full"), { code: "ENOSPC" });
    const [line] = logged((logger) => logger.error("x.failed", { error: new Error("no append", { cause }) }));
    expect(line!.error).toMatchObject({
      message: "no append",
      cause: { code: "ENOSPC", message: "disk full" },
    });
  });

  test("show no personal number, wherever it hides", () => {
    fc.assert(
      fc.property(personal, around, (number, wrap) => {
        const error = new Error(wrap(number), { cause: new RangeError(`x ${number} y`) });
        const lines: string[] = [];
        createPinoLogger({ level: "info", write: (line) => lines.push(line) }).error("x.failed", {
          path: wrap(number),
          reason: wrap(number),
          error,
        });
        expect(lines[0]).not.toContain(number);
        expect(lines[0]!.replaceAll(" ", "")).not.toContain(number);
      }),
      { numRuns: 500, seed: 7 },
    );
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
      fc.integer({ min: 0, max: 999_999_999 }).map(String),
    );
    fc.assert(
      fc.property(kept, (text) => expect(scrub(`{"value":"${text}"}`)).toBe(`{"value":"${text}"}`)),
      { numRuns: 500, seed: 7 },
    );
  });
});
