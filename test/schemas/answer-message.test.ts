/** Addresses and messages of `kadun.answers`: what is written is read again, everything else is refused. */

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { ADDRESS_BYTES, decodeAddress, encodeAddress } from "../../schemas/answer-address.js";
import { decodeAnswerMessage, encodeAnswerMessage } from "../../schemas/answer-message.js";
import { LogBodyError } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";

const refused = (eventId: string): LoggedOutcome => ({
  type: "refused",
  eventId,
  personKey: null,
  code: "EVENT_ID_REUSED",
});

describe("the address of an answer", () => {
  test("is read as it was written, from a view into other bytes too", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        fc.nat(65_535),
        fc.maxSafeNat(),
        (instance, partition, call) => {
          const bytes = new Uint8Array(ADDRESS_BYTES + 9);
          bytes.set(encodeAddress({ instance, partition, call }), 5);
          const read = decodeAddress(bytes.subarray(5, 5 + ADDRESS_BYTES));
          expect(read).toEqual({ instance, partition, call });
        },
      ),
    );
  });

  test("is none where the header has another length, and is not made of a wrong instance id", () => {
    for (const length of [0, 12, ADDRESS_BYTES - 1, ADDRESS_BYTES + 1])
      expect(decodeAddress(new Uint8Array(length))).toBeNull();
    expect(() => encodeAddress({ instance: new Uint8Array(5), partition: 0, call: 1 })).toThrow(RangeError);
  });
});

describe("an answer message", () => {
  test("carries its outcomes and whether the judge knew all cards", () => {
    for (const outcomes of [[], [refused("a")], [refused("a"), refused("票据🧾")]])
      for (const isBootstrapped of [true, false]) {
        const message = { outcomes, isBootstrapped };
        expect(decodeAnswerMessage(encodeAnswerMessage(message))).toEqual(message);
      }
  });

  test("that ends early or was changed is refused", () => {
    const bytes = encodeAnswerMessage({ outcomes: [refused("a")], isBootstrapped: true });
    expect(() => decodeAnswerMessage(bytes.subarray(0, bytes.length - 1))).toThrow(RangeError);
    const changed = Uint8Array.from(bytes);
    changed[changed.length - 2]! ^= 1;
    expect(() => decodeAnswerMessage(changed)).toThrow(LogBodyError);
  });
});
