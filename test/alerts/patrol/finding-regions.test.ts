import { expect, it } from "@jest/globals";
import { commonDivision } from "../../../services/alerts/patrol/finding-regions.js";

it.each([
  ["one county", ["330106", "330106"], "330106"],
  ["one city", ["330106", "330100"], "3301"],
  ["a city and one of its counties, said in four digits", ["3301", "330106"], "3301"],
  ["one province", ["330106", "330200"], "33"],
  ["two provinces", ["330106", "341800"], ""],
  ["one that is not known", ["330106", ""], ""],
  ["none", [], ""],
])("swipes in %s lie together in the smallest division that holds them", (_, codes, expected) => {
  expect(commonDivision(codes)).toBe(expected);
});
