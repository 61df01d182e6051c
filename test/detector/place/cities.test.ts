/** Which city a division code names (rules.md 0.7) and where it lies (0.9), by the regions that are shipped. */

import { describe, expect, test } from "@jest/globals";
import { packRegion, regionCode } from "../../../services/detector/place/region.js";
import { defaultBundle } from "../../support/judge.js";

const { regions } = defaultBundle.bundle;
/** Empty where it is unknown. */
const cityOf = (code: string) => regionCode(regions.cityOf(packRegion(code)));
const placeOf = (code: string) => regions.placeOf(packRegion(code));

describe("the city of a code", () => {
  test.each(["11", "12", "31", "50", "71", "81", "82"])("of province %s is the province", (province) => {
    for (const code of [province, `${province}01`, `${province}0000`, `${province}0105`])
      expect([code, cityOf(code)]).toEqual([code, province]);
  });

  test.each(["4190", "4290", "4690", "6590"])("below %s is each county", (prefix) => {
    expect([cityOf(`${prefix}01`), cityOf(`${prefix}04`)]).toEqual([`${prefix}01`, `${prefix}04`]);
    expect(cityOf(prefix)).toBe(prefix);
  });

  test.each([
    ["330106", "3301"],
    ["330100", "3301"],
    ["3301", "3301"],
    // Its own prefix, not one of the four.
    ["330190", "3301"],
    ["419101", "4191"],
    ["659101", "6591"],
  ])("%s is %s", (code, city) => expect(cityOf(code)).toBe(city));

  test.each(["33", "41", "65", "99", "9901", "990101", "00", "330", "33010", "33A1", ""])(
    "'%s' is unknown",
    (code) => expect(cityOf(code)).toBe(""),
  );
});

describe("the place of a code", () => {
  test("is the county's centre where it is known, else the city's", () => {
    expect(placeOf("330106")).not.toEqual(placeOf("3301"));
    expect(placeOf("330100")).toEqual(placeOf("3301"));
    expect(placeOf("330199")).toEqual(placeOf("3301"));
    expect(placeOf("110199")).toEqual(placeOf("11"));
    expect(placeOf("3301")).not.toBeNull();
  });

  test.each(["33", "99", "990101", ""])("'%s' is unknown", (code) => expect(placeOf(code)).toBeNull());
});
