import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { adviceFile } from "../../../schemas/bundle/advice.js";
import { calendarFile } from "../../../schemas/bundle/calendar.js";
import { highResaleDrugsFile } from "../../../schemas/bundle/high-resale-drugs.js";
import { lossPoliciesFile } from "../../../schemas/bundle/loss-policies.js";
import { regionsFile } from "../../../schemas/bundle/regions.js";
import { responseCodesFile } from "../../../schemas/bundle/response-codes.js";

function read(name: string): unknown {
  return JSON.parse(readFileSync(`rulesets/${name}.json`, "utf8"));
}

describe("the default bundle's files fit their schemas and drop nothing", () => {
  test.each([
    ["advice", adviceFile],
    ["calendar", calendarFile],
    ["high-resale-drugs", highResaleDrugsFile],
    ["loss-policies", lossPoliciesFile],
    ["regions", regionsFile],
    ["response-codes", responseCodesFile],
  ] as const)("%s", (name, schema) => {
    expect(schema.parse(read(name))).toEqual(read(name));
  });
});

describe("regions", () => {
  const regions = regionsFile.parse(read("regions"));

  test("34 provinces; every county has its city or is one, every city its province", () => {
    expect(regions.provinces).toHaveLength(34);
    for (const code of Object.keys(regions.regions)) {
      if (code.length > 2) expect(regions.regions).toHaveProperty([code.slice(0, -2)]);
    }
  });

  test.each<[string, string, number, number]>([
    ["11", "Beijing", 116.405, 39.905],
    ["5101", "Chengdu", 104.066, 30.659],
    ["3201", "Nanjing", 118.767, 32.042],
    ["3301", "Hangzhou", 120.154, 30.287],
    ["3401", "Hefei", 117.283, 31.861],
    ["3418", "Xuancheng", 118.758, 30.946],
    ["3505", "Quanzhou", 118.589, 24.909],
    ["50", "Chongqing", 106.505, 29.533],
    ["31", "Shanghai", 121.473, 31.232],
    // Corrected points: the list had them up to 1,500 km away.
    ["4603", "Sansha", 112.339, 16.833],
    ["5223", "Xingyi", 104.895, 25.092],
    ["5132", "Barkam", 102.207, 31.906],
    ["429021", "Shennongjia", 110.676, 31.745],
    ["469002", "Qionghai", 110.475, 19.259],
    ["659006", "Tiemenguan", 85.67, 41.863],
    ["659009", "Kunyu", 79.291, 37.207],
  ])("%s is at %s (30 km)", (code, _name, longitude, latitude) => {
    expect(kmBetween(regions.regions[code]!, ["", longitude, latitude])).toBeLessThan(30);
  });

  test("no county lies further from its city than the largest prefecture reaches", () => {
    const far = Object.entries(regions.regions).filter(([code, entry]) => {
      const city = regions.regions[code.slice(0, 4)];
      return code.length === 6 && !/^(4603|4290|4690|6590)/.test(code) && kmBetween(entry, city!) > 600;
    });
    // An estate of Lhasa that really lies in Golmud.
    expect(far.map(([code]) => code)).toEqual(["540171"]);
  });
});

describe("loss policies", () => {
  test("the rows in force", () => {
    const { rows } = lossPoliciesFile.parse(read("loss-policies"));
    expect(rows.map(({ id }) => id).join(" ")).toBe(
      "BJ-1 BJ-2 BJ-3 BJ-4 CD-5 CD-6 CD-7 NJ-8 NJ-9 NJ-9e QZ-11 QZ-12 QZ-13 CQ-14 CQ-15 CN-17 CN-18 CN-22 " +
        "TC-25 TC-26 TC-27 TC-28h TC-28p TC-29",
    );
  });

  test("every row names its source", () => {
    for (const row of lossPoliciesFile.parse(read("loss-policies")).rows) {
      expect(row.source).toMatch(/^S[0-4] row \d+/);
    }
  });
});

describe("advice", () => {
  const advice = adviceFile.parse(read("advice"));

  test("there is a text for every rule and floor that can stop a swipe", () => {
    expect(Object.keys(advice)).toEqual(
      expect.arrayContaining(
        "R01 R02 R03 R04 R05 R06 R07 R08 R09 R10 R12 R13 R14 R15 R16 R17 R19 R20 R21 BACKDATED ID_REPORTED_LOST FEED_STALE CHALLENGE_FAILED".split(
          " ",
        ),
      ),
    );
  });

  test.each(Object.entries(advice))(
    "%s names the hotline in both languages and is no dead end",
    (_key, text) => {
      expect(text["zh-CN"]).toContain("12393");
      expect(text.en).toContain("12393");
      expect(text["zh-CN"]).toMatch(/医保电子凭证|先自费后报销|申诉|联系原机构/);
    },
  );

  test("a lost card's advice names the e-credential and pay-and-claim", () => {
    expect(advice.R01!["zh-CN"]).toMatch(/医保电子凭证.*先自费后报销/);
  });
});

describe("response codes", () => {
  test("a swipe that passes, with or without review, is answered 00; every other action has its own code", () => {
    const { byAction } = responseCodesFile.parse(read("response-codes"));
    expect(byAction.approve).toBe("00");
    expect(byAction.review).toBe("00");
    expect(new Set([byAction.review, byAction.challenge, byAction.reject]).size).toBe(3);
  });
});

/** An independent great circle (spherical law of cosines), R = 6371.0 km. */
function kmBetween(
  [, lngA, latA]: [string, number, number],
  [, lngB, latB]: [string, number, number],
): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const cosine =
    Math.sin(radians(latA)) * Math.sin(radians(latB)) +
    Math.cos(radians(latA)) * Math.cos(radians(latB)) * Math.cos(radians(lngB - lngA));
  return 6371.0 * Math.acos(Math.min(1, cosine));
}
