import { expect, test } from "@jest/globals";
import { csvLine } from "../../../services/evidence/report/csv.js";

test.each([
  [["a", "b"], "a,b\r\n"],
  [['say "hi"', "x,y"], '"say ""hi""","x,y"\r\n'],
  [["two\nlines"], '"two\nlines"\r\n'],
  [["=1+1", "+8613800000000", "-1", "@x", "\tx", "＝1"], "'=1+1,'+8613800000000,'-1,'@x,'\tx,'＝1\r\n"],
  [["\rx"], '"\'\rx"\r\n'],
  [[-1, 0, null], "-1,0,\r\n"],
])("%j is written as %j", (cells, line) => {
  expect(csvLine(cells)).toBe(line);
});
