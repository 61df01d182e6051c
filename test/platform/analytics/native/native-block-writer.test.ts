import { describe, expect, test } from "@jest/globals";
import { NativeBlockWriter } from "../../../../platform/analytics/native/native-block-writer.js";
import { NativeValueError } from "../../../../platform/analytics/native/native-column.js";
import { blockTypeOf, nativeTypeOf } from "../../../../platform/analytics/native/native-type.js";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const head = (name: string, type: string) =>
  [name, type]
    .map((text) => Buffer.from([text.length]).toString("hex") + Buffer.from(text).toString("hex"))
    .join("");

describe("a block in the making", () => {
  test.each([
    ["String", ["", "ab", "医"], "00 02 6162 03 e58cbb"],
    ["UInt16", [1, 65_535], "0100 ffff"],
    [
      "UInt64",
      [0, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER],
      `${"00".repeat(8)} 0500000001000000 ffffffffffff1f00`,
    ],
    ["Bool", [true, false], "01 00"],
    ["Float64", [1, -0.5], "000000000000f03f 000000000000e0bf"],
    ["DateTime64(3, 'Asia/Shanghai')", [1, -1], `01${"00".repeat(7)} ${"ff".repeat(8)}`],
    ["Enum8('none' = 0, 'low' = 1, 'odd' = -2)", ["low", "odd"], "01 fe"],
    ["Nullable(UInt8)", [null, 7], "01 00 00 07"],
    [
      "Array(String)",
      [["a", "b"], [], ["c"]],
      `02${"00".repeat(7)} 02${"00".repeat(7)} 03${"00".repeat(7)} 0161 0162 0163`,
    ],
  ])("%s is written as the engine has it", (type, values, expected) => {
    const writer = new NativeBlockWriter({ c: type });
    for (const value of values) {
      writer.column("c").set(writer.row, value);
      writer.endRow();
    }
    const { bytes, rows, columns } = writer.finish();
    expect({ rows, columns }).toEqual({ rows: values.length, columns: [{ name: "c", type }] });
    const rowCount = Buffer.from([values.length]).toString("hex");
    expect(hex(bytes)).toBe(`01${rowCount}${head("c", type)}${expected.replaceAll(" ", "")}`);
  });

  test("rows without a value have the default, columns without any are left out unless they are kept", () => {
    const types = { a: "UInt8", none: "String", kept: "Array(UInt8)", text: "String", list: "Array(String)" };
    const writer = new NativeBlockWriter(types, ["kept"]);
    for (let row = 0; row < 3; row++) {
      if (row === 1) {
        writer.column("a").set(row, 5);
        writer.column("text").set(row, "x");
        writer.column("list").set(row, ["y"]);
      }
      writer.endRow();
    }
    const ends = (...numbers: number[]) => numbers.map((n) => `0${n}${"00".repeat(7)}`).join("");
    expect(hex(writer.finish().bytes)).toBe(
      [
        "0403",
        `${head("a", "UInt8")}000500`,
        `${head("kept", "Array(UInt8)")}${ends(0, 0, 0)}`,
        `${head("text", "String")}00017800`,
        `${head("list", "Array(String)")}${ends(0, 1, 1)}0179`,
      ].join(""),
    );
  });

  test("columns that grow keep every value, and nothing of a block is in the next", () => {
    const writer = new NativeBlockWriter({ n: "UInt32", t: "String", m: "Nullable(UInt64)" });
    const ROWS = 20_000;
    const fill = (rows: number) => {
      for (let row = 0; row < rows; row++) {
        if (row % 3 === 0) writer.column("n").set(row, row);
        if (row % 5 === 0) writer.column("t").set(row, "x".repeat(row % 300));
        if (row % 7 === 0) writer.column("m").set(row, row);
        writer.endRow();
      }
      return Buffer.from(writer.finish().bytes);
    };
    const small = fill(10);
    const large = fill(ROWS);
    const headOfN = Buffer.from(head("n", "UInt32"), "hex");
    const at = large.indexOf(headOfN) + headOfN.length;
    for (let row = 0; row < ROWS; row++)
      expect(large.readUInt32LE(at + 4 * row)).toBe(row % 3 === 0 ? row : 0);
    expect(fill(10).equals(small)).toBe(true);
    expect(fill(ROWS).equals(large)).toBe(true);
  });

  test.each([
    ["UInt16", 65_536, "expected an integer from 0 to 65535"],
    ["UInt64", -1, "expected an integer from 0"],
    ["UInt64", 0.5, "expected an integer from 0"],
    ["String", 1, "expected a text"],
    ["Bool", 1, "expected true or false"],
    ["Float64", "1", "expected a number"],
    ["DateTime64(3)", Number.NaN, "expected an instant"],
    ["Enum8('a' = 1)", "b", "expected one of a"],
    ["Array(String)", "b", "expected a list"],
    ["Array(String)", [1], "expected a text"],
  ])("%s refuses %j", (type, value, message) => {
    const writer = new NativeBlockWriter({ c: type });
    const set = () => writer.column("c").set(0, value);
    expect(set).toThrow(NativeValueError);
    expect(set).toThrow(message);
  });

  test("texts lose their dictionaries, other types stay; what is not known is refused", () => {
    expect(blockTypeOf("Array(LowCardinality(String))")).toBe("Array(String)");
    expect(blockTypeOf("Nullable(UInt64)")).toBe("Nullable(UInt64)");
    expect(() => nativeTypeOf("Decimal(9, 2)")).toThrow("column type 'Decimal(9, 2)'");
    expect(() => new NativeBlockWriter({ a: "String" }).column("b")).toThrow("no column 'b'");
  });
});
