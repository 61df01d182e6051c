import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { WireFrames } from "../../../../platform/event-log/kafka/wire-frames.js";

function framed(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

describe("WireFrames", () => {
  test("gives the same answers however the bytes are cut", () => {
    const bodies = fc.array(fc.uint8Array({ minLength: 4, maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (parts, cuts) => {
        const stream = Buffer.concat(parts.map((part) => framed(Buffer.from(part))));
        const frames = new WireFrames();
        const got: Buffer[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const size = cuts[turn % cuts.length]!;
          got.push(...frames.push(stream.subarray(at, at + size)));
          at += size;
        }
        expect(got.map((each) => each.toString("hex"))).toEqual(
          parts.map((each) => Buffer.from(each).toString("hex")),
        );
      }),
      { numRuns: 200, seed: 5 },
    );
  });

  test.each([-1, 0, 3, 0x1503_0300, 0x4854_5450])("refuses an answer of %i bytes", (length) => {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32BE(length);
    expect(() => new WireFrames().push(bytes)).toThrow(`an answer of ${length} bytes`);
  });
});
