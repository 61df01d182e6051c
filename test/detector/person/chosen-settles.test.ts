/** The eventIds a finding rests on, as the kept entries have them one by one. */

import { expect, test } from "@jest/globals";
import { ChosenSettles } from "../../../services/detector/person/chosen-settles.js";
import { NONE } from "../../../services/detector/person/kept-swipes.js";
import { SETTLES_MAX } from "../../../services/detector/person/layout.js";
import { standalonePerson, swipeOf, verdictOf } from "../../support/person.js";
import fc from "../../support/properties.js";

/** Plain ones mostly, and such as have more bytes than characters. */
const eventId = fc.oneof(
  { weight: 8, arbitrary: fc.string({ minLength: 1, maxLength: 64 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 10 }) },
  { weight: 1, arbitrary: fc.constantFrom("卡".repeat(64), "💊".repeat(32), "é", "a\u0000b", "\ufeffa") },
);
const settle = fc.record({ eventId, isChosen: fc.boolean() });

test("settles chosen newest first are told oldest first, each with its own eventId", () => {
  fc.assert(
    fc.property(fc.array(settle, { maxLength: SETTLES_MAX, size: "max" }), (kept) => {
      const { settles } = standalonePerson();
      for (const [t, each] of kept.entries())
        settles.keep(swipeOf({ eventId: each.eventId, t }), verdictOf(), () => {});
      const chosen = new ChosenSettles(settles);
      const expected: string[] = [];
      let index = kept.length - 1;
      for (let at = settles.newest(); at !== NONE; at = settles.before(at), index--) {
        if (!kept[index]!.isChosen) continue;
        chosen.add(at);
        expected.unshift(settles.eventId(at));
      }
      expect(chosen.count).toBe(expected.length);
      expect(chosen.eventIds()).toEqual(expected);
      chosen.begin();
      expect(chosen.eventIds()).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
