import { describe, expect, test } from "@jest/globals";
import { assignRegions } from "../../../bench/real/places.js";

describe("division codes for foreign cities", () => {
  test("one code per distinct city, whatever the order of the file", () => {
    const codes = [...assignRegions(["Lagos", "Abuja", "Lagos", "Kano"])];
    expect(codes).toEqual([
      ["Abuja", "5161"],
      ["Kano", "5162"],
      ["Lagos", "5163"],
    ]);
    expect([...assignRegions(["Kano", "Lagos", "Abuja"])]).toEqual(codes);
  });

  test("more cities than codes are refused, not doubled up", () => {
    const names = Array.from({ length: 40 }, (_, index) => `city ${index}`);
    expect(() => assignRegions(names)).toThrow("40 cities for the 39 codes 5161-5199");
  });
});
