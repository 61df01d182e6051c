/** Adjacent cities (rules.md 0.8): centres less than 100 km apart, or a listed pair. */

import { describe, expect, test } from "@jest/globals";
import type { Regions } from "../../../schemas/bundle/regions.js";
import { packRegion, RegionTable } from "../../../services/detector/place/region.js";
import { defaultBundle } from "../../support/judge.js";

const shipped = defaultBundle.bundle.regions;
/** A degree of latitude is 111.19 km on R = 6371.0 km. */
const KM_PER_DEGREE = 111.194_93;

function table(kmApart: number, adjacentPairs: Regions["adjacentPairs"] = []): RegionTable {
  return new RegionTable({
    source: "test",
    corrected: [],
    provinces: ["33", "11"],
    regions: {
      "33": ["浙江省", 120, 30],
      "3301": ["杭州市", 120, 30],
      "3302": ["宁波市", 120, 30 + kmApart / KM_PER_DEGREE],
      "11": ["北京市", 116, 40],
    },
    adjacentPairs,
  });
}

function adjacent(regions: RegionTable, a: string, b: string): [boolean, boolean] {
  const [first, second] = [packRegion(a), packRegion(b)];
  return [regions.areAdjacent(first, second), regions.areAdjacent(second, first)];
}

describe("two cities are adjacent, either way round,", () => {
  test.each([
    ["99.9 km apart", 99.9, true],
    ["99.94 km apart, which is 99.9", 99.94, true],
    ["99.96 km apart, which is 100.0: not", 99.96, false],
    ["100.0 km apart: not", 100, false],
  ])("%s", (_title, km, expected) => {
    expect(adjacent(table(km), "3301", "3302")).toEqual([expected, expected]);
  });

  test("where a pair is listed, however far; by any code of the city", () => {
    expect(adjacent(table(300, [["3301", "3302"]]), "3301", "3302")).toEqual([true, true]);
    expect(adjacent(table(300, [["3301", "11"]]), "3301", "11")).toEqual([true, true]);
    expect(adjacent(table(300, [["3301", "11"]]), "3301", "3302")).toEqual([false, false]);
  });

  test("where both centres are known", () => {
    expect(adjacent(table(50), "3301", "3399")).toEqual([false, false]);
  });
});

test("the shipped centres give the neighbours of Hangzhou", () => {
  const near = ["3304", "3305", "3306"];
  const far = ["3302", "3307", "3418", "31", "3205"];
  for (const city of near) expect([city, ...adjacent(shipped, "3301", city)]).toEqual([city, true, true]);
  for (const city of far) expect([city, ...adjacent(shipped, "3301", city)]).toEqual([city, false, false]);
});
