/** CSV as a spreadsheet reads it: formulas are texts, quotes are doubled, numbers are numbers. */

import { describe, expect, it } from "@jest/globals";
import { csvHead, csvLine, yuanCell } from "../../../services/console/server/csv-text.js";

describe("a cell", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["+86 138", "'+86 138"],
    ["-2+3", "'-2+3"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ['=HYPERLINK("http://x","y")', `'=HYPERLINK("http://x","y")`],
    ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
    ["\t=1", "'\t=1"],
    ["\r=1", "'\r=1"],
    ["\n=1", "'\n=1"],
    [" =1", "' =1"],
    ["\u3000=1", "'\u3000=1"],
    ["\u00a0@x", "'\u00a0@x"],
    ["\ufeff=1", "'\ufeff=1"],
    ["\u0000=1", "'=1"],
    ["＝1+1", "'＝1+1"],
    ["＋1", "'＋1"],
    ["－1", "'－1"],
    ["＠x", "'＠x"],
  ])("%j is no formula", (given, shown) => {
    expect(fieldsOf(csvLine([given, "b"]))).toEqual([[shown, "b"]]);
  });

  it.each(["杭州市第一人民医院", "R01", "330100", "a=b", "1-2", "", "<img src=x onerror=alert(1)>", "{{x}}"])(
    "%j stays as it is",
    (text) => expect(fieldsOf(csvLine([text, "b"]))).toEqual([[text, "b"]]),
  );

  it("with quotes, commas and lines comes out whole, and no other cell begins in it", () => {
    const hostile = '","=1+1","\r\n=2,';
    expect(fieldsOf(csvLine([hostile, "b"]))).toEqual([[hostile, "b"]]);
  });

  it("of a number is a number, also a negative one; none is empty", () => {
    expect(csvLine([-3, 0.5, null, true, yuanCell(123456)])).toBe("-3,0.5,,true,1234.56\r\n");
  });
});

it("a file begins with the mark by which Excel knows UTF-8, and its names", () => {
  expect(csvHead(["统筹区", "笔数"])).toBe("\uFEFF统筹区,笔数\r\n");
});

/** RFC 4180, as a reader of its own. */
function fieldsOf(csv: string): string[][] {
  const rows: string[][] = [];
  let [row, field, isQuoted] = [[] as string[], "", false];
  for (let at = 0; at < csv.length; at++) {
    const sign = csv[at]!;
    if (isQuoted) {
      if (sign !== '"') field += sign;
      else if (csv[at + 1] === '"') {
        field += '"';
        at++;
      } else isQuoted = false;
    } else if (sign === '"' && field === "") isQuoted = true;
    else if (sign === ",") {
      row.push(field);
      field = "";
    } else if (sign === "\r" && csv[at + 1] === "\n") {
      rows.push([...row, field]);
      [row, field] = [[], ""];
      at++;
    } else field += sign;
  }
  return rows;
}
