import { expect, test } from "@jest/globals";
import { crc32c, crc32cByTable } from "../../../platform/checksum/crc32c.js";
import { crc32c as crc32cOfSchemas } from "../../../schemas/crc32c.js";

/** RFC 3720, appendix B.4. */
const vectors: readonly (readonly [string, Buffer, number])[] = [
  ["32 zeros", Buffer.alloc(32), 0x8a9136aa],
  ["32 ones", Buffer.alloc(32, 0xff), 0x62a8ab43],
  ["0 to 31", Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
  ["31 to 0", Buffer.from(Array.from({ length: 32 }, (_, index) => 31 - index)), 0x113fdb5c],
  ["the digits 1 to 9", Buffer.from("123456789"), 0xe3069283],
  ["nothing", Buffer.alloc(0), 0],
];

test.each(vectors)("CRC32C of %s is that of RFC 3720", (_, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
  expect(crc32cByTable(bytes)).toBe(expected);
});

test("every start and length gives the same as the checksum of journal records", () => {
  const bytes = Buffer.from(Array.from({ length: 160 }, (_, index) => (index * 151) & 0xff));
  for (let start = 0; start < 20; start++)
    for (let end = start; end <= bytes.length; end++) {
      const expected = crc32cOfSchemas(bytes, start, end);
      expect([crc32c(bytes, start, end), crc32cByTable(bytes, start, end)]).toEqual([expected, expected]);
    }
});
