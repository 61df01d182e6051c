/** The search for personal values finds what it should: else a clean result would mean nothing. */

import { randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { ClearText } from "./clear-text.js";

const VALUES = ["330100000000000123", "C123456780", "15412345678", "欧阳璟雯"];
const search = new ClearText(VALUES);

const ENCODINGS: readonly (readonly [string, (value: string) => Buffer])[] = [
  ["UTF-8", (value) => Buffer.from(value)],
  ["UTF-16LE", (value) => Buffer.from(value, "utf16le")],
  ["UTF-16BE", (value) => Buffer.from(value, "utf16le").swap16()],
  ["hex", (value) => Buffer.from(Buffer.from(value).toString("hex"))],
  ["HEX", (value) => Buffer.from(Buffer.from(value).toString("hex").toUpperCase())],
  ["base64", (value) => Buffer.from(Buffer.from(`${value} and more`).toString("base64"))],
];

describe.each(ENCODINGS)("in %s", (encoding, encode) => {
  test.each(VALUES)("%s is found anywhere among other bytes", (value) => {
    for (const before of [0, 1, 2, 3, 4, 4097]) {
      const bytes = Buffer.concat([randomBytes(before), encode(value), randomBytes(50)]);
      expect(search.in(bytes)).toContainEqual({ value, encoding, offset: before });
    }
  });

  test("a value that is cut short is not found", () => {
    for (const value of VALUES) {
      const whole = encode(value);
      if (encoding !== "base64") expect(search.in(whole.subarray(0, whole.length - 1))).toEqual([]);
    }
  });
});

test("a value at the very end is found", () => {
  expect(search.in(Buffer.from("xxC123456780"))).toHaveLength(1);
});

test("nothing is found in noise, nor in too few bytes", () => {
  expect(search.in(randomBytes(1 << 20))).toEqual([]);
  expect(search.in(Buffer.alloc(0))).toEqual([]);
  expect(search.in(Buffer.from("33"))).toEqual([]);
});

test("a value too short to be told from chance is refused", () => {
  expect(() => new ClearText(["1234"])).toThrow("too short");
});
